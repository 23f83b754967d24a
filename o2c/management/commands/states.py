"""Writes docs/states.md anew: `manage.py states`."""

from django.conf import settings
from django.core.management.base import BaseCommand

from o2c.states_page import page


class Command(BaseCommand):
    """After a transition was added or changed."""

    help = __doc__

    def handle(self, *_args: object, **_options: object) -> None:
        (settings.BASE_DIR / "docs/states.md").write_text(page())
