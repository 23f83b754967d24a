"""What the books know about payments to be matched: likely payers, and items they may mean.

One statement for any number of payments; `matching` decides on what is found.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from core.models import Company
from core.numbering import SERIES
from payments import quotes
from payments.findings import open_of
from payments.matching import Item, Payment
from payments.models import Receipt
from payments.quotes import Quotes

# Names are compared as `quotes.fold_name` writes them, in the same steps.
FOLDED = """
regexp_replace(upper(normalize(replace(replace(replace(replace(replace(replace(replace(upper(
    {name}), 'Ä', 'AE'), 'Ö', 'OE'), 'Ü', 'UE'), 'ß', 'SS'), 'ä', 'AE'), 'ö', 'OE'), 'ü', 'UE'),
    NFKD)), '[^A-Z0-9]', '', 'g')
"""
FIND = f"""
WITH said AS (
    SELECT * FROM unnest(%(receipts)s::bigint[], %(ibans)s::text[], %(names)s::text[])
               AS t(receipt_id, iban, name)
), payer AS (
    SELECT s.receipt_id, c.id AS customer_id, 'iban' AS known_by
      FROM said s
      JOIN partners_partnerbankaccount b ON b.iban = s.iban AND b.archived_at IS NULL
      JOIN partners_customer c ON c.partner_id = b.partner_id
     WHERE s.iban <> '' AND c.company_id = %(company)s AND c.archived_at IS NULL
     UNION
    SELECT s.receipt_id, n.id, 'name'
      FROM (SELECT c.id, {FOLDED.format(name="p.name")} AS name,
                   {FOLDED.format(name="p.legal_name")} AS legal_name
              FROM partners_customer c
              JOIN partners_partner p ON p.id = c.partner_id
             WHERE c.company_id = %(company)s AND c.archived_at IS NULL
               AND EXISTS (SELECT FROM said s WHERE s.name <> '' AND NOT EXISTS
                              (SELECT FROM partners_partnerbankaccount WHERE iban = s.iban))
           ) AS n
      JOIN said s ON s.name IN (n.name, n.legal_name) AND s.name <> ''
), wanted AS (
    SELECT id FROM ledger_openitem
     WHERE company_id = %(company)s AND payment_reference <> ''
       AND payment_reference = ANY(%(references)s)
     UNION
    SELECT id FROM ledger_openitem
     WHERE company_id = %(company)s AND source_name = ANY(%(numbers)s)
     UNION
    SELECT id FROM ledger_openitem
     WHERE company_id = %(company)s AND open_amount <> 0 AND customer_id = ANY(%(customers)s)
     UNION
    SELECT i.id FROM payer p
      JOIN ledger_openitem i ON i.customer_id = p.customer_id
     WHERE i.company_id = %(company)s AND i.open_amount <> 0
)
SELECT p.receipt_id, p.customer_id, p.known_by, c.credit_account_id,
       NULL, NULL, NULL, NULL::date, NULL, NULL::numeric
  FROM payer p
  JOIN partners_customer c ON c.id = p.customer_id
 UNION ALL
SELECT NULL, i.customer_id, NULL, c.credit_account_id,
       i.id, i.source_name, i.payment_reference, i.due_on, i.currency, i.open_amount
  FROM wanted w
  JOIN ledger_openitem i ON i.id = w.id
  JOIN partners_customer c ON c.id = i.customer_id
 WHERE i.side = 'debit' AND i.account_role = 'AR_CONTROL'
"""
MOST_OF_ONE_NAME = 5


@dataclass(frozen=True, slots=True)
class Found:
    """Payments ready to be decided on, the items they may pay, customers' credit accounts."""

    payments: list[Payment]
    items: list[Item]
    credit_accounts: dict[int, int]


def find(company: Company, receipts: Sequence[Receipt]) -> Found:
    """Reads candidates for receipts, which come with their open items and transactions."""
    said = {receipt.pk: read_quotes(receipt) for receipt in receipts}
    known = {r.pk: r.customer_id for r in receipts if r.customer_id}
    unknown = [r for r in receipts if r.pk not in known]
    payers, items, credit_accounts = _read(
        company,
        {
            "company": company.pk,
            "receipts": [r.pk for r in unknown],
            "ibans": [_iban(r) for r in unknown],
            "names": [quotes.fold_name(r.payer) for r in unknown],
            "references": sorted({ref for q in said.values() for ref in q.references}),
            "numbers": sorted({number for q in said.values() for number in q.numbers}),
            "customers": sorted(set(known.values())),
        },
    )
    payments = [
        Payment(
            r.pk,
            open_of(r),
            r.currency,
            said[r.pk],
            *(((known[r.pk],), r.known_by) if r.pk in known else _payer(payers[r.pk])),
            r.hands_off,
        )
        for r in receipts
    ]
    return Found(payments, items, credit_accounts)


def read_quotes(receipt: Receipt) -> Quotes:
    """References and numbers that came with a receipt."""
    on_statement = receipt.transaction
    prefix = SERIES["invoice"][0]
    if on_statement is None:
        return quotes.read("", receipt.text, prefix)
    said = f"{receipt.text} {on_statement.end_to_end_id}"
    return quotes.read(on_statement.reference, said, prefix)


def _iban(receipt: Receipt) -> str:
    return receipt.transaction.counterparty_iban if receipt.transaction else ""


def _payer(found: Mapping[str, set[int]]) -> tuple[tuple[int, ...], str]:
    """The account beats the name; several customers are as good as none, but worth telling."""
    for known_by in ("iban", "name"):
        if found.get(known_by):
            return tuple(sorted(found[known_by])[:MOST_OF_ONE_NAME]), known_by
    return (), ""


Payers = Mapping[int, Mapping[str, set[int]]]


def _read(company: Company, given: dict[str, Any]) -> tuple[Payers, list[Item], dict[int, int]]:
    payers: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    items: list[Item] = []
    credit_accounts: dict[int, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(FIND, given)
        for receipt_id, customer_id, known_by, credit_account_id, *item in cursor.fetchall():
            credit_accounts[customer_id] = credit_account_id
            if receipt_id is not None:
                payers[receipt_id][known_by].add(customer_id)
            else:
                pk, document, reference, *rest = item
                items.append(Item(pk, customer_id, document, quotes.compact(reference), *rest))
    return payers, items, credit_accounts
