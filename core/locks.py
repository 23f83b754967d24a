"""Row locks, always in primary-key order, always taken at once.

The one global order of locks, first to last: credit account, order, shipment, receipt, bank
transaction, open items, invoice, stock rows by product, number series. Postings hold their periods
(share), of which only closing waits, and that waits for nothing more. Last of all come the totals
that deeds move by what they hold, in key order: the open amounts of invoices, guarded by the locks
of their open items, and then the exposure of credit accounts.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from core.actions import assert_inside_deed
from core.refusals import Refused

Row = TypeVar("Row", bound=Model)


def lock(rows: "QuerySet[Row]", *also: str) -> list[Row]:
    """The rows, locked `FOR NO KEY UPDATE` in primary-key order; waits at most `lock_timeout`.

    `also` names rows they are selected with that are locked and read anew with them.
    """
    assert_inside_deed()
    return list(rows.order_by("pk").select_for_update(of=("self", *also), no_key=True))


def refuse_several_companies(rows: Iterable[Any]) -> None:
    """Refuses a set across companies: a deed asks for rights, and is recorded, in one alone."""
    if len({row.company_id for row in rows}) > 1:
        raise Refused("set.several_companies", _("What a deed is done to belongs to one company."))
