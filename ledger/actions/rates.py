"""Rates of exchange, entered or loaded. They never touch what was posted before."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _

from core.actions import action
from core.events import Fact, record
from core.history import recorded
from core.models import Company, rights
from core.refusals import Refused
from ledger.drafts import RateDraft
from ledger.models import FxRate
from ledger.rates import checked_rate
from users.models import User

UPSERT = """
INSERT INTO ledger_fxrate (base, quote, "on", rate, source)
SELECT * FROM unnest(%s::text[], %s::text[], %s::date[], %s::numeric[], %s::text[])
    ON CONFLICT (base, quote, "on") DO UPDATE SET rate = excluded.rate, source = excluded.source
 WHERE (ledger_fxrate.rate, ledger_fxrate.source) IS DISTINCT FROM (excluded.rate, excluded.source)
"""


@action
def set_fx_rates(
    rates: Iterable[tuple[str, str, date, Decimal, str]], *, company: Company, by: User
) -> list[FxRate]:
    """Enters rates (base, quote, day, rate, source); a rate of the same day is replaced.

    Rates are shared by all companies; `company` is where the person has the right.
    """
    rights(by).require("ledger.setup", company.pk)
    drafts = [checked_rate(RateDraft(*rate)) for rate in rates]
    keys = {draft[:3] for draft in drafts}
    if len(keys) != len(drafts):
        raise Refused("rates.twice", _("The same pair of currencies stands twice for one day."))
    if not drafts:
        return []
    with recorded(by), connection.cursor() as cursor:
        cursor.execute(UPSERT, [list(column) for column in zip(*sorted(drafts), strict=True)])
    fact = Fact([("company", company.pk)], {"rates": len(drafts)})
    record(company, "rates.set", [fact], by=by)
    days = {draft.on for draft in drafts}
    found = FxRate.objects.filter(on__range=(min(days), max(days)))
    return [row for row in found if (row.base, row.quote, row.on) in keys]
