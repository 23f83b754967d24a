"""Payment terms: what is agreed once and used by many customers."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from core import bulk, clock, events
from core.actions import action, inside_transaction
from core.checks import text, word
from core.history import changed_meanwhile, changed_since, recorded, write_changes
from core.locks import lock
from core.models import Company, rights
from core.money import ZERO
from core.refusals import Refused
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


@action
def change_terms(
    terms: PaymentTerms, draft: TermsDraft, *, seen: int, by: User, reason: str = ""
) -> PaymentTerms:
    """Changes payment terms for orders to come; issued invoices keep the days they were given."""
    rights(by).require("partners.terms", terms.company_id)
    fit = checked_terms(draft)
    row = _locked(terms, by)
    if row.version != seen:
        raise changed_meanwhile(changed_since(PaymentTerms, row.pk, seen))
    others = PaymentTerms.objects.filter(company=row.company, code=fit.code).exclude(pk=row.pk)
    if others.exists():
        rule = _("There are payment terms “%(code)s” already. Choose another code.")
        raise Refused("partners.terms_taken", rule % {"code": fit.code}, field="code")
    there = [Instalment(i.percent, i.rule, i.months, i.days) for i in row.instalments.all()]
    with recorded(by, reason):
        changed = write_changes(row, {"code": fit.code, "name": fit.name})
        if there != list(fit.instalments):
            row.instalments.all().delete()
            write_instalments({row.pk: fit.instalments})
            changed.append("instalments")
            if changed == ["instalments"]:
                PaymentTerms.objects.filter(pk=row.pk).update(version=F("version") + 1)
        if changed:
            facts = [events.Fact([("terms", row.pk)], {"fields": changed, "reason": reason})]
            events.record(row.company, "terms.changed", facts, by=by)
    return row


@action
def archive_terms(terms: PaymentTerms, *, by: User) -> PaymentTerms:
    """Puts terms away: who has them keeps them, nobody new gets them."""
    return _mark(terms, clock.now(), "terms.archived", by)


@action
def restore_terms(terms: PaymentTerms, *, by: User) -> PaymentTerms:
    """Takes terms out again."""
    return _mark(terms, None, "terms.restored", by)


@inside_transaction
def _mark(terms: PaymentTerms, at: datetime | None, verb: str, by: User) -> PaymentTerms:
    rights(by).require("partners.terms", terms.company_id)
    row = _locked(terms, by)
    if (row.archived_at is None) != (at is None):
        with recorded(by):
            write_changes(row, {"archived_at": at})
            events.record(row.company, verb, [events.Fact([("terms", row.pk)])], by=by)
    return row


@inside_transaction
def _locked(terms: PaymentTerms, by: User) -> PaymentTerms:
    rows = PaymentTerms.objects.visible_to(by).filter(pk=terms.pk).select_related("company")
    for row in lock(rows):
        return row
    raise Refused("partners.not_there", _("These payment terms are not there for you."))


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
    code = word(text(PaymentTerms, "code", draft.code, True)).upper()
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
