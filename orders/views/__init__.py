"""The doors of orders."""
