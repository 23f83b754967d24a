"""What speaks against rows of the system before, and the entries and items they become."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from django.utils.translation import gettext as _

from core.models import Company
from core.money import ZERO, round_amount
from core.refusals import Refused
from ledger import rates
from ledger.drafts import BalanceDraft, ItemDraft
from ledger.items import NewItem
from ledger.models import Account, AccountRole, Entry, EntryLine, Journal, OpenItem, Side
from ledger.models.accounts import CONTROL_ROLES
from ledger.posting import Draft, Line
from partners.models import Customer, Supplier

Found = TypeVar("Found")
Row = TypeVar("Row")
BALANCES = "take_over"  # the source of their entries, with the id of the company
ITEM = "open_item"  # the source of the entry of an item, with the id of the item
EVENT = "taken_over"


@dataclass(frozen=True)
class Examined(Generic[Found]):
    """What rows mean, and by place what speaks against them."""

    found: list[Found]
    problems: dict[int, Refused]


@dataclass(frozen=True)
class FoundBalance:
    """A balance with its account."""

    account_id: int
    currency: str
    amount: Decimal
    base_amount: Decimal


@dataclass(frozen=True)
class FoundItem:
    """An open item with its partner; amounts above zero on their side."""

    draft: ItemDraft
    customer_id: int | None
    supplier_id: int | None
    credit_account_id: int | None
    amount: Decimal
    base_amount: Decimal

    @property
    def is_owed(self) -> bool:
        """Whether it is an invoice, not a credit or payment."""
        return self.draft.amount > 0

    @property
    def role(self) -> AccountRole:
        if self.supplier_id:
            return AccountRole.AP_CONTROL
        return AccountRole.AR_CONTROL if self.is_owed else AccountRole.UNAPPLIED_RECEIPTS

    @property
    def side(self) -> Side:
        return Side.DEBIT if self.is_owed == (self.supplier_id is None) else Side.CREDIT


def examine_balances(
    company: Company, drafts: Sequence[BalanceDraft], on: date
) -> Examined[FoundBalance]:
    """The balances with their accounts; a fixed number of statements."""
    accounts = {row.number: row for row in Account.objects.filter(company=company)}
    known = _rates(company, [(d.currency, d.base_amount) for d in drafts], on)
    there = _balances_there(company)

    def examine(draft: BalanceDraft) -> FoundBalance:
        account = accounts.get(draft.account_number)
        if account is None or account.archived_at:
            raise Refused(
                "take_over.unknown_account",
                _("There is no account %(number)s. Add it to the chart of accounts.")
                % {"number": draft.account_number[:20]},
            )
        if account.role in CONTROL_ROLES:
            raise Refused(
                "take_over.control_account",
                _("%(account)s is the sum of its open items or stock. Take over those instead.")
                % {"account": account},
            )
        if entry := there.get((account.pk, draft.currency)):
            raise Refused(
                "take_over.twice",
                _("%(account)s in %(currency)s was taken over already, by %(entry)s. Correct it "
                  "by a manual entry.")
                % {"account": account, "currency": draft.currency, "entry": entry},
            )  # fmt: skip
        base = _base(company, draft.currency, draft.amount, draft.base_amount, known)
        return FoundBalance(account.pk, draft.currency, draft.amount, base)

    return _examined(drafts, examine)


def examine_items(company: Company, drafts: Sequence[ItemDraft], on: date) -> Examined[FoundItem]:
    """The items with their partners; a fixed number of statements."""
    customers = {
        number: (pk, account)
        for number, pk, account in Customer.objects.filter(
            company=company, number__in={d.customer for d in drafts}
        ).values_list("number", "pk", "credit_account_id")
    }
    suppliers = dict(
        Supplier.objects.filter(
            company=company, number__in={d.supplier for d in drafts}
        ).values_list("number", "pk")
    )
    known = _rates(company, [(d.currency, d.base_amount) for d in drafts], on)
    seen = _taken_over(company, drafts)

    def examine(draft: ItemDraft) -> FoundItem:
        customer_id, credit_account_id = customers.get(draft.customer, (None, None))
        supplier_id = suppliers.get(draft.supplier)
        _check_item(draft, customer_id, supplier_id)
        key = (customer_id, supplier_id, draft.document)
        if key in seen:
            raise Refused(
                "take_over.twice",
                _("%(document)s of this partner is there already.") % {"document": draft.document},
            )
        seen.add(key)
        base = _base(company, draft.currency, draft.amount, draft.base_amount, known)
        return FoundItem(
            draft, customer_id, supplier_id, credit_account_id, abs(draft.amount), abs(base)
        )

    return _examined(drafts, examine)


def _examined(rows: Sequence[Row], examine: Callable[[Row], Found]) -> Examined[Found]:
    found, problems = [], {}
    for place, row in enumerate(rows):
        try:
            found.append(examine(row))
        except Refused as problem:
            problems[place] = problem
    return Examined(found, problems)


def _check_item(draft: ItemDraft, customer_id: int | None, supplier_id: int | None) -> None:
    if bool(draft.customer) == bool(draft.supplier):
        raise Refused("take_over.partner", _("Name either a customer or a supplier."))
    if customer_id is None and supplier_id is None:
        raise Refused(
            "take_over.unknown_partner",
            _("There is no partner with the number %(number)s. Open the account first.")
            % {"number": (draft.customer or draft.supplier)[:20]},
        )
    if not draft.document:
        raise Refused("take_over.no_document", _("The number of the document is missing."))
    if not draft.amount:
        raise Refused("take_over.nothing_open", _("The open amount is zero. Leave the row out."))


def _taken_over(
    company: Company, drafts: Sequence[ItemDraft]
) -> set[tuple[int | None, int | None, str]]:
    names = {draft.document for draft in drafts}
    rows = OpenItem.objects.filter(company=company, source_name__in=names, taken_back_at=None)
    return set(rows.values_list("customer_id", "supplier_id", "source_name"))


def _balances_there(company: Company) -> dict[tuple[int, str], str]:
    """The entry that took over the balance of an account in a currency."""
    rows = EntryLine.objects.filter(entry__source_kind=BALANCES, entry__source_id=company.pk)
    return {
        (account_id, currency): number
        for account_id, currency, number in rows.values_list(
            "account_id", "currency", "entry__number"
        )
    }


def _rates(
    company: Company, wanted: Sequence[tuple[str, Decimal | None]], on: date
) -> dict[str, Decimal | Refused]:
    """The rate of each currency that needs one; a missing one becomes the problem of its rows."""
    known: dict[str, Decimal | Refused] = {}
    for currency in sorted({currency for currency, base in wanted if base is None}):
        try:
            known[currency] = rates.rate(company, currency, on)
        except Refused as problem:
            known[currency] = problem
    return known


def _base(
    company: Company,
    currency: str,
    amount: Decimal,
    base_amount: Decimal | None,
    known: Mapping[str, Decimal | Refused],
) -> Decimal:
    for value, money in ((amount, currency), (base_amount, company.currency)):
        if value is not None and value != round_amount(value, money):
            raise Refused(
                "take_over.digits",
                _("%(amount)s has more decimals than %(currency)s has.")
                % {"amount": value, "currency": money},
            )
    if base_amount is None:
        rate = known[currency]
        if isinstance(rate, Refused):
            raise rate
        return rates.to_base(amount, rate, company)
    own = currency == company.currency
    if (own and base_amount != amount) or (base_amount * amount < 0):
        raise Refused(
            "take_over.base_differs",
            _("The value in %(base)s does not fit the amount.") % {"base": company.currency},
        )
    return base_amount


def next_event(company: Company) -> str:
    """The event of the next entry of balances, counting up.

    Drawn before the look at what is there, so that two who look at once draw the same, which is
    one too many for the books.
    """
    before = Entry.objects.filter(source_kind=BALANCES, source_id=company.pk).count()
    return f"{EVENT}_{before + 1}"


def balances_entry(
    company: Company, found: Sequence[FoundBalance], event: str, on: date, name: str
) -> Draft:
    """One entry of all balances, against opening balances in each currency."""
    lines = [Line(None, f.base_amount, f.currency, f.amount, f.account_id) for f in found]
    for currency in sorted({f.currency for f in found}):
        same = [f for f in found if f.currency == currency]
        base = sum((f.base_amount for f in same), ZERO)
        amount = sum((f.amount for f in same), ZERO)
        lines.append(Line(AccountRole.OPENING_BALANCE, -base, currency, -amount))
    source = (BALANCES, company.pk, name)
    return Draft(Journal.OPENING, on, source, event, lines, _("Opening balances"))


def item_entry(item: FoundItem, pk: int, on: date) -> Draft:
    """The entry of one item, against opening balances."""
    sign = 1 if item.side == Side.DEBIT else -1
    base, amount, currency = sign * item.base_amount, sign * item.amount, item.draft.currency
    return Draft(
        Journal.OPENING,
        on,
        (ITEM, pk, item.draft.document),
        EVENT,
        [
            Line(item.role, base, currency, amount, open_item_id=pk),
            Line(AccountRole.OPENING_BALANCE, -base, currency, -amount),
        ],
        _("Open item taken over"),
    )


def new_item(item: FoundItem, pk: int, on: date) -> NewItem:
    """The open item itself, due as it always was."""
    draft = item.draft
    return NewItem(
        item.role,
        item.side,
        (ITEM, pk, draft.document),
        1,
        on,
        draft.due_on,
        draft.currency,
        item.amount,
        item.base_amount,
        item.customer_id,
        item.supplier_id,
        draft.reference,
    )
