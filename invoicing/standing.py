"""What holds for every invoice of a company: its tax codes, terms of payment, own bank account.

One statement for all three; `Standing` is read once for a whole deed.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from core.models import Company
from core.refusals import Refused
from partners.terms import Instalment

STANDING = """
SELECT (SELECT jsonb_agg(jsonb_build_array(id, code, category, rate, exemption_reason, valid_from,
                                         valid_to) ORDER BY valid_from, id)
          FROM ledger_taxcode WHERE company_id = %(company)s),
       (SELECT jsonb_agg(jsonb_build_array(t.id, t.name, i.percent, i.rule, i.months, i.days)
                        ORDER BY t.id, i.position)
          FROM partners_paymentterms t JOIN partners_termsinstalment i ON i.terms_id = t.id
         WHERE t.company_id = %(company)s),
       (SELECT jsonb_agg(jsonb_build_array(iban, bic, title, currency) ORDER BY is_default DESC, id)
          FROM ledger_bankaccount WHERE company_id = %(company)s AND archived_at IS NULL)
"""


class Tax(NamedTuple):
    """A tax code: category and rate of EN 16931, on some days."""

    id: int
    code: str
    category: str
    rate: Decimal
    reason: str
    valid_from: str
    valid_to: str | None


class Terms(NamedTuple):
    """Terms of payment: what is printed, and the instalments."""

    text: str
    parts: Sequence[Instalment]


@dataclass(frozen=True)
class Standing:
    """The company's tax codes and terms by id, and the seller of each currency as JSON text."""

    company: Company
    taxes: Mapping[int, Tax]
    terms: Mapping[int, Terms]
    banks: Sequence[tuple[str, str, str, str]]

    def tax(self, tax_code_id: int, on: date) -> Tax:
        """The tax code, or the one that took its place by the day of supply."""
        tax = self.taxes[tax_code_id]
        if tax.valid_to is None or on.isoformat() <= tax.valid_to:
            return tax
        for other in self.taxes.values():
            last = other.valid_to or "9999"
            if other.code == tax.code and other.valid_from <= on.isoformat() <= last:
                return other
        raise Refused(
            "tax.no_code",
            _(
                "The tax code %(code)s has no rate for %(day)s. "
                "Add one under Administration, Tax codes."
            )
            % {"code": tax.code, "day": on},
        )

    def seller(self, currency: str) -> str:
        """The seller as printed (BG-4), with the bank account for payments in `currency`."""
        company = self.company
        bank = next((b for b in self.banks if b[3] == currency), None) or next(iter(self.banks), ())
        return json.dumps(
            {
                "name": company.name,
                "legal_name": company.legal_name,
                "street": company.street,
                "postcode": company.postcode,
                "city": company.city,
                "country": company.country,
                "vat_id": company.vat_id,
                "registration_id": company.registration_id,
                "email": company.email,
                "phone": company.phone,
                "currency": company.currency,
                **dict(zip(("iban", "bic", "bank"), bank, strict=False)),
            }
        )


def load(company: Company) -> Standing:
    """Reads it all in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING, {"company": company.pk})
        taxes, terms, banks = map(_rows, cursor.fetchone())
    by_terms: dict[int, Terms] = {}
    for pk, name, percent, rule, months, days in terms:
        text, parts = by_terms.get(pk, Terms(name, ()))
        by_terms[pk] = Terms(text, [*parts, Instalment(Decimal(percent), rule, months, days)])
    return Standing(
        company,
        {row[0]: Tax._make(row)._replace(rate=Decimal(row[3])) for row in taxes},
        by_terms,
        [tuple(row) for row in banks],
    )


def _rows(aggregate: str | None) -> list[Any]:
    """A JSON aggregate as rows; numbers stay exact."""
    rows: list[Any] = json.loads(aggregate or "[]", parse_float=Decimal)
    return rows
