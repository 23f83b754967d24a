"""Withdrawing the last statement of an account: the way back from a wrong file."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core import bulk, events, states
from core.actions import action, inside_transaction
from core.locks import lock, refuse_several_companies
from core.models import rights
from core.refusals import Refused
from ledger.models import BankAccount
from payments import withdrawal
from payments.models import BankStatement, BankTransaction
from users.models import User


@action
def withdraw_statements(ids: Sequence[int], *, by: User, reason: str) -> list[BankStatement]:
    """Takes statements out of the chains of their accounts, from the last back.

    They stay to be looked at, with the reason; the same days may be imported again. Refuses one
    that others follow, and one of whose entries something was decided: that is taken back first.
    """
    if not reason.strip():
        raise Refused("statement.no_reason", _("Say why: the reason stays with the statement."))
    rows = _lock_statements(ids, by)
    company = rows[0].company
    rights(by).require("payments.withdraw", company.pk)
    entries = lock(BankTransaction.objects.filter(statement__in=rows))
    for row in rows:
        if why := withdrawal.not_to_withdraw(row, along_with=ids):
            raise why
    states.apply(entries, BankTransaction.withdraw)
    for row in rows:
        row.chain_position, row.reason = None, reason.strip()[:200]
    bulk.update(
        BankStatement, ("id", "chain_position", "reason"), [(r.pk, None, r.reason) for r in rows]
    )
    facts = [events.Fact([("statement", row.pk)], {"reason": row.reason}) for row in rows]
    events.record(company, "statement.withdrawn", facts, by=by)
    return rows


@inside_transaction
def _lock_statements(ids: Sequence[int], by: User) -> list[BankStatement]:
    """The statements, read while their accounts are locked: none can be imported meanwhile."""
    mine = BankStatement.objects.visible_to(by).filter(pk__in=ids)
    lock(BankAccount.objects.filter(pk__in=mine.values("bank_account")))
    rows = list(mine.select_related("company", "bank_account").order_by("pk"))
    if not rows or len(rows) < len(set(ids)):
        raise Refused(
            "payments.not_found", _("A bank statement was not found, or is not yours to see.")
        )
    refuse_several_companies(rows)
    return rows
