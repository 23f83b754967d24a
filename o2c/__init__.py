"""Wiring of the product: settings, root URLs, Celery, the embedded servers and what follows what."""
