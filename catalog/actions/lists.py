"""Price lists themselves: add, rename, make the default, copy, put away."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.drafts import PriceListDraft, checked_price_list
from catalog.models import PriceList, PriceListAssignment
from catalog.pricing import copy_amounts, locked_list
from core import bulk, clock, events
from core.actions import action, inside_transaction
from core.history import recorded, write_changes
from core.models import Company, rights
from core.money import minor_digits
from core.refusals import Refused
from users.models import User


@action
def add_price_lists(
    company: Company, drafts: Sequence[PriceListDraft], *, by: User
) -> list[PriceList]:
    """Adds empty price lists; a new default takes the place of the old one of its currency."""
    rights(by).require("catalog.prices", company.pk)
    checked = [_fit(draft) for draft in drafts]
    _refuse_known_names(company, [draft.name for draft in checked])
    with recorded(by):
        return _write(company, checked, by)


def _fit(draft: PriceListDraft) -> PriceListDraft:
    fit, found = checked_price_list(draft)
    if found:
        raise found[0]
    return fit


def _refuse_known_names(company: Company, names: Sequence[str], own: int = 0) -> None:
    known = PriceList.objects.filter(company=company, name__in=names).exclude(pk=own)
    twice = [name for name in names if names.count(name) > 1]
    for name in [*known.values_list("name", flat=True), *twice]:
        rule = _("There is a price list “%(name)s” already. Choose another name.")
        raise Refused("catalog.name_taken", rule % {"name": name}, field="name")


@inside_transaction
def _write(company: Company, drafts: Sequence[PriceListDraft], by: User) -> list[PriceList]:
    _make_room(company, [draft.currency for draft in drafts if draft.is_default])
    ids = bulk.take_ids({PriceList: len(drafts)})[PriceList]
    bulk.insert(
        PriceList,
        ("id", "company_id", "name", "currency", "is_default"),
        [
            (pk, company.pk, draft.name, draft.currency, draft.is_default)
            for pk, draft in zip(ids, drafts, strict=True)
        ],
    )
    facts = [events.Fact([("price_list", pk)]) for pk in ids]
    events.record(company, "price_list.added", facts, by=by)
    rows = PriceList.objects.select_related("company").in_bulk(ids)
    return [rows[pk] for pk in ids]


@inside_transaction
def _make_room(company: Company, currencies: Sequence[str]) -> None:
    """Takes the mark of default from the lists that have it now."""
    if len(set(currencies)) < len(currencies):
        raise Refused("catalog.two_defaults", _("Only one list per currency can be the default."))
    PriceList.objects.filter(company=company, currency__in=currencies, is_default=True).update(
        is_default=False
    )


@action
def change_price_list(
    price_list: PriceList, name: str, is_default: bool, *, seen: int, by: User
) -> PriceList:
    """Renames a list, or makes it the default of its currency; the currency stays."""
    rights(by).require("catalog.prices", price_list.company_id)
    row = locked_list(price_list.company, price_list.pk, by, seen=seen)
    fit = _fit(PriceListDraft(name, row.currency, is_default))
    _refuse_known_names(row.company, [fit.name], row.pk)
    with recorded(by):
        if is_default and not row.is_default:
            _refuse_archived_default(row)
            _make_room(row.company, [row.currency])
        changed = write_changes(row, {"name": fit.name, "is_default": is_default})
        if changed:
            facts = [events.Fact([("price_list", row.pk)], {"fields": changed})]
            events.record(row.company, "price_list.changed", facts, by=by)
    return row


def _refuse_archived_default(price_list: PriceList) -> None:
    if price_list.archived_at:
        raise Refused("catalog.archived", _("An archived list cannot be the default. Restore it."))


@action
def copy_price_list(
    price_list: PriceList, name: str, *, percent: Decimal, on: date, by: User
) -> PriceList:
    """A new list with the prices that are valid on a day or later, changed by so many percent."""
    rights(by).require("catalog.prices", price_list.company_id)
    source = locked_list(price_list.company, price_list.pk, by)
    draft = _fit(PriceListDraft(name, source.currency))
    _refuse_known_names(source.company, [draft.name])
    with recorded(by):
        (target,) = _write(source.company, [draft], by)
        digits = minor_digits(source.currency) if percent else 8
        copy_amounts(source, target, percent=percent, on=on, digits=digits)
    return target


@action
def archive_price_list(price_list: PriceList, *, by: User) -> PriceList:
    """Puts a list away; refused for a default and while customers buy from it."""
    row = _mine(price_list, by)
    if row.is_default:
        rule = _("“%(name)s” is the default list. Make another list the default first.")
        raise Refused("catalog.is_default", rule % {"name": row.name})
    count = PriceListAssignment.objects.filter(price_list=row).count()
    if count:
        rule = _("%(count)d customers buy from “%(name)s”. Give them another list first.")
        raise Refused("catalog.in_use", rule % {"count": count, "name": row.name}, count=count)
    return _mark(row, True, by)


@action
def restore_price_list(price_list: PriceList, *, by: User) -> PriceList:
    """Takes a list out again."""
    return _mark(_mine(price_list, by), False, by)


@inside_transaction
def _mine(price_list: PriceList, by: User) -> PriceList:
    rights(by).require("catalog.prices", price_list.company_id)
    return locked_list(price_list.company, price_list.pk, by)


@inside_transaction
def _mark(row: PriceList, archived: bool, by: User) -> PriceList:
    if (row.archived_at is not None) != archived:
        with recorded(by):
            write_changes(row, {"archived_at": clock.now() if archived else None})
            verb = "price_list.archived" if archived else "price_list.restored"
            facts = [events.Fact([("price_list", row.pk)])]
            events.record(row.company, verb, facts, by=by)
    return row
