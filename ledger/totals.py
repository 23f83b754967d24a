"""Folding new entries into the totals per account and day.

Postings never touch the totals, so they do not wait for each other there; a job folds in what is
settled. Entry ids of a company are drawn under the lock of its number series and thus grow in the
order of its commits: once nobody holds that lock, every entry up to the last id drawn is either
there to be read or will never be.
"""

from django.db import connection

from core.actions import inside_transaction
from core.locks import lock
from core.models import Company, NumberSeries
from ledger.models import TotalsMark

LAST_ID = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM ledger_entry_id_seq"

FOLD = """
INSERT INTO ledger_daytotal AS t
       (account_id, currency, day, base_debit, base_credit, debit, credit)
SELECT l.account_id, l.currency, l.posting_date,
       sum(greatest(l.base_amount, 0)), sum(greatest(-l.base_amount, 0)),
       sum(greatest(l.amount, 0)), sum(greatest(-l.amount, 0))
  FROM ledger_entry e JOIN ledger_entryline l ON l.entry_id = e.id
 WHERE e.company_id = %(company)s AND e.id > %(above)s AND e.id <= %(upto)s
 GROUP BY 1, 2, 3
    ON CONFLICT (account_id, day, currency) DO UPDATE
   SET base_debit = t.base_debit + excluded.base_debit,
       base_credit = t.base_credit + excluded.base_credit,
       debit = t.debit + excluded.debit,
       credit = t.credit + excluded.credit
"""


@inside_transaction
def find_settled_id(company: Company) -> int:
    """The id up to which all entries of the company are committed or void.

    Holds up its postings until this transaction ends, so nothing else belongs into it.
    """
    lock(NumberSeries.objects.filter(company=company, kind="entry"))
    with connection.cursor() as cursor:
        cursor.execute(LAST_ID)
        return int(cursor.fetchone()[0])


@inside_transaction
def fold(company: Company, upto: int) -> None:
    """Adds the entries above the company's mark, up to a settled id, to the totals."""
    marks = lock(TotalsMark.objects.filter(company=company))
    if not marks or marks[0].entry_id >= upto:
        return
    with connection.cursor() as cursor:
        cursor.execute(FOLD, {"company": company.pk, "above": marks[0].entry_id, "upto": upto})
    TotalsMark.objects.filter(company=company).update(entry_id=upto)
