"""Deeds of the warehouse: goods come in, counts are set right, opening stock is taken over."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from core import clock, events
from core.actions import action, inside_transaction
from core.locks import lock
from core.models import Company, rights
from core.refusals import Refused
from inventory.booking import book
from inventory.drafts import StockChange
from inventory.models import Stock, StockDocument, Warehouse
from users.models import User

Kind = StockDocument.Kind


@action
def receive_stock(
    company: Company, changes: Sequence[StockChange], *, by: User
) -> list[StockDocument]:
    """Goods came in: Dr INVENTORY, Cr GRNI at the cost given."""
    rights(by).require("inventory.receive", company.pk)
    return book(company, Kind.RECEIPT, changes, by)


@action
def adjust_stock(
    company: Company, changes: Sequence[StockChange], *, by: User
) -> list[StockDocument]:
    """Stock was found to be more or less: Dr or Cr INVENTORY_DIFFERENCE. Wants a reason."""
    rights(by).require("inventory.adjust", company.pk)
    if any(not change.reason.strip() for change in changes):
        raise Refused("stock.reason_missing", _("Say why the stock is adjusted."))
    return book(company, Kind.ADJUSTMENT, changes, by)


@action
def take_over_stock(
    company: Company, changes: Sequence[StockChange], *, by: User
) -> list[StockDocument]:
    """Stock from before this program: Dr INVENTORY, Cr OPENING_BALANCE."""
    rights(by).require("inventory.setup", company.pk)
    return book(company, Kind.OPENING, changes, by)


@action
def add_warehouse(company: Company, code: str, title: str, *, by: User) -> Warehouse:
    """Adds a warehouse; the first one of a company is its default."""
    rights(by).require("inventory.setup", company.pk)
    others = Warehouse.objects.of(company)
    _check_code(company, code)
    return Warehouse.objects.create(
        company=company,
        code=code.strip().upper(),
        title=title.strip(),
        is_default=not others.filter(is_default=True).exists(),
    )


@action
def change_warehouse(
    warehouse_id: int, title: str, *, by: User, is_default: bool = False
) -> Warehouse:
    """Renames a warehouse or makes it the default one of its company."""
    row = Warehouse.objects.visible_to(by).get(pk=warehouse_id)
    rights(by).require("inventory.setup", row.company_id)
    if is_default and row.archived_at:
        rule = _("%(name)s is archived. Restore it before orders are served from it.")
        raise Refused("warehouse.archived", rule % {"name": row.title})
    if is_default and not row.is_default:
        Warehouse.objects.filter(company=row.company_id, is_default=True).update(is_default=False)
        row.is_default = True
    row.title = title.strip()
    row.save(update_fields=["title", "is_default"])
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
        raise Refused("warehouse.unknown", _("One of the warehouses is not there any more."))
    return rows


@inside_transaction
def _mark(
    company: Company, rows: Sequence[Warehouse], at: datetime | None, by: User
) -> list[Warehouse]:
    moved = [row for row in rows if (row.archived_at is None) != (at is None)]
    Warehouse.objects.filter(pk__in=[row.pk for row in moved]).update(archived_at=at)
    verb = "warehouse.archived" if at else "warehouse.restored"
    facts = [events.Fact([("warehouse", row.pk)]) for row in moved]
    events.record(company, verb, facts, by=by)
    return moved


def _check_code(company: Company, code: str) -> None:
    if Warehouse.objects.of(company).filter(code__iexact=code.strip()).exists():
        raise Refused(
            "warehouse.code_taken",
            _("There is a warehouse %(code)s already.") % {"code": code.strip().upper()},
        )
