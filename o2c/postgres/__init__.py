"""The database backend of the embedded PostgreSQL, which it starts at the first connection."""
