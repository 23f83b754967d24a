"""VAT arithmetic of EN 16931, and which tax code a supply falls under. Pure but for `load`.

All amounts are rounded to the currency once, in the order of the standard: line, document
allowance, group, tax of the group (BR-CO-10 to BR-CO-17). Rules: docs/algorithms/tax.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from core.models import Company
from core.money import ZERO, round_amount, split
from core.refusals import Refused
from ledger.models import TaxCategory, TaxCode

HUNDRED = Decimal(100)
EU = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)


class Taxed(NamedTuple):
    """The net of a line (or its gross, in gross mode) and how it is taxed."""

    amount: Decimal
    category: str
    rate: Decimal
    reason: str = ""


class Group(NamedTuple):
    """One row of the VAT breakdown (BG-23): taxable amount BT-116 and tax BT-117."""

    category: str
    rate: Decimal
    net: Decimal
    tax: Decimal
    reason: str = ""


@dataclass(frozen=True)
class Breakdown:
    """The totals of a document (BG-22) and its VAT groups, in one currency."""

    line_total: Decimal  # BT-106
    allowance: Decimal  # BT-107
    groups: tuple[Group, ...]

    @property
    def net(self) -> Decimal:
        """BT-109."""
        return self.line_total - self.allowance

    @property
    def tax(self) -> Decimal:
        """BT-110."""
        return sum((group.tax for group in self.groups), ZERO)

    @property
    def gross(self) -> Decimal:
        """BT-112."""
        return self.net + self.tax


def net_of_line(
    quantity: Decimal,
    unit_price: Decimal,
    discount_percent: Decimal,
    currency: str,
) -> Decimal:
    """BT-131: quantity × price rounded, less its discount rounded."""
    full = round_amount(quantity * unit_price, currency)
    return full - round_amount(full * discount_percent / HUNDRED, currency)


def group(
    lines: Sequence[Taxed],
    currency: str,
    *,
    allowance: Decimal = ZERO,
) -> Breakdown:
    """Totals and VAT groups of net lines; a document allowance is spread over the groups.

    Tax is rounded once per group, never per line. Groups come in the order of their first line.
    """
    nets = _sum_by_rate(lines)
    shares = split(allowance, list(nets.values()), currency) if allowance else [ZERO] * len(nets)
    bases = {key: net - share for (key, net), share in zip(nets.items(), shares, strict=True)}
    reasons = _reasons(lines)
    groups = tuple(
        Group(*key, net, round_amount(net * key[1] / HUNDRED, currency), reasons[key])
        for key, net in bases.items()
    )
    return Breakdown(sum((line.amount for line in lines), ZERO), allowance, groups)


def group_gross(lines: Sequence[Taxed], currency: str) -> tuple[Breakdown, list[Decimal]]:
    """Totals and groups of prices that include tax, and the net of each line.

    The gross is authoritative: tax = gross × rate ÷ (100 + rate), net the difference. Some gross
    amounts cannot be reached from any net, so the tax is never computed again from the net.
    """
    groups, nets = [], [ZERO] * len(lines)
    reasons = _reasons(lines)
    for key, gross in _sum_by_rate(lines).items():
        tax = round_amount(gross * key[1] / (HUNDRED + key[1]), currency)
        groups.append(Group(*key, gross - tax, tax, reasons[key]))
        places = [i for i, line in enumerate(lines) if (line.category, line.rate) == key]
        shares = split(gross - tax, [lines[i].amount for i in places], currency)
        for i, share in zip(places, shares, strict=True):
            nets[i] = share
    return Breakdown(sum(nets, ZERO), ZERO, tuple(groups)), nets


def cumulative_tax(
    rate: Decimal, net_before: Decimal, tax_before: Decimal, net: Decimal, currency: str
) -> Decimal:
    """The tax of a further partial credit of `net`, when parts were credited before.

    Tax on all that is credited, less the tax credited already: the last part closes to the cent.
    """
    return round_amount((net_before + net) * rate / HUNDRED, currency) - tax_before


class BaseValues(NamedTuple):
    """A document in the company's currency: net = gross − tax, spread over groups and lines."""

    gross: Decimal
    tax: list[Decimal]
    net: list[Decimal]


def in_base(
    gross: Decimal,
    taxes: Sequence[Decimal],
    nets: Sequence[Decimal],
    rate: Decimal,
    base: str,
) -> BaseValues:
    """Converts gross and each tax; the net is what is left, shared out in proportion to `nets`."""
    base_gross = round_amount(gross / rate, base)
    base_taxes = [round_amount(tax / rate, base) for tax in taxes]
    base_net = base_gross - sum(base_taxes, ZERO)
    return BaseValues(base_gross, base_taxes, split(base_net, nets, base))


def _sum_by_rate(lines: Sequence[Taxed]) -> dict[tuple[str, Decimal], Decimal]:
    sums: dict[tuple[str, Decimal], Decimal] = {}
    for line in lines:
        key = (line.category, line.rate)
        sums[key] = sums.get(key, ZERO) + line.amount
    return sums


def _reasons(lines: Sequence[Taxed]) -> dict[tuple[str, Decimal], str]:
    return {(line.category, line.rate): line.reason for line in reversed(lines)}


# --- which code -----------------------------------------------------------------------------------


class Buyer(NamedTuple):
    """What of a customer decides the tax: where the goods go, and whether it is a business."""

    country: str
    is_business: bool
    vat_id: str = ""


@dataclass(frozen=True)
class TaxTable:
    """The tax codes of a company, read once for a whole deed."""

    country: str
    domestic: Mapping[str, Sequence[TaxCode]]  # by the product's tax class
    abroad: Mapping[str, Sequence[TaxCode]]  # by category


def load(company: Company) -> TaxTable:
    """Reads the tax codes of a company, in one statement."""
    domestic: dict[str, list[TaxCode]] = {}
    abroad: dict[str, list[TaxCode]] = {}
    for code in TaxCode.objects.filter(company=company).order_by("-valid_from", "pk"):
        where, key = (domestic, code.tax_class) if code.tax_class else (abroad, str(code.category))
        where.setdefault(key, []).append(code)
    return TaxTable(company.country, domestic, abroad)


def determine(
    table: TaxTable, buyer: Buyer, tax_class: str, on: date, *, goods: bool = True
) -> TaxCode:
    """The tax code of a supply on its day of supply.

    At home by the product's tax class; to a business of another EU country with a VAT number
    intra-community (goods) or reverse charge (services); out of the EU an export (goods) or, to
    a business, outside the scope (services). Anyone else is taxed as at home. Raises Refused
    `tax.no_code`.
    """
    category = _category_abroad(table, buyer, tax_class, goods=goods)
    codes = table.abroad.get(category, ()) if category else table.domestic.get(tax_class, ())
    for code in codes:
        if code.valid_from <= on and (code.valid_to is None or on <= code.valid_to):
            return code
    raise Refused(
        "tax.no_code",
        _("No tax code fits “%(what)s” on %(day)s. Add one under Administration, Tax codes.")
        % {"what": TaxCategory(category).label if category else tax_class, "day": on},
    )


def _category_abroad(
    table: TaxTable, buyer: Buyer, tax_class: str, *, goods: bool
) -> TaxCategory | None:
    """The category of a supply that is not taxed as at home; None for one that is."""
    if TaxCategory.OUTSIDE_SCOPE in table.abroad and not table.domestic:
        return TaxCategory.OUTSIDE_SCOPE  # a country without VAT
    if buyer.country == table.country or tax_class == "exempt":
        return None
    if table.country in EU and buyer.country in EU:
        if not (buyer.is_business and buyer.vat_id):
            return None
        return TaxCategory.INTRA_COMMUNITY if goods else TaxCategory.REVERSE_CHARGE
    if goods:
        return TaxCategory.EXPORT
    return TaxCategory.OUTSIDE_SCOPE if buyer.is_business else None
