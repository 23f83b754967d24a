"""Credit notes in the making: what a correction takes of an invoice. Pure.

Tax is cumulative: the tax on all that was credited, less the tax credited already, so that the
last of several partial credit notes closes to the cent, in both currencies.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from core.models import Company
from core.money import ZERO, cumulative, relieve
from core.refusals import Refused
from invoicing.corrections import Correction, Group, Head, Row
from invoicing.models import Invoice
from ledger.models import AccountRole
from ledger.posting import Line
from ledger.tax import cumulative_tax


class Credited(NamedTuple):
    """What a credit note takes of a VAT group."""

    category: str
    rate: Decimal
    net: Decimal
    tax: Decimal
    base_net: Decimal
    base_tax: Decimal
    reason: str
    tax_code_id: int


@dataclass(slots=True)
class CreditNote:
    """One credit note in the making."""

    head: Head
    correction: Correction
    taken: list[tuple[Row, Decimal, Decimal]]  # line, quantity, net
    groups: list[Credited] = field(default_factory=list)
    id: int = 0
    number: str = ""
    item_id: int = 0
    entry_id: int | None = None

    @property
    def source(self) -> tuple[str, int, str]:
        return ("invoice", self.id, self.number)

    @property
    def net(self) -> Decimal:
        return sum((g.net for g in self.groups), ZERO)

    @property
    def tax(self) -> Decimal:
        return sum((g.tax for g in self.groups), ZERO)

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax

    @property
    def base_tax(self) -> Decimal:
        return sum((g.base_tax for g in self.groups), ZERO)

    @property
    def base_gross(self) -> Decimal:
        return sum((g.base_net for g in self.groups), ZERO) + self.base_tax


def make(
    company: Company,
    correction: Correction,
    head: Head | None,
    rows: Sequence[Row],
    groups: Sequence[Group],
) -> CreditNote:
    """The credit note of one correction. Raises Refused `credit.…`."""
    if head is None:
        raise Refused("credit.not_found", _("The invoice was not found."))
    _check(head, correction)
    taken = _taken(head, correction, rows)
    note = CreditNote(head, correction, taken)
    note.groups = [
        _credited(company, head, group, taken)
        for group in groups
        if any((row.category, row.rate) == (group.category, group.rate) for row, _q, _n in taken)
    ]
    return note


def _check(head: Head, correction: Correction) -> None:
    if head.kind == Invoice.Kind.CREDIT_NOTE:
        raise Refused(
            "credit.of_credit_note",
            _("%(number)s is a credit note. Issue a new invoice instead.")
            % {"number": head.number},
        )
    if head.state not in (Invoice.State.ISSUED, Invoice.State.SETTLED):
        raise Refused("credit.not_issued", _("Only an issued invoice can be credited."))
    if not correction.reason.strip():
        raise Refused(
            "credit.no_reason", _("Say why %(number)s is credited.") % {"number": head.number}
        )


def _taken(
    head: Head, correction: Correction, rows: Sequence[Row]
) -> list[tuple[Row, Decimal, Decimal]]:
    """Lines with the quantity and net that are credited; refuses more than is left."""
    if correction.quantities is None:
        wanted = {row.id: row.left for row in rows if row.left}
    else:
        wanted = {pk: quantity for pk, quantity in correction.quantities.items() if quantity}
    if not wanted:
        raise _nothing(head, rows)
    by_id = {row.id: row for row in rows}
    if not wanted.keys() <= by_id.keys():
        raise Refused("credit.unknown_line", _("A line is not of this invoice."))
    for pk, quantity in wanted.items():
        if why := _not_taken(head, by_id[pk], quantity):
            raise why
    return [
        (row, wanted[row.id], _net(row, wanted[row.id], head.currency))
        for row in rows
        if row.id in wanted
    ]


def _nothing(head: Head, rows: Sequence[Row]) -> Refused:
    if any(row.left for row in rows):
        say = _("Enter how much of which line of %(number)s is credited.")
        return Refused("credit.no_quantity", say % {"number": head.number})
    say = _("Nothing of %(number)s is left to be credited.")
    return Refused("credit.nothing_left", say % {"number": head.number})


def _not_taken(head: Head, row: Row, quantity: Decimal) -> Refused | None:
    """Why this much of a line cannot be credited; all that is left of it always can."""
    words = {
        "line": row.description,
        "number": head.number,
        "left": f"{row.left.normalize():f}",
        "quantity": f"{quantity.normalize():f}",
        "digits": row.digits,
    }
    if not ZERO < quantity <= row.left:
        say = _("Of “%(line)s” on %(number)s %(left)s can be credited, not %(quantity)s.")
        return Refused("credit.too_much", say % words, line=row.id, left=row.left)
    if row.digits is None or quantity in (row.left, round(quantity, row.digits)):
        return None
    if row.digits:
        say = _("“%(line)s” is sold with at most %(digits)d decimals, not %(quantity)s.")
    else:
        say = _("“%(line)s” is sold in whole pieces only, not %(quantity)s.")
    return Refused("credit.digits", say % words, line=row.id)


def _net(row: Row, quantity: Decimal, currency: str) -> Decimal:
    if quantity == row.left:
        return row.net - row.done_net
    return cumulative(row.net, row.done, quantity, row.quantity, currency)


def _credited(
    company: Company,
    head: Head,
    group: Group,
    taken: Sequence[tuple[Row, Decimal, Decimal]],
) -> Credited:
    """The share of a VAT group; what closes the group takes all that is left of it."""
    mine = [(row, net) for row, _q, net in taken if (row.category, row.rate) == group[1:3]]
    net = sum((n for _row, n in mine), ZERO)
    net_left, tax_left = group.net - group.done_net, group.tax - group.done_tax
    if net == net_left:
        tax = tax_left
    else:
        tax = cumulative_tax(group.rate, group.done_net, group.done_tax, net, head.currency)
        tax = min(tax, tax_left)
    base = company.currency
    return Credited(
        group.category,
        group.rate,
        net,
        tax,
        _relieved(net, net_left, group.base_net - group.done_base_net, base),
        _relieved(tax, tax_left, group.base_tax - group.done_base_tax, base),
        group.reason,
        mine[0][0].tax_code_id,
    )


def _relieved(part: Decimal, left: Decimal, base_left: Decimal, base: str) -> Decimal:
    return relieve(part, left, base_left, base) if left else base_left


def entry_lines(note: CreditNote) -> list[Line]:
    """Dr REVENUE_RETURNS and VAT_OUTPUT by VAT group, Cr UNAPPLIED_RECEIPTS."""
    currency = note.head.currency
    debits = [
        Line(role, base, currency, amount, tax_code_id=g.tax_code_id)
        for g in note.groups
        for role, base, amount in (
            (AccountRole.REVENUE_RETURNS, g.base_net, g.net),
            (AccountRole.VAT_OUTPUT, g.base_tax, g.tax),
        )
    ]
    credit = Line(
        AccountRole.UNAPPLIED_RECEIPTS,
        -note.base_gross,
        currency,
        -note.gross,
        open_item_id=note.item_id,
    )
    return [*debits, credit]
