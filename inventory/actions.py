"""Deeds of the warehouse: goods come in, counts are set right, opening stock is taken over."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core.actions import action
from core.models import Company, rights
from core.refusals import Refused
from inventory.booking import book
from inventory.drafts import StockChange
from inventory.models import StockDocument, Warehouse
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
    if is_default and not row.is_default:
        Warehouse.objects.filter(company=row.company_id, is_default=True).update(is_default=False)
        row.is_default = True
    row.title = title.strip()
    row.save()
    return row


def _check_code(company: Company, code: str) -> None:
    if Warehouse.objects.of(company).filter(code__iexact=code.strip()).exists():
        raise Refused(
            "warehouse.code_taken",
            _("There is a warehouse %(code)s already.") % {"code": code.strip().upper()},
        )
