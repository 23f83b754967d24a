"""What makes a statement trustworthy by itself; `chain` proves it against others."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from core.formats import amount
from payments.statements.parsed import Statement
from payments.statements.xml import refused


def check_day(statement: Statement, today: date) -> None:
    """No bank has closed a day that has not come: such a statement would block the account."""
    if statement.to_date <= today:
        return
    say = _(
        "Statement %(statement)s closes on %(day)s, which lies after today, %(today)s. Nothing was "
        "imported; check which file the bank gave you, and import the statement of a day past."
    )
    raise refused(
        "in_future", say, statement=statement.statement_id, day=statement.to_date, today=today
    )


def check_sum(statement: Statement) -> None:
    """Opening balance plus entries is closing balance, to the cent (I23)."""
    reached = statement.opening + statement.total
    if reached == statement.closing:
        return
    say = _(
        "Statement %(statement)s does not add up: it opens with %(opening)s, its %(count)d entries "
        "make %(total)s, which gives %(reached)s, but it closes with %(closing)s. The difference "
        "is %(difference)s. Nothing was imported; ask the bank for the file again."
    )
    raise refused(
        "sum",
        say,
        statement=statement.statement_id,
        count=len(statement.lines),
        **_shown(
            statement.currency,
            opening=statement.opening,
            total=statement.total,
            reached=reached,
            closing=statement.closing,
            difference=statement.closing - reached,
        ),
    )


def _shown(currency: str, **figures: Decimal) -> dict[str, str]:
    return {name: amount(value, currency, code=True) for name, value in figures.items()}
