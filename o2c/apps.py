"""The wiring as a Django app: at start-up it tells `core` what follows what and is shown where."""

from django.apps import AppConfig


class WiringConfig(AppConfig):
    name = "o2c"

    def ready(self) -> None:
        from core import events, pages
        from o2c.follow_ups import FOLLOW_UPS, OUTWARD
        from o2c.panels import PANELS

        events.FOLLOW_UPS.update(FOLLOW_UPS)
        events.OUTWARD.update(OUTWARD)
        pages.PANELS.update(PANELS)
