"""The pages of invoicing."""
