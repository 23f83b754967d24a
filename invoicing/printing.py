"""What is printed of an invoice or a credit note: all of it from the frozen document."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from babel import Locale
from django.utils import translation
from django.utils.translation import gettext as _

from catalog.units import printed
from core import formats
from core.models import Company, DocumentLink
from documents.renderings import Sheet
from invoicing import giro
from invoicing.models import Invoice, InvoiceLine
from ledger.models import TaxCategory

Names = dict[str, list[str]]


def sheets(company: Company, ids: Sequence[int]) -> Mapping[int, Sheet]:
    """The documents by id, in a fixed number of statements."""
    rows = (
        Invoice.objects.filter(company=company, pk__in=ids)
        .select_related("corrects")
        .prefetch_related("lines__tax_code", "tax_groups", "instalments")
    )
    names = _names_of_what_is_billed(ids)
    return {row.pk: _sheet(company, row, names[row.pk]) for row in rows}


def _names_of_what_is_billed(ids: Sequence[int]) -> dict[int, Names]:
    """The numbers of the orders and shipments of each invoice, by kind."""
    found: dict[int, Names] = defaultdict(lambda: defaultdict(list))
    links = DocumentLink.objects.filter(to_kind="invoice", to_id__in=ids, role="billed_by")
    for pk, kind, name in links.order_by("pk").values_list("to_id", "from_kind", "from_name"):
        found[pk][kind].append(name)
    return found


def _sheet(company: Company, row: Invoice, names: Names) -> Sheet:
    language = row.buyer.get("language") or company.language
    with translation.override(language):
        context = {
            "invoice": row,
            "seller": row.seller,
            "seller_address": address(row.seller, row.seller),
            "buyer": row.buyer,
            "buyer_address": address(row.buyer, row.buyer.get("address") or {}, row.seller),
            "ship_to": address({}, row.buyer.get("ship_to") or {}, row.seller),
            "facts": _facts(row, names),
            "lines": [_line(line, row.currency) for line in row.lines.all()],
            "has_discount": any(line.discount_percent for line in row.lines.all()),
            "groups": list(row.tax_groups.all()),
            "notes": _notes(row),
            "own_tax": _own_tax(company, row),
            "terms": row.terms_text if language == company.language else "",  # in its own words
            "instalments": list(row.instalments.all()),
            "iban": in_fours(row.seller.get("iban", "")),
            "reference": in_fours(row.payment_reference),
            "giro": _giro(row),
        }
    return Sheet(row.name, language, context)


def address(party: Mapping[str, Any], at: Mapping[str, Any], home: Any = None) -> list[str]:
    """The lines of an address; the country is named where it is not the sender's."""
    place = f"{at.get('postcode', '')} {at.get('city', '')}".strip()
    country = str(at.get("country") or party.get("country") or "")
    abroad = home is not None and country and country != home.get("country")
    return [
        line
        for line in (
            party.get("legal_name") or party.get("name"),
            at.get("addressee"),
            at.get("street"),
            at.get("street2"),
            place,
            _country(country).upper() if abroad else "",
        )
        if line
    ]


def _country(code: str) -> str:
    locale = Locale.parse(translation.to_locale(translation.get_language() or "en"))
    return str(locale.territories.get(code, code))


def _facts(row: Invoice, names: Names) -> list[tuple[str, str]]:
    """Numbers and days, as the law and the reader want them on top."""
    supplied = ""
    if row.supplied_on:
        supplied = formats.day(row.supplied_on)
        if row.supplied_from and row.supplied_from != row.supplied_on:
            supplied = f"{formats.day(row.supplied_from)} – {supplied}"
    corrected = row.corrects
    facts = [
        (_("Credit note number") if row.is_credit_note else _("Invoice number"), row.name),
        (_("Date"), formats.day(row.issued_on) if row.issued_on else ""),
        (_("For invoice"), _named(corrected) if corrected else ""),
        (_("Date of supply"), supplied),
        (_("Customer number"), row.buyer.get("number", "")),
        (_("Your order number"), row.customer_reference),
        (_("Our order"), _few(names["order"])),
        (_("Delivery note"), _few(names["shipment"])),
        (_("Your VAT number"), row.buyer.get("vat_id", "")),
        (_("Due"), formats.day(row.due_on) if row.due_on and not row.is_credit_note else ""),
    ]
    return [(label, value) for label, value in facts if value]


def _named(corrected: Invoice) -> str:
    on = f" ({formats.day(corrected.issued_on)})" if corrected.issued_on else ""
    return f"{corrected.name}{on}"


def _few(names: Sequence[str]) -> str:
    if len(names) <= 4:
        return ", ".join(names)
    return f"{', '.join(names[:3])} … {names[-1]}"


def _line(line: InvoiceLine, currency: str) -> dict[str, Any]:
    """A line; its price keeps the decimals it has beyond those of the currency."""
    price = formats.price(line.unit_price, currency)
    return {
        "row": line,
        "unit": printed(line.unit_code),
        "rate": line.tax_code.rate,
        "price": price,
    }


def _notes(row: Invoice) -> list[str]:
    """What the law wants said where no tax is charged, once per category."""
    said = {
        TaxCategory.REVERSE_CHARGE: _("Reverse charge: the recipient owes the VAT."),
        TaxCategory.INTRA_COMMUNITY: _("VAT-exempt intra-Community supply."),
        TaxCategory.EXPORT: _("VAT-exempt export."),
        TaxCategory.OUTSIDE_SCOPE: _("Outside the scope of VAT."),
    }
    notes = []
    for group in row.tax_groups.all():
        words = said.get(TaxCategory(group.category), "")
        if group.reason and group.reason not in words:
            words = f"{words} {group.reason}".strip()
        notes.append(words)
    return [note for note in dict.fromkeys(notes) if note]


def _own_tax(company: Company, row: Invoice) -> str:
    """The VAT in the seller's currency (BT-111) with its rate, where another one is billed."""
    home = row.seller.get("currency") or company.currency
    if row.currency == home or not row.tax:
        return ""
    return _("VAT in %(home)s: %(tax)s (1 %(home)s = %(rate)s %(currency)s)") % {
        "home": home,
        "tax": formats.amount(row.base_tax, home, code=True),
        "rate": formats.quantity(row.fx_rate),
        "currency": row.currency,
    }


def in_fours(text: str) -> str:
    """An IBAN or a reference as people read it aloud."""
    plain = text.replace(" ", "")
    return " ".join(plain[i : i + 4] for i in range(0, len(plain), 4))


def _giro(row: Invoice) -> str:
    """The code for a banking app; none for credit notes, other currencies and several parts."""
    seller, several = row.seller, len(row.instalments.all()) > 1
    if row.is_credit_note or row.currency != "EUR" or not seller.get("iban") or several:
        return ""
    if not 0 < row.gross <= giro.MOST:
        return ""
    return giro.drawing(
        giro.payload(
            seller["legal_name"],
            seller["iban"],
            seller.get("bic", ""),
            row.gross,
            row.payment_reference,
        )
    )
