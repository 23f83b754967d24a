"""The wiring as a Django app, for its commands."""

from django.apps import AppConfig


class WiringConfig(AppConfig):
    name = "o2c"
