"""The collections app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DunningConfig(AppConfig):
    name = "dunning"
    verbose_name = _("Collections")

    def ready(self) -> None:
        from core.kinds import VERBS

        VERBS.update({"contact.noted": _("Contact noted")})
