"""The documents' own open amount and state, kept in step with their open items.

Every deed that calls `ledger.settlement` calls `apply` with what was touched, in the same
transaction. An invoice is settled when nothing is open, and issued again when an allocation is
reversed.
"""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.db import connection

from core.actions import inside_transaction
from core.money import ZERO
from ledger.settlement import TouchedItem

KIND = "invoice"

# The two transitions Invoice.settle and Invoice.reopen, for a set, with the state they start from.
APPLY = """
UPDATE invoicing_invoice AS i
   SET open_amount = i.open_amount + u.change,
       state = CASE WHEN i.open_amount + u.change = 0 THEN 'settled' ELSE 'issued' END
  FROM unnest(%s::bigint[], %s::numeric[]) AS u(id, change)
 WHERE i.id = u.id AND i.state IN ('issued', 'settled')
"""


@inside_transaction
def apply(touched: Iterable[TouchedItem]) -> None:
    """Moves the open amount of the invoices and credit notes whose items were touched.

    The locks of those items guard it, in key order as every lock of invoices.
    """
    changes: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for item in touched:
        if item.source_kind == KIND:
            changes[item.source_id] += item.change
    if not changes:
        return
    with connection.cursor() as cursor:
        ids = sorted(changes)
        cursor.execute(APPLY, [ids, [changes[pk] for pk in ids]])
        if cursor.rowcount != len(changes):
            raise RuntimeError("An open item names an invoice that is not issued.")
