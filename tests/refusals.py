"""What a deed says when it says no."""

import pytest

from core.models import Company, Event
from core.refusals import Refused


def code_of(call, *args, **kwargs) -> str:
    """The code of the refusal that the call must raise."""
    with pytest.raises(Refused) as refusal:
        call(*args, **kwargs)
    return refusal.value.code


def verbs(company: Company) -> list[str]:
    """The events of a company, oldest first."""
    return list(Event.objects.filter(company=company).order_by("pk").values_list("verb", flat=True))
