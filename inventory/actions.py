"""Deeds of the warehouse: goods come in, counts are set right, opening stock is taken over."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from core import clock, events
from core.actions import action, inside_transaction
from core.checks import own_address, text, word
from core.history import changed_meanwhile, write_changes
from core.locks import lock, refuse_several_companies
from core.models import Company, rights
from core.refusals import Refused
from inventory import reversal
from inventory.booking import book
from inventory.drafts import StockChange
from inventory.models import Stock, StockDocument, Warehouse
from users.models import User

Kind = StockDocument.Kind


@action
def receive_stock(
    company: Company, changes: Sequence[StockChange], *, by: User, confirmed: bool = False
) -> list[StockDocument]:
    """Goods came in: Dr INVENTORY, Cr GRNI at the cost given.

    A cost far from the average of what is there needs confirmation.
    """
    rights(by).require("inventory.receive", company.pk)
    return book(company, Kind.RECEIPT, changes, by, confirmed=confirmed)


@action
def adjust_stock(
    company: Company, changes: Sequence[StockChange], *, by: User, confirmed: bool = False
) -> list[StockDocument]:
    """Stock was found to be more or less: Dr or Cr INVENTORY_DIFFERENCE. Wants a reason.

    A cost far from the average of what is there needs confirmation.
    """
    rights(by).require("inventory.adjust", company.pk)
    if any(not change.reason.strip() for change in changes):
        raise Refused("stock.reason_missing", _("Say why the stock is adjusted."))
    return book(company, Kind.ADJUSTMENT, changes, by, confirmed=confirmed)


@action
def take_over_stock(
    company: Company, changes: Sequence[StockChange], *, by: User
) -> list[StockDocument]:
    """Stock from before this program: Dr INVENTORY, Cr OPENING_BALANCE."""
    rights(by).require("inventory.setup", company.pk)
    return book(company, Kind.OPENING, changes, by)


@action
def reverse_stock_documents(ids: Sequence[int], *, by: User, reason: str) -> list[StockDocument]:
    """Takes documents back today, each by one of its own at the values booked.

    Refuses what is reversed already, and goods that have left or are promised since.
    """
    if not reason.strip():
        raise Refused("stock.reason_missing", _("Say why: the reason stays with the document."))
    documents = lock(
        StockDocument.objects.visible_to(by)
        .filter(pk__in=ids)
        .select_related("company", "warehouse")
    )
    if not documents or len(documents) < len(set(ids)):
        rule = _("A stock document was not found, or is not yours to see.")
        raise Refused("stock.unknown_document", rule)
    refuse_several_companies(documents)
    company = documents[0].company
    rights(by).require("inventory.reverse", company.pk)
    return reversal.reverse(company, documents, reason.strip()[:200], by)


@action
def add_warehouse(company: Company, code: str, title: str, *, by: User) -> Warehouse:
    """Adds a warehouse; the first one of a company is its default."""
    rights(by).require("inventory.setup", company.pk)
    others = Warehouse.objects.of(company)
    row = Warehouse.objects.create(
        company=company,
        code=_free_code(company, code),
        title=text(Warehouse, "title", title, True),
        is_default=not others.filter(is_default=True).exists(),
    )
    events.record(company, "warehouse.added", [events.Fact([("warehouse", row.pk)])], by=by)
    return row


@action
def change_warehouse(
    warehouse: Warehouse, title: str, *, seen: int, by: User, is_default: bool = False
) -> Warehouse:
    """Renames a warehouse or makes it the default one of its company, in place of another.

    Raises Refused `changed_meanwhile` when the form showed an older version.
    """
    rights(by).require("inventory.setup", warehouse.company_id)
    all_of_them = lock(Warehouse.objects.visible_to(by).filter(company=warehouse.company_id))
    row = next((other for other in all_of_them if other.pk == warehouse.pk), None)
    if not row:
        raise _unknown()
    if row.version != seen:
        raise changed_meanwhile(())
    if is_default and row.archived_at:
        rule = _("%(name)s is archived. Restore it before orders are served from it.")
        raise Refused("warehouse.archived", rule % {"name": row.title})
    if is_default:
        for other in all_of_them:  # one at most
            if other.is_default and other != row:
                write_changes(other, {"is_default": False})
    wanted = {"title": text(Warehouse, "title", title, True)}
    changed = write_changes(row, wanted | ({"is_default": True} if is_default else {}))
    if changed:
        facts = [events.Fact([("warehouse", row.pk)], {"fields": changed})]
        events.record(row.company, "warehouse.changed", facts, by=by)
    return row


@action
def archive_warehouses(company: Company, ids: Sequence[int], *, by: User) -> list[Warehouse]:
    """Puts warehouses away: nothing comes in or is ordered from there any more."""
    rights(by).require("inventory.setup", company.pk)
    rows = _locked(company, ids, by)
    filled = Stock.objects.filter(warehouse__in=rows, on_hand__gt=0).select_related("warehouse")
    if stock := filled.first():
        rule = _("Goods lie in %(name)s yet. Count them to nothing there first.")
        raise Refused("warehouse.has_stock", rule % {"name": stock.warehouse.title})
    for row in rows:
        if row.is_default:
            rule = _("%(name)s serves orders that name none. Let another one do that first.")
            raise Refused("warehouse.is_default", rule % {"name": row.title})
    return _mark(company, rows, clock.now(), by)


@action
def restore_warehouses(company: Company, ids: Sequence[int], *, by: User) -> list[Warehouse]:
    """Takes warehouses out again."""
    rights(by).require("inventory.setup", company.pk)
    return _mark(company, _locked(company, ids, by), None, by)


@inside_transaction
def _locked(company: Company, ids: Sequence[int], by: User) -> list[Warehouse]:
    rows = lock(Warehouse.objects.visible_to(by).filter(company=company, pk__in=ids))
    if len(rows) < len(set(ids)):
        raise _unknown()
    return rows


def _unknown() -> Refused:
    return Refused("warehouse.unknown", _("One of the warehouses is not there any more."))


@inside_transaction
def _mark(
    company: Company, rows: Sequence[Warehouse], at: datetime | None, by: User
) -> list[Warehouse]:
    moved = [row for row in rows if (row.archived_at is None) != (at is None)]
    changing = Warehouse.objects.filter(pk__in=[row.pk for row in moved])
    changing.update(archived_at=at, version=F("version") + 1)
    verb = "warehouse.archived" if at else "warehouse.restored"
    facts = [events.Fact([("warehouse", row.pk)]) for row in moved]
    events.record(company, verb, facts, by=by)
    return moved


def _free_code(company: Company, typed: str) -> str:
    """The code as it is stored: it can stand in an address and is nobody else's."""
    code = word(text(Warehouse, "code", typed, True)).upper()
    if Warehouse.objects.of(company).filter(code__iexact=code).exists():
        rule = _("There is a warehouse %(code)s already.")
        raise Refused("warehouse.code_taken", rule % {"code": code}, field="code")
    return own_address("warehouse", code)
