"""Closing and opening periods. Closing waits for postings in hand and keeps new ones out."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from core import states
from core.actions import action, inside_transaction
from core.events import Fact, record
from core.locks import lock
from core.models import rights
from core.refusals import NeedsConfirmation, Refused
from ledger.closing import out_of_order
from ledger.models import Period
from users.models import User


@action
def soft_close_periods(ids: Sequence[int], *, by: User) -> list[Period]:
    """From now on only controllers post there."""
    return _change(ids, Period.soft_close, "period.soft_closed", by)


@action
def close_periods(
    ids: Sequence[int], *, by: User, confirmed: bool = False, noticed: Sequence[str] = ()
) -> list[Period]:
    """From now on nobody posts there.

    Asks first where the order is unusual, or where something was `noticed` to be still open.
    """
    rows = _change(ids, Period.close, "period.closed", by)
    doubts = [*out_of_order(rows), *noticed]
    if doubts and not confirmed:
        question = _("Close %(periods)s all the same? %(doubts)s")
        said = {"periods": ", ".join(map(str, rows)), "doubts": " ".join(doubts)}
        raise NeedsConfirmation("period.still_open", question % said)
    return rows


@action
def reopen_periods(ids: Sequence[int], *, by: User, reason: str) -> list[Period]:
    """Posting goes on there; the reason stands in the record."""
    if not reason.strip():
        raise Refused("period.reason_missing", _("Say why the periods are opened again."))
    return _change(ids, Period.reopen, "period.reopened", by, reason=reason.strip())


@action
def lock_periods(ids: Sequence[int], *, by: User, confirmed: bool = False) -> list[Period]:
    """Closes for good what is closed; asks first, since nobody can undo it."""
    rows = _change(ids, Period.lock, "period.locked", by)
    if not confirmed:
        raise NeedsConfirmation(
            "period.for_good",
            _("Nobody will ever post there again, nor open it: %(periods)s.")
            % {"periods": ", ".join(map(str, rows))},
        )
    return rows


@inside_transaction
def _change(
    ids: Sequence[int], transition: Callable[[Any], None], verb: str, by: User, **facts: str
) -> list[Period]:
    """One transition of periods of one company, by a controller; raises Refused otherwise."""
    rows = lock(Period.objects.visible_to(by).select_related("company").filter(pk__in=ids))
    companies = {row.company_id for row in rows}
    if len(rows) != len(set(ids)) or len(companies) != 1:
        raise Refused("period.unknown", _("These periods do not exist."))
    rights(by).require("ledger.close", companies.pop())
    states.apply(rows, transition)
    happened = [
        Fact([("period", row.pk)], {"module": row.module, "starts_on": str(row.starts_on), **facts})
        for row in rows
    ]
    record(rows[0].company, verb, happened, by=by)
    return rows
