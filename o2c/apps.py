"""The wiring as a Django app: it takes up Celery, and tells `core` what follows and shows where."""

from django.apps import AppConfig


class WiringConfig(AppConfig):
    name = "o2c"

    def ready(self) -> None:
        import o2c.celery  # noqa: F401 - whatever process sends a task, it goes to our broker
        from core import events, kinds, pages
        from o2c.follow_ups import FOLLOW_UPS, OUTWARD, WORDS
        from o2c.panels import PANELS

        events.FOLLOW_UPS.update(FOLLOW_UPS)
        events.OUTWARD.update(OUTWARD)
        kinds.VERBS.update(WORDS)
        pages.PANELS.update(PANELS)
