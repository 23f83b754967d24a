"""What the pages of payments read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, When

from core.models import Company
from core.money import ZERO
from ledger.models import AccountRole, Allocation, BankAccount, OpenItem, Side
from ledger.queries import trial_balance
from payments.models import BankStatement, BankTransaction, Receipt
from users.models import User

MOST_ITEMS = 40


def receipts(user: User, company: Company) -> "QuerySet[Receipt]":
    """Receipts with what their list shows.

    `in_base` is the amount in the company's currency; nothing, once it was returned or reversed.
    """
    rows: QuerySet[Receipt] = Receipt.objects.visible_to(user).filter(company=company)
    returned = When(state=Receipt.State.REVERSED, then=ZERO)
    in_base = Case(returned, default=F("open_item__base_amount"))
    return rows.select_related(
        "company", "customer__partner", "open_item", "bank_account"
    ).annotate(in_base=in_base, invoiced_on=first_invoice_day())


def first_invoice_day() -> Subquery:
    """The day of the invoice that a receipt pays; of several, of the first."""
    paid = Allocation.objects.filter(
        credit_item=OuterRef("open_item"), debit_item__source_kind="invoice", reverses=None
    )
    standing = paid.filter(reversed_by=None)
    return Subquery(standing.order_by("debit_item__posted_on").values("debit_item__posted_on")[:1])


def unapplied(rows: "QuerySet[Receipt]") -> "QuerySet[Receipt]":
    """Of these, the receipts with something left to apply."""
    left = OpenItem.objects.filter(account_role=AccountRole.UNAPPLIED_RECEIPTS)
    return rows.filter(
        state=Receipt.State.RECORDED, open_item__in=left.exclude(open_amount=0).values("pk")
    )


def to_apply(rows: "QuerySet[Receipt]") -> "QuerySet[Receipt]":
    """Of these, the receipts to apply: not those that somebody chose to leave on account."""
    return unapplied(rows).filter(on_account=False)


def worklist(user: User, company: Company) -> "QuerySet[Receipt]":
    """Money that waits to be applied: what is easiest first, then the oldest."""
    rows = to_apply(Receipt.objects.visible_to(user).filter(company=company))
    rows = rows.select_related(
        "customer__partner", "open_item", "transaction", "bank_account", "company"
    )
    return rows.order_by("finding", "received_on", "pk")


def kept_by_hand(company: Company) -> "QuerySet[BankAccount]":
    """The accounts in use of which no statement is on file: money on them is entered."""
    with_statements = BankStatement.objects.filter(company=company, chain_position__isnull=False)
    rows = BankAccount.objects.filter(company=company, archived_at=None)
    return rows.exclude(pk__in=with_statements.values("bank_account"))


def statements(user: User, company: Company) -> "QuerySet[BankStatement]":
    """Statements with what their list shows."""
    todo = Count("transactions", filter=Q(transactions__state=BankTransaction.State.NEW))
    rows: QuerySet[BankStatement] = BankStatement.objects.visible_to(user).filter(company=company)
    return rows.select_related("bank_account").annotate(entries=Count("transactions"), todo=todo)


def transactions(user: User, company: Company) -> "QuerySet[BankTransaction]":
    """Bank transactions with what their list shows."""
    rows = BankTransaction.objects.visible_to(user).filter(company=company)
    return rows.select_related("statement__bank_account")


@dataclass(frozen=True)
class AccountStanding:
    """A bank account as the bank sees it and as the books see it."""

    account: BankAccount
    statement: BankStatement | None
    in_books: Decimal
    todo: int
    not_in_books: Decimal

    @property
    def at_bank(self) -> Decimal:
        return self.statement.closing_balance if self.statement else ZERO

    @property
    def unexplained(self) -> Decimal:
        """What neither waits nor was set aside: an opening balance, or money booked by hand."""
        return self.at_bank - self.in_books - self.not_in_books


def accounts(user: User, company: Company) -> list[AccountStanding]:
    """The bank accounts in use, in four statements for any number."""
    rows = list(
        BankAccount.objects.filter(company=company, archived_at=None).order_by("-is_default", "pk")
    )
    latest = (
        BankStatement.objects.visible_to(user)
        .filter(bank_account__in=rows, chain_position__isnull=False)
        .order_by("bank_account", "-chain_position")
        .distinct("bank_account")
    )
    by_account = {statement.bank_account_id: statement for statement in latest}
    open_rows = (
        BankTransaction.objects.visible_to(user)
        .filter(company=company)
        .filter(state__in=(BankTransaction.State.NEW, BankTransaction.State.SET_ASIDE))
        .values("statement__bank_account")
        .annotate(total=Sum("amount"), todo=Count("pk", filter=Q(state="new")))
    )
    left = {row["statement__bank_account"]: (row["todo"], row["total"]) for row in open_rows}
    books = {
        (balance.account_id, balance.currency): balance.closing
        for balance in trial_balance(company, date.max, by_currency=True)
    }
    return [
        AccountStanding(
            row,
            by_account.get(row.pk),
            books.get((row.account_id, row.currency), ZERO),
            *left.get(row.pk, (0, ZERO)),
        )
        for row in rows
    ]


def open_items_of(company: Company, customer_id: int, currency: str) -> list[OpenItem]:
    """What a customer owes in a currency, the oldest due first."""
    rows = _owed(company).filter(customer=customer_id, currency=currency)
    return list(rows.order_by("due_on", "pk")[:MOST_ITEMS])


def items_by_id(company: Company, ids: Iterable[int]) -> list[OpenItem]:
    """Open items that were proposed."""
    return list(_owed(company).filter(pk__in=list(ids)).order_by("due_on", "pk"))


def found_items(company: Company, currency: str, typed: str) -> list[OpenItem]:
    """Open items by number of the document, or name or number of the customer, or the amount."""
    wanted = (
        Q(source_name__icontains=typed)
        | Q(customer__partner__name__icontains=typed)
        | Q(customer__number__iexact=typed)
    )
    if amount := _amount(typed):
        wanted |= Q(open_amount=amount)
    rows = _owed(company).filter(wanted, currency=currency)
    return list(rows.order_by("due_on", "pk")[:MOST_ITEMS])


def _amount(typed: str) -> Decimal | None:
    plain = typed.replace(",", ".")
    digits = plain.replace(".", "", 1)
    if digits.isascii() and digits.isdigit() and len(digits) < 16:
        return Decimal(plain)
    return None


def _owed(company: Company) -> "QuerySet[OpenItem]":
    """What customers owe, with the number of instalments of its document (`instalments`)."""
    rows = OpenItem.objects.filter(
        company=company, side=Side.DEBIT, account_role="AR_CONTROL", customer__isnull=False
    )
    same = OpenItem.objects.filter(
        source_kind=OuterRef("source_kind"), source_id=OuterRef("source_id")
    )
    counted = same.order_by().values("source_id").annotate(n=Count("pk")).values("n")
    rows = rows.exclude(open_amount=0).select_related("customer__partner")
    return rows.annotate(instalments=Subquery(counted))
