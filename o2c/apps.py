"""The wiring as a Django app: at start-up it tells `core` what follows what."""

from django.apps import AppConfig


class WiringConfig(AppConfig):
    name = "o2c"

    def ready(self) -> None:
        from core import events
        from o2c.follow_ups import FOLLOW_UPS, OUTWARD

        events.FOLLOW_UPS.update(FOLLOW_UPS)
        events.OUTWARD.update(OUTWARD)
