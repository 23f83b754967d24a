"""Locked receipts and bank transactions, as deeds read them."""

from collections.abc import Sequence
from typing import TypeVar

from django.utils.translation import gettext as _

from core.actions import inside_transaction
from core.locks import lock, refuse_several_companies
from core.models import Company
from core.refusals import Refused
from payments.models import BankTransaction, Receipt
from users.models import User

Row = TypeVar("Row", Receipt, BankTransaction)


@inside_transaction
def lock_receipts(ids: Sequence[int], by: User, *, with_customer: bool = True) -> list[Receipt]:
    """Receipts in the given order, locked with their open items; with their bank transactions.

    Bulk runs that need no word about the customer do without it.
    """
    rows = Receipt.objects.visible_to(by).filter(pk__in=ids)
    rows = rows.select_related("company", "open_item", "transaction")
    if with_customer:
        rows = rows.select_related("customer__partner")
    missing = _("A receipt was not found, or is not yours to see.")
    return _in_order(ids, lock(rows, "open_item"), missing)


@inside_transaction
def lock_transactions(ids: Sequence[int], by: User) -> list[BankTransaction]:
    """Bank transactions in the given order, locked, with the account they are on."""
    rows = BankTransaction.objects.visible_to(by).filter(pk__in=ids)
    return _in_order(
        ids,
        lock(rows.select_related("company", "statement__bank_account")),
        _("A bank transaction was not found, or is not yours to see."),
    )


def _in_order(ids: Sequence[int], rows: list[Row], missing: str) -> list[Row]:
    wanted = list(dict.fromkeys(ids))
    found = {row.pk: row for row in rows}
    if len(found) < len(wanted):
        raise Refused("payments.not_found", missing)
    refuse_several_companies(rows)
    return [found[pk] for pk in wanted]


def company_of(rows: Sequence[Row]) -> Company:
    """The company of a set of locked rows."""
    return rows[0].company


def not_recorded(receipt: Receipt) -> Refused | None:
    """Why nothing can be done with a receipt that is reversed."""
    if receipt.state == Receipt.State.RECORDED:
        return None
    say = _("%(receipt)s was reversed, so nothing of it can be applied or taken back.")
    return Refused("receipt.reversed", say % {"receipt": receipt}, receipt=receipt.name)


def not_to_decide(transaction: BankTransaction) -> Refused | None:
    """Why a transaction cannot be decided on once more."""
    if transaction.state == BankTransaction.State.NEW:
        return None
    if transaction.state == BankTransaction.State.WITHDRAWN:
        say = _("The statement of %(transaction)s is withdrawn, so nothing of it is booked.")
    else:
        say = _("The transaction %(transaction)s is %(state)s already. Take that back first.")
    words = {"transaction": transaction, "state": str(transaction.get_state_display()).lower()}
    return Refused("transaction.done", say % words, transaction=transaction.name)
