"""The chart of accounts and the tax codes that a new company starts with."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from ledger.models import Account, AccountRole, TaxCategory
from ledger.tax import EU

Role, Kind = AccountRole, Account.Kind

# Numbers after the German standard chart for industry (SKR 04), one account per role.
CHART: tuple[tuple[str, AccountRole, Account.Kind], ...] = (
    ("1100", Role.INVENTORY, Kind.ASSET),
    ("1200", Role.AR_CONTROL, Kind.ASSET),
    ("1205", Role.UNBILLED_RECEIVABLE, Kind.ASSET),
    ("1210", Role.AR_REVALUATION, Kind.ASSET),
    ("1248", Role.ECL_ALLOWANCE, Kind.ASSET),
    ("1260", Role.IC_RECEIVABLE, Kind.ASSET),
    ("1180", Role.SUPPLIER_PREPAYMENTS, Kind.ASSET),
    ("1405", Role.VAT_RC_INPUT, Kind.ASSET),
    ("1406", Role.VAT_INPUT, Kind.ASSET),
    ("1433", Role.VAT_IMPORT, Kind.ASSET),
    ("1460", Role.PAYMENT_CLEARING, Kind.ASSET),
    ("1461", Role.CARD_CLEARING, Kind.ASSET),
    ("1462", Role.DD_CLEARING, Kind.ASSET),
    ("1800", Role.BANK, Kind.ASSET),
    ("2970", Role.RETAINED_EARNINGS, Kind.EQUITY),
    ("3250", Role.CUSTOMER_DEPOSITS, Kind.LIABILITY),
    ("3260", Role.UNAPPLIED_RECEIPTS, Kind.LIABILITY),
    ("3300", Role.AP_CONTROL, Kind.LIABILITY),
    ("3310", Role.GRNI, Kind.LIABILITY),
    ("3320", Role.LANDED_COST_CLEARING, Kind.LIABILITY),
    ("3400", Role.IC_PAYABLE, Kind.LIABILITY),
    ("3806", Role.VAT_OUTPUT, Kind.LIABILITY),
    ("3835", Role.VAT_RC_OUTPUT, Kind.LIABILITY),
    ("3900", Role.DEFERRED_REVENUE, Kind.LIABILITY),
    ("4400", Role.REVENUE, Kind.INCOME),
    ("4570", Role.FREIGHT_INCOME, Kind.INCOME),
    ("4690", Role.IC_REVENUE, Kind.INCOME),
    ("4700", Role.REVENUE_RETURNS, Kind.INCOME),
    ("4730", Role.DISCOUNT_GIVEN, Kind.INCOME),
    ("4840", Role.FX_REALISED, Kind.INCOME),
    ("4841", Role.FX_UNREALISED, Kind.INCOME),
    ("4850", Role.DUNNING_FEE_INCOME, Kind.INCOME),
    ("5400", Role.COGS, Kind.EXPENSE),
    ("5410", Role.PRICE_VARIANCE, Kind.EXPENSE),
    ("5730", Role.DISCOUNT_RECEIVED, Kind.EXPENSE),
    ("5880", Role.INVENTORY_DIFFERENCE, Kind.EXPENSE),
    ("6300", Role.EXPENSE, Kind.EXPENSE),
    ("6330", Role.IC_EXPENSE, Kind.EXPENSE),
    ("6855", Role.BANK_FEES, Kind.EXPENSE),
    ("6856", Role.PAYMENT_FEES, Kind.EXPENSE),
    ("6857", Role.CHARGEBACK_FEES, Kind.EXPENSE),
    ("6910", Role.PAYMENT_DIFFERENCE, Kind.EXPENSE),
    ("6923", Role.ECL_EXPENSE, Kind.EXPENSE),
    ("6930", Role.BAD_DEBT, Kind.EXPENSE),
    ("7110", Role.LATE_INTEREST_INCOME, Kind.INCOME),
    ("9000", Role.OPENING_BALANCE, Kind.EQUITY),
)

# Country → standard and reduced rate of VAT in percent, and since when they hold.
RATES: dict[str, tuple[str, str, date]] = {
    "AT": ("20", "10", date(2021, 1, 1)),
    "BE": ("21", "6", date(2021, 1, 1)),
    "CH": ("8.1", "2.6", date(2024, 1, 1)),
    "DE": ("19", "7", date(2021, 1, 1)),
    "ES": ("21", "10", date(2021, 1, 1)),
    "FR": ("20", "5.5", date(2021, 1, 1)),
    "GB": ("20", "5", date(2021, 1, 1)),
    "IE": ("23", "13.5", date(2021, 3, 1)),
    "IT": ("22", "10", date(2021, 1, 1)),
    "LU": ("17", "8", date(2024, 1, 1)),
    "NL": ("21", "9", date(2021, 1, 1)),
    "PL": ("23", "8", date(2021, 1, 1)),
}
LONG_AGO = date(2021, 1, 1)


class NewTaxCode(NamedTuple):
    """A tax code of the template."""

    code: str
    name: str
    category: TaxCategory
    tax_class: str
    rate: Decimal
    reason: str
    valid_from: date


def tax_codes(country: str) -> list[NewTaxCode]:
    """The codes for a seller in `country`; without VAT there (US), one outside its scope."""
    if country == "US":
        reason = "Not subject to VAT"
        return [
            NewTaxCode("O", reason, TaxCategory.OUTSIDE_SCOPE, "", Decimal(0), reason, LONG_AGO)
        ]
    return [*_domestic(country), *_abroad(country)]


def _domestic(country: str) -> list[NewTaxCode]:
    zero = Decimal(0)
    codes = []
    if country in RATES:
        standard, reduced, since = RATES[country]
        codes = [
            NewTaxCode(
                f"S{rate}", f"{rate} %", TaxCategory.STANDARD, name, Decimal(rate), "", since
            )
            for name, rate in (("standard", standard), ("reduced", reduced))
        ]
    return [
        *codes,
        NewTaxCode("Z", str(_("Zero rated")), TaxCategory.ZERO, "zero", zero, "", LONG_AGO),
        NewTaxCode(
            "E",
            str(_("Exempt")),
            TaxCategory.EXEMPT,
            "exempt",
            zero,
            "Exempt from VAT",
            LONG_AGO,
        ),
    ]


def _abroad(country: str) -> list[NewTaxCode]:
    inside = (
        ("K", _("Intra-community supply"), TaxCategory.INTRA_COMMUNITY, "Intra-community supply"),
        ("AE", _("Reverse charge"), TaxCategory.REVERSE_CHARGE, "Reverse charge"),
    )
    everywhere = (
        ("G", _("Export"), TaxCategory.EXPORT, "Export outside the EU"),
        ("O", _("Outside the scope"), TaxCategory.OUTSIDE_SCOPE, "Not subject to VAT here"),
    )
    return [
        NewTaxCode(code, str(name), category, "", Decimal(0), reason, LONG_AGO)
        for code, name, category, reason in (
            (*inside, *everywhere) if country in EU else everywhere
        )
    ]
