"""Payment terms: what is agreed once and used by many customers."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core import bulk, events
from core.actions import action, inside_transaction
from core.models import Company, rights
from core.money import ZERO
from core.refusals import Refused
from partners.drafts import text
from partners.history import recorded
from partners.models import PaymentTerms, TermsInstalment
from partners.terms import Instalment, Rule, TermsDraft
from users.models import User

MOST_INSTALMENTS, MOST_MONTHS, MOST_DAYS = 36, 60, 730


@action
def add_terms(company: Company, drafts: Sequence[TermsDraft], *, by: User) -> list[PaymentTerms]:
    """Adds payment terms with their instalments."""
    rights(by).require("partners.terms", company.pk)
    checked = [checked_terms(draft) for draft in drafts]
    codes = [draft.code for draft in checked]
    taken = PaymentTerms.objects.filter(company=company, code__in=codes)
    for code in [*taken.values_list("code", flat=True), *_twice(codes)]:
        rule = _("There are payment terms “%(code)s” already. Choose another code.")
        raise Refused("partners.terms_taken", rule % {"code": code}, field="code")
    with recorded(by):
        ids = bulk.take_ids({PaymentTerms: len(checked)})[PaymentTerms]
        bulk.insert(
            PaymentTerms,
            ("id", "company_id", "code", "name"),
            [(pk, company.pk, d.code, d.name) for pk, d in zip(ids, checked, strict=True)],
        )
        write_instalments(dict(zip(ids, (d.instalments for d in checked), strict=True)))
        facts = [events.Fact([("terms", pk)]) for pk in ids]
        events.record(company, "terms.added", facts, by=by)
    rows = PaymentTerms.objects.in_bulk(ids)
    return [rows[pk] for pk in ids]


def _twice(codes: Sequence[str]) -> list[str]:
    return [code for code in codes if codes.count(code) > 1]


@inside_transaction
def write_instalments(wanted: dict[int, Sequence[Instalment]]) -> None:
    """Writes the instalments of terms, in order."""
    bulk.insert(
        TermsInstalment,
        ("terms_id", "position", "percent", "rule", "months", "days"),
        [
            (pk, position, part.percent, part.rule, part.months, part.days)
            for pk, parts in wanted.items()
            for position, part in enumerate(parts, start=1)
        ],
    )


def checked_terms(draft: TermsDraft) -> TermsDraft:
    """The draft as it would be stored, or Refused."""
    code = text(PaymentTerms, "code", draft.code, True).upper()
    name = text(PaymentTerms, "name", draft.name, True)
    if not 1 <= len(draft.instalments) <= MOST_INSTALMENTS:
        raise Refused("partners.terms_parts", _("Payment terms have 1 to 36 instalments."))
    for part in draft.instalments:
        _check_part(part)
    total = sum((part.percent for part in draft.instalments), ZERO)
    if total != 100:
        rule = _("The instalments add up to %(total)s %%. Change one so that they make 100 %%.")
        raise Refused("partners.terms_total", rule % {"total": f"{total.normalize():f}"})
    return TermsDraft(code, name, tuple(draft.instalments))


def _check_part(part: Instalment) -> None:
    if not 0 < part.percent <= 100 or part.percent != round(part.percent, 4):
        rule = _("An instalment is above 0 % and up to 100 %, with at most four decimals.")
        raise Refused("partners.terms_percent", rule)
    if part.rule not in Rule.values or not (
        0 <= part.months <= MOST_MONTHS and 0 <= part.days <= MOST_DAYS
    ):
        rule = _("An instalment is due within 60 months and 730 days.")
        raise Refused("partners.terms_days", rule)
    if part.rule == Rule.DAY_OF_NEXT_MONTH and not 1 <= part.days <= 31:
        rule = _("The fixed day of the next month is from 1 to 31.")
        raise Refused("partners.terms_day", rule)
