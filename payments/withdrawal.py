"""Whether a statement can be withdrawn, and what stands in the way."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from core.refusals import Refused
from payments.models import BankStatement, BankTransaction, Receipt


def not_to_withdraw(row: BankStatement, along_with: Collection[int] = ()) -> Refused | None:
    """Why a statement cannot be withdrawn, even `along_with` the statements of these ids."""
    if row.is_withdrawn:
        say = _("Statement %(statement)s is withdrawn already.")
        return Refused("statement.withdrawn", say % {"statement": row})
    return _not_last(row, along_with) or _decided(row)


def _not_last(row: BankStatement, along_with: Collection[int]) -> Refused | None:
    later = BankStatement.objects.filter(
        bank_account=row.bank_account_id, chain_position__gt=row.chain_position
    )
    last = later.exclude(pk__in=along_with).order_by("-chain_position").first()
    if last is None:
        return None
    say = _(
        "Only the last statement of an account is withdrawn, and %(last)s of %(day)s follows "
        "%(statement)s. Withdraw the later ones first."
    )
    words = {"statement": row, "last": last, "day": last.to_date}
    return Refused("statement.not_last", say % words, statement=row.name)


def _decided(row: BankStatement) -> Refused | None:
    """The first entry that something was decided on, with what takes it back."""
    decided = BankTransaction.objects.filter(statement=row).exclude(state=BankTransaction.State.NEW)
    first = decided.order_by("position").first()
    if first is None:
        return None
    receipt = Receipt.objects.filter(transaction=first, state=Receipt.State.RECORDED).first()
    if receipt:
        say = _(
            "The entry %(entry)s of statement %(statement)s is recorded as %(receipt)s. Reverse "
            "the receipt first."
        )
    else:
        say = _(
            "The entry %(entry)s of statement %(statement)s is %(state)s. Take that back on the "
            "page of the entry first."
        )
    words = {
        "statement": row,
        "entry": first,
        "receipt": receipt,
        "state": str(first.get_state_display()).lower(),
    }
    return Refused("statement.decided", say % words, statement=row.name, entry=first.name)
