"""One box for everything: numbers whole or short, names, references and amounts.

`SO-2026-00017`, `2026-17` and `17` find documents by number, `acme` customers and products, a
customer's own order number its order, `RF18…` its invoice, and `1190` or `1.190,00` what has that
amount. Every look-up is an equality or a prefix that an index serves, or runs over master data. An
index on what invoices come to costs some 2 % of issuing them, and saves reading all of them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import CharField, DecimalField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat

from analytics import together
from analytics.together import Reader
from catalog.models import Product
from core import formats
from core.kinds import KINDS
from core.numbering import SERIES
from core.refusals import Refused
from core.spreadsheets import parse_number
from invoicing.models import Invoice
from ledger.models import OpenItem
from orders.drafts import reference_key
from orders.models import Order, Shipment
from partners.models import Customer
from payments.models import Receipt

MOST = 8  # of one kind
LONGEST = 200
YEARS = 5
NUMBER = re.compile(r"(?:(?P<prefix>[A-Z]{2,4})-)?(?:(?P<year>20\d\d)-)?(?P<serial>[0-9]{1,9})")
BEGINNING = re.compile(r"[A-Z]{2,4}-(?:20\d\d-?)?")
CURRENCY = re.compile(r"\s*(?:\b[A-Z]{3}\b|[€$£])\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Hit:
    """One thing found: its name, what it is about, an amount where it has one, its address."""

    name: str
    title: str
    amount: str
    url: str


@dataclass(frozen=True)
class Group:
    """What was found of one kind."""

    kind: str
    label: Any
    hits: list[Hit]


def find(reader: Reader, text: str) -> list[Group]:
    """What the reader may see and the text may mean, in one statement."""
    text = " ".join(text.replace("\0", " ").split())[:LONGEST]
    parts = _parts(reader, text) if text else ()
    found: dict[str, dict[str, Hit]] = {}
    for kind, name, title, amount, currency in together.rows(parts):
        money = formats.amount(amount, currency, code=True) if amount is not None else ""
        hit = Hit(name, title, money, reader.address(kind, name))
        found.setdefault(kind, {}).setdefault(name, hit)
    return [Group(kind, KINDS[kind].plural, list(hits.values())) for kind, hits in found.items()]


def numbers(text: str, year: int) -> Q | None:
    """The condition on a number: whole, its beginning, or its last digits in recent years."""
    given = text.upper()
    found = NUMBER.fullmatch(given)
    if not found:
        return Q(number__startswith=given) if BEGINNING.fullmatch(given) else None
    by_year = [prefix for prefix, _chronological, endless in SERIES.values() if not endless]
    prefixes = [found["prefix"]] if found["prefix"] else by_year
    years = [int(found["year"])] if found["year"] else range(year, year - YEARS, -1)
    serial = int(found["serial"])
    return Q(number__in=[given, *(f"{p}-{y}-{serial:05d}" for p in prefixes for y in years)])


def amounts(text: str) -> list[Decimal]:
    """The amounts a text can mean, in any of the ways people write them."""
    bare = CURRENCY.sub("", text)
    try:
        return [parse_number(bare, places=4)]
    except Refused as refusal:
        both = [refusal.numbers.get(size) for size in ("large", "small")]
        return [Decimal(number) for number in both if number]


def _parts(reader: Reader, text: str) -> Iterator[QuerySet[Any, Any]]:
    named = Q(number=text.upper()) | Q(partner__name__icontains=text)
    yield _part("customer", reader.rows(Customer, named), "partner__name")
    year = reader.company.fiscal_year(reader.today)
    by_number, of_amount = numbers(text, year), Q(amount__in=amounts(text))
    if by_number:
        yield _part("order", reader.rows(Order, by_number), CUSTOMER, "gross")
    if key := reference_key(text):
        by_reference = Q(reference_key__startswith=key) & ~Q(reference_key="")
        yield _part("order", reader.rows(Order, by_reference), REFERENCE, "gross")
    if by_number:
        yield _part("shipment", reader.rows(Shipment, by_number), f"order__{CUSTOMER}")
        yield _part("invoice", reader.rows(Invoice, by_number), CUSTOMER, "gross")
    referred = OpenItem.objects.filter(
        company=reader.company,
        payment_reference=text.replace(" ", "").upper(),
        source_kind="invoice",
    )
    by_payment = Q(pk__in=referred.values("source_id"))
    yield _part("invoice", reader.rows(Invoice, by_payment), CUSTOMER, "gross")
    of_gross = Q(gross__in=amounts(text))
    yield _part("invoice", reader.rows(Invoice, of_gross), CUSTOMER, "gross")
    if by_number:
        yield _part("receipt", reader.rows(Receipt, by_number), PAYER, "amount")
    yield _part("receipt", reader.rows(Receipt, of_amount), PAYER, "amount")
    article = Q(code__istartswith=text) | Q(name__icontains=text)
    products = Product.objects.visible_to(reader.user).filter(article, archived_at=None)
    yield _part("product", products, "name", name="code")


CUSTOMER = "customer__partner__name"
DRAFTED = {"order", "invoice"}  # have no number at first
DRAFT = Concat(Value("draft-"), Cast("pk", CharField()), output_field=CharField())
PAYER = Coalesce(CUSTOMER, "payer")
REFERENCE = Concat(F(CUSTOMER), Value(", "), F("customer_reference"), output_field=CharField())


def _part(
    kind: str, rows: QuerySet[Any, Any], title: Any, amount: str = "", name: str = "number"
) -> QuerySet[Any, Any]:
    """Kind, name, title, amount and currency of the newest rows."""
    nothing = Cast(Value(None), DecimalField(max_digits=20, decimal_places=4))
    return rows.order_by("-pk").values_list(
        Value(kind),
        Cast(Coalesce(name, DRAFT) if kind in DRAFTED else F(name), CharField()),
        Cast(title, CharField()),
        F(amount) if amount else nothing,
        F("currency") if amount else Value(""),
    )[:MOST]


def flat(groups: Sequence[Group]) -> list[dict[str, str]]:
    """The hits as the box below the search field shows them while one types."""
    return [
        {
            "value": hit.name,
            "label": f"{hit.name} {hit.title}".strip(),
            "note": " · ".join(filter(None, [str(KINDS[group.kind].label), hit.amount])),
            "url": hit.url,
        }
        for group in groups
        for hit in group.hits
    ]


def only(groups: Sequence[Group], text: str) -> Hit | None:
    """The one hit whose name is exactly what was asked for."""
    hits = [hit for group in groups for hit in group.hits]
    return hits[0] if len(hits) == 1 and hits[0].name == text.strip().upper() else None
