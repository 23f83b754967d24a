"""What the dashboard and the search can be asked for."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from analytics.figures import Frame
from core import clock, formats
from core.forms import Day
from core.models import Company

PERIODS = ((30, _("30 days")), (90, _("90 days")), (365, _("365 days")))
USUAL = 90
EARLIEST, LATEST = date(1990, 1, 1), date(2200, 1, 1)


class DashboardForm(forms.Form):
    """As of which day, over how long a period."""

    on = forms.DateField(
        label=_("As of"),
        required=False,
        widget=Day,
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
        error_messages={"invalid": _("That was no day, so today is shown. Write 2026-12-01.")},
    )
    days = forms.TypedChoiceField(label=_("Period"), required=False, choices=PERIODS, coerce=int)

    def __init__(self, *args: Any, company: Company, **options: Any) -> None:
        super().__init__(*args, **options)
        self.company = company

    def frame(self, begun: date | None) -> Frame:
        """What was asked for; today and ninety days where that was not understood."""
        self.is_valid()
        asked = getattr(self, "cleaned_data", {})
        on: date = asked.get("on") or clock.today(self.company)
        return Frame(self.company, on, asked.get("days") or USUAL, begun)

    def clean_on(self) -> date | None:
        """No day to come: nothing of it is in the books."""
        on: date | None = self.cleaned_data["on"]
        today = clock.today(self.company)
        if on and on > today:
            words = _("%(day)s is still to come, so today is shown.")
            raise forms.ValidationError(words % {"day": formats.day(on)})
        return on

    def mistakes(self) -> list[str]:
        """What was not understood, and what is shown instead."""
        return [str(error) for errors in self.errors.values() for error in errors]
