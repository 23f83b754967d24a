"""Tax codes: category and rate of a code never change, a new rate is a new code from its day on."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from core import bulk
from core.actions import action
from core.events import Fact, record
from core.history import recorded
from core.locks import lock
from core.models import Company, rights
from core.refusals import Refused
from ledger.drafts import TaxCodeDraft
from ledger.models import TaxCategory, TaxCode
from users.models import User

NEEDS_REASON = frozenset(
    {"E", "AE", "K", "G", "O"}
)  # BR-E-10, BR-AE-10, BR-IC-10, BR-G-10, BR-O-10

COLUMNS = (
    "id", "company_id", "code", "name", "category", "tax_class", "rate", "exemption_reason",
    "valid_from",
)  # fmt: skip


@action
def add_tax_codes(company: Company, drafts: Sequence[TaxCodeDraft], *, by: User) -> list[TaxCode]:
    """Adds tax codes; one of the same code that is still valid ends the day before.

    Raises Refused `tax.bad_rate`, `tax.no_reason`, `tax.twice`.
    """
    rights(by).require("ledger.setup", company.pk)
    ids = bulk.take_ids({TaxCode: len(drafts)})[TaxCode]
    with recorded(by):
        for draft in drafts:
            _check(draft)
            _end_former(company, draft)
        bulk.insert(
            TaxCode,
            COLUMNS,
            [(pk, company.pk, *_stored(d)) for pk, d in zip(ids, drafts, strict=True)],
        )
    record(company, "tax_code.added", [Fact([("tax_code", pk)]) for pk in ids], by=by)
    return list(TaxCode.objects.filter(pk__in=ids))


def _stored(draft: TaxCodeDraft) -> tuple[object, ...]:
    return (
        draft.code.strip(), draft.name.strip(), draft.category, draft.tax_class, draft.rate,
        draft.reason.strip(), draft.valid_from,
    )  # fmt: skip


def _check(draft: TaxCodeDraft) -> None:
    if not (draft.code.strip() and draft.name.strip()):
        raise Refused("tax.no_name", _("Give the tax code a code and a name."), field="code")
    standard = draft.category == TaxCategory.STANDARD
    if draft.category not in TaxCategory.values or (draft.rate > 0) != standard:
        raise Refused(
            "tax.bad_rate",
            _("Only the category S has a rate above zero, and it must have one."),
            field="rate",
        )
    if not 0 <= draft.rate <= 100:
        raise Refused("tax.bad_rate", _("A rate lies between 0 and 100 percent."), field="rate")
    if draft.category in NEEDS_REASON and not draft.reason.strip():
        raise Refused(
            "tax.no_reason",
            _("Say the reason that invoices print when no tax is charged."),
            field="reason",
        )


def _end_former(company: Company, draft: TaxCodeDraft) -> None:
    former = TaxCode.objects.filter(company=company, code=draft.code.strip())
    for row in lock(former.filter(valid_to=None)):
        if row.valid_from >= draft.valid_from:
            raise Refused(
                "tax.twice",
                _("%(code)s is valid from %(day)s already. Choose a later day.")
                % {"code": row.code, "day": row.valid_from},
                field="valid_from",
            )
        row.valid_to = draft.valid_from - timedelta(days=1)
        row.save(update_fields=["valid_to"])


@action
def end_tax_code(pk: int, *, on: date, by: User) -> TaxCode:
    """Makes `on` the last day of supply a code is used for; documents keep what they have."""
    rows = lock(TaxCode.objects.visible_to(by).select_related("company").filter(pk=pk))
    if not rows:
        raise Refused("tax.unknown", _("This tax code does not exist."))
    (row,) = rows
    rights(by).require("ledger.setup", row.company_id)
    if on < row.valid_from:
        raise Refused("tax.bad_day", _("The last day lies before the first one."), field="on")
    with recorded(by):
        row.valid_to = on
        row.save(update_fields=["valid_to"])
    record(row.company, "tax_code.ended", [Fact([("tax_code", pk)], {"on": str(on)})], by=by)
    return row
