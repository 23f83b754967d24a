"""The doors of partners."""
