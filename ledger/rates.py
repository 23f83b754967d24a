"""Rates of exchange: 1 unit of the company's currency = x units of the other."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from core import checks, formats
from core.models import Company
from core.money import round_amount, round_to
from core.refusals import Refused
from ledger.drafts import RateDraft

RATE_DIGITS = 12
LARGEST = Decimal(10) ** (24 - RATE_DIGITS)
PIVOT = "EUR"  # central banks of Europe publish what one euro is worth

# For each wanted (currency, day), what is on file up to that day, with its own day: the pair
# itself, the pair turned round, and the two rates of the pivot currency.
LATEST = """
SELECT w.quote, w.on_day, direct."on", direct.rate, turned."on", turned.rate,
       least(own."on", other."on"), own.rate, other.rate
  FROM unnest(%(quotes)s::text[], %(days)s::date[]) AS w(quote, on_day)
""" + "".join(
    f"""
  LEFT JOIN LATERAL (SELECT r."on", r.rate FROM ledger_fxrate r
                      WHERE r.base = {base} AND r.quote = {quote} AND r."on" <= w.on_day
                      ORDER BY r."on" DESC LIMIT 1) AS {name} ON TRUE"""
    for name, base, quote in (
        ("direct", "%(base)s", "w.quote"),
        ("turned", "w.quote", "%(base)s"),
        ("own", "%(pivot)s", "%(base)s"),
        ("other", "%(pivot)s", "w.quote"),
    )
)


def rate(company: Company, currency: str, on: date) -> Decimal:
    """The rate of one currency on one day; 1 for the company's own."""
    return find_rates(company, [(currency, on)])[currency, on]


def find_rates(
    company: Company, wanted: Iterable[tuple[str, date]]
) -> dict[tuple[str, date], Decimal]:
    """The rates of several (currency, day), in one statement, or none for the own currency.

    Raises Refused `rates.missing`.
    """
    pairs = set(wanted)
    rates = {pair: Decimal(1) for pair in pairs if pair[0] == company.currency}
    foreign = sorted(pairs - rates.keys())
    if foreign:
        rates.update(_read(company, foreign))
    return rates


def _read(company: Company, pairs: list[tuple[str, date]]) -> dict[tuple[str, date], Decimal]:
    given: dict[str, Any] = {
        "base": company.currency,
        "pivot": PIVOT,
        "quotes": [currency for currency, _on in pairs],
        "days": [on for _currency, on in pairs],
    }
    with connection.cursor() as cursor:
        cursor.execute(LATEST, given)
        return {
            (currency, on): _chosen(company, currency, on, *found)
            for currency, on, *found in cursor.fetchall()
        }


def _chosen(company: Company, currency: str, on: date, *found: Any) -> Decimal:
    """The rate of the latest day; of one day the pair itself, then turned round, then across."""
    direct_on, direct, turned_on, turned, across_on, own, other = found
    quoted: list[tuple[date, Decimal]] = []
    if direct:
        quoted.append((direct_on, direct))
    if turned:
        quoted.append((turned_on, round_to(1 / turned, RATE_DIGITS)))
    if own and other:
        quoted.append((across_on, round_to(other / own, RATE_DIGITS)))
    if quoted:
        return max(quoted, key=itemgetter(0))[1]
    raise Refused(
        "rates.missing",
        _(
            "No rate of %(currency)s to %(base)s is on file for %(day)s. "
            "Enter one under Administration, Exchange rates."
        )
        % {"currency": currency, "base": company.currency, "day": formats.day(on)},
    )


def to_base(amount: Decimal, rate: Decimal, company: Company) -> Decimal:
    """An amount in another currency in the company's, rounded once."""
    return round_amount(amount / rate, company.currency)


def checked_rate(draft: RateDraft) -> RateDraft:
    """The rate as it would be stored, or Refused."""
    base, quote = checks.currency(draft.base), checks.currency(draft.quote)
    if base == quote:
        raise Refused("rates.same_currency", _("A rate needs two different currencies."))
    if not 0 < draft.rate < LARGEST:
        raise Refused(
            "rates.not_positive", _("A rate lies above zero and below a million million.")
        )
    if draft.rate != round_to(draft.rate, RATE_DIGITS):
        raise Refused("rates.digits", _("A rate has at most 12 decimals."))
    return RateDraft(base, quote, draft.on, draft.rate, draft.source.strip()[:40])
