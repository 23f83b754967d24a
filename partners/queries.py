"""Reads shaped for the pages of partners."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    DecimalField,
    F,
    FilteredRelation,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Upper

from core.history import Change, Track, changes
from core.models import Company, Membership
from core.money import ZERO, Money
from partners.exposure import Totals
from partners.models import (
    Address,
    Contact,
    CreditAccount,
    Customer,
    Exposure,
    Partner,
    PartnerBankAccount,
    PaymentTerms,
    Supplier,
    TermsInstalment,
)
from users.models import User

MOST_FOUND = 12
PARTS = (Address, Contact, PartnerBankAccount)
AMOUNT: "DecimalField[Any, Any]" = DecimalField(max_digits=20, decimal_places=4)


def customers(user: User, company: Company) -> "QuerySet[Customer]":
    """Customers as lists show them, with the exposure in the currency of the limit."""
    ours = F("credit_account__currency")
    parts = F("own__open_orders") + F("own__unbilled") + F("own__receivable") - F("own__unapplied")
    return (
        Customer.objects.visible_to(user)
        .filter(company=company)
        .select_related("partner", "payment_terms", "credit_account", "sales_rep", "collector")
        .annotate(
            own=FilteredRelation(
                "credit_account__exposures",
                condition=Q(credit_account__exposures__currency=ours),
            ),
            exposure=Coalesce(parts, Value(ZERO), output_field=AMOUNT),
        )
    )


def suppliers(user: User, company: Company) -> "QuerySet[Supplier]":
    """Suppliers as lists show them."""
    rows = Supplier.objects.visible_to(user).filter(company=company)
    return rows.select_related("partner", "payment_terms")


def terms(user: User, company: Company) -> "QuerySet[PaymentTerms]":
    """Payment terms as lists show them, with the number of customers who have them."""
    theirs = Customer.objects.filter(payment_terms=OuterRef("pk"), archived_at=None)
    count = theirs.order_by().values("payment_terms").annotate(n=Count("pk")).values("n")
    rows = PaymentTerms.objects.visible_to(user).filter(company=company)
    return rows.annotate(used_by=Coalesce(Subquery(count), 0))


def found(
    rows: "QuerySet[Any]", typed: str, code: str, name: str, most: int = MOST_FOUND
) -> "QuerySet[Any]":
    """Rows for a combo box: every word typed begins the code or a word of the name.

    The exact code first, then codes that begin so, then names that begin so, then the rest.
    """
    words = typed.upper().split()
    whole = " ".join(words)
    rows = rows.annotate(upper_name=Upper(name), upper_code=Upper(code))
    for word in words:
        rows = rows.filter(
            Q(upper_code__startswith=word)
            | Q(upper_name__startswith=word)
            | Q(upper_name__contains=f" {word}")
        )
    rank = Case(
        When(upper_code=whole, then=0),
        When(upper_code__startswith=whole, then=1),
        When(upper_name__startswith=whole, then=2),
        default=3,
    )
    return rows.order_by(rank, "upper_name", "pk")[:most]


@dataclass(frozen=True)
class Part:
    """One part of an exposure as the page draws it: where its bar begins, and how long it is."""

    css: str
    label: Any
    amount: Money
    start: Decimal
    width: Decimal


@dataclass(frozen=True)
class Credit:
    """The credit of a customer in the currency of its limit, and what is owed in others."""

    account: CreditAccount
    totals: Totals
    others: Sequence[Money]
    sharers: Sequence[Customer]

    @property
    def limit(self) -> Money:
        return Money(self.account.limit, self.account.currency)

    @property
    def exposure(self) -> Money:
        return Money(self.totals.sum, self.account.currency)

    @property
    def free(self) -> Money:
        return self.limit - self.exposure

    @property
    def is_over(self) -> bool:
        return self.totals.sum > self.account.limit

    @property
    def used_percent(self) -> int | None:
        return int(self.totals.sum * 100 / self.account.limit) if self.account.limit else None

    def parts(self, labels: Sequence[tuple[str, Any]]) -> list[Part]:
        """The parts that raise the exposure, drawn one after another up to the larger of both."""
        amounts = [self.totals.open_orders, self.totals.unbilled, self.totals.receivable]
        whole = max(self.account.limit, sum(amounts, ZERO)) or Decimal(1)
        start, drawn = ZERO, []
        for (css, label), amount in zip(labels, amounts, strict=True):
            width = (max(amount, ZERO) * 100 / whole).quantize(Decimal("0.01"))
            money = Money(amount, self.account.currency)
            drawn.append(Part(css, label, money, start, width))
            start += width
        return drawn

    @property
    def limit_mark(self) -> Decimal:
        """Where the limit stands on the bar, in percent."""
        raised = self.totals.sum + self.totals.unapplied
        whole = max(self.account.limit, raised) or Decimal(1)
        return (self.account.limit * 100 / whole).quantize(Decimal("0.01"))


def credit(customer: Customer, user: User) -> Credit:
    """The credit of a customer, and who shares it as far as the reader may see: two statements."""
    account = customer.credit_account
    rows = {row.currency: row for row in Exposure.objects.filter(credit_account=account)}
    own = rows.pop(account.currency, None)
    totals = (
        Totals(own.open_orders, own.unbilled, own.receivable, own.unapplied) if own else Totals()
    )
    sharers = (
        Customer.objects.visible_to(user)
        .filter(credit_account=account)
        .exclude(pk=customer.pk)
        .select_related("partner")
    )
    others = [
        Money(row.open_orders + row.unbilled + row.receivable - row.unapplied, currency)
        for currency, row in sorted(rows.items())
    ]
    return Credit(account, totals, [money for money in others if money], list(sharers))


def addresses(partner: Partner) -> list[Address]:
    """The addresses in use."""
    return list(Address.objects.filter(partner=partner, archived_at=None).order_by("purpose", "pk"))


def contacts(partner: Partner) -> list[Contact]:
    """The contacts in use."""
    return list(Contact.objects.filter(partner=partner, archived_at=None).order_by("purpose", "pk"))


def bank_accounts(partner: Partner) -> list[PartnerBankAccount]:
    """The bank accounts in use."""
    return list(PartnerBankAccount.objects.filter(partner=partner, archived_at=None).order_by("pk"))


def other_accounts(account: Customer | Supplier, user: User) -> list[Customer | Supplier]:
    """Other accounts of the same partner that the reader may see: two statements."""
    found: list[Customer | Supplier] = []
    for model in (Customer, Supplier):
        rows = model.objects.visible_to(user).filter(partner=account.partner_id)
        if isinstance(account, model):
            rows = rows.exclude(pk=account.pk)
        found += rows.select_related("company", "partner")
    return found


def history(account: Customer | Supplier) -> list[Change]:
    """What was changed in an account and what belongs to it, newest first."""
    partner = account.partner_id
    tracks = [
        Track(type(account), account.pk),
        Track(Partner, partner),
        *(_of(model, "partner_id", partner) for model in PARTS),
    ]
    if isinstance(account, Customer):
        tracks.append(Track(CreditAccount, account.credit_account_id))
    found = changes(*tracks)
    opened = min((change.at for change in found), default=None)
    return [c for c in found if c.before is not None or (_is_part(c) and c.at != opened)]


def terms_history(row: PaymentTerms) -> list[Change]:
    """What was changed in payment terms and their instalments."""
    tracks = Track(PaymentTerms, row.pk), _of(TermsInstalment, "terms_id", row.pk)
    return [change for change in changes(*tracks) if change.before is not None]


def _of(model: type[Model], column: str, pk: int) -> Track:
    return Track(model, pk, column)


def _is_part(change: Change) -> bool:
    """Parts added later are told; what an account was opened with is not."""
    return change.what in {str(m._meta.verbose_name) for m in PARTS}


def people(company: Company) -> list[tuple[int, str]]:
    """People with a role in the company, to be chosen from."""
    members = Membership.objects.filter(company=company).values("user_id")
    rows = User.objects.filter(pk__in=members, is_active=True, is_system=False).order_by("name")
    return list(rows.values_list("pk", "name"))
