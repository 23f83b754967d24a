"""Spreadsheets of the books: each line becomes a draft, or is told what is wrong with it."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from core import checks, clock, formats
from core.models import Company
from core.refusals import Refused
from core.spreadsheets import Cells, Line, Problem, parse_amount, parse_date, parse_number
from core.spreadsheets.imports import Checked
from ledger import take_over
from ledger.drafts import BalanceDraft, ItemDraft, RateDraft
from ledger.rates import RATE_DIGITS, checked_rate

RATES = ("base", "quote", "day", "rate"), ("source",)
BALANCES = ("account", "amount"), ("currency", "base_amount")
ITEMS = (
    ("document", "due", "amount"),
    (
        "customer",
        "supplier",
        "currency",
        "base_amount",
        "reference",
    ),
)
HEADS = {
    "rates": (__("Currencies"), __("Day"), __("Rate"), __("Source")),
    "balances": (__("Account"), __("Amount"), __("Value")),
    "items": (__("Document"), __("Partner"), __("Due"), __("Open"), __("Reference")),
}


def _currency(cells: Cells, column: str, usual: str = "") -> str:
    return cells.read(column, lambda text: checks.currency(text or usual), usual)


def _amount(cells: Cells, column: str, currency: str) -> Decimal:
    return cells.read(column, lambda text: parse_amount(text, currency), Decimal(1))


def _amount_if_any(cells: Cells, column: str, currency: str) -> Decimal | None:
    return _amount(cells, column, currency) if cells.line[column] else None


def check_rates(lines: Sequence[Line]) -> Checked[RateDraft]:
    """Rates: 1 `base` is worth `rate` `quote` on the day."""
    drafts, problems, seen = [], [], set()
    for line in lines:
        cells = Cells(line)
        number = cells.read("rate", lambda text: parse_number(text, places=RATE_DIGITS), Decimal(1))
        draft = RateDraft(
            _currency(cells, "base"),
            _currency(cells, "quote"),
            cells.read("day", parse_date, date.min),
            number,
            line["source"],
        )
        if not cells.problems:
            draft = cells.read("rate", lambda _text, d=draft: checked_rate(d), draft)  # type: ignore[misc]
        if draft[:3] in seen and not cells.problems:
            text = _("This pair of currencies stands twice for one day. Remove one line.")
            cells.wrong("base", text)
        seen.add(draft[:3])
        drafts.append(draft)
        problems += cells.problems
    rows = [
        (f"1 {d.base} = … {d.quote}", d.on, f"{d.rate.normalize():f}", d.source) for d in drafts
    ]
    return Checked(drafts, problems, HEADS["rates"], rows)


def check_balances(company: Company, lines: Sequence[Line], on: date) -> Checked[BalanceDraft]:
    """Balances of accounts, debit above zero."""
    drafts, problems = [], []
    for line in lines:
        cells = Cells(line)
        currency = _currency(cells, "currency", company.currency)
        draft = BalanceDraft(
            line["account"],
            currency,
            _amount(cells, "amount", currency),
            _amount_if_any(cells, "base_amount", company.currency),
        )
        drafts.append(draft)
        problems += cells.problems
    examined = take_over.examine_balances(company, drafts, on)
    problems += _told(lines, examined.problems, problems, "account")
    rows = [
        (d.account_number, _shown(d.amount, d.currency), _shown(d.base_amount, company.currency))
        for d in drafts
    ]
    return Checked(drafts, problems, HEADS["balances"], rows)


def check_items(company: Company, lines: Sequence[Line], on: date) -> Checked[ItemDraft]:
    """Open items: above zero an invoice, below zero a credit or a payment."""
    drafts, problems = [], []
    for line in lines:
        cells = Cells(line)
        currency = _currency(cells, "currency", company.currency)
        draft = ItemDraft(
            document=line["document"][:40],
            due_on=cells.read("due", parse_date, date.min),
            currency=currency,
            amount=_amount(cells, "amount", currency),
            customer=line["customer"],
            supplier=line["supplier"],
            base_amount=_amount_if_any(cells, "base_amount", company.currency),
            reference=line["reference"][:35],
        )
        drafts.append(draft)
        problems += cells.problems
    examined = take_over.examine_items(company, drafts, on)
    problems += _told(lines, examined.problems, problems, "document")
    rows = [
        (d.document, d.customer or d.supplier, d.due_on, _shown(d.amount, d.currency), d.reference)
        for d in drafts
    ]
    return Checked(drafts, problems, HEADS["items"], rows)


def _told(
    lines: Sequence[Line],
    refusals: Mapping[int, Refused],
    known: Sequence[Problem],
    column: str,
) -> list[Problem]:
    """The problems of lines that could be read, and so have none yet."""
    unread = {problem.line for problem in known}
    told = []
    for place, refusal in refusals.items():
        if lines[place].number not in unread:
            cells = Cells(lines[place])
            cells.wrong(column, refusal.message)
            told += cells.problems
    return told


def _shown(amount: Decimal | None, currency: str) -> str:
    return "" if amount is None else formats.amount(amount, currency, code=True)


def example_rates(company: Company) -> list[dict[str, str]]:
    """The rate of one foreign currency today."""
    other = "USD" if company.currency != "USD" else "EUR"
    today = clock.today(company)
    return [{"base": company.currency, "quote": other, "day": today.isoformat(), "rate": "1.0850"}]
