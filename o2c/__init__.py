"""Wiring: settings, root URLs, Celery, the embedded servers and the map of follow-ups."""
