"""The pages of the books, one file per noun."""
