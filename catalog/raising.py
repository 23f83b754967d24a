"""Raising all prices of a list by so many percent: what it would do, and doing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from catalog.models import PriceList
from core import formats
from core.actions import inside_transaction
from core.models import Event, EventSubject
from core.refusals import NeedsConfirmation, Refused

# A price with an end over a standing one is a campaign. It keeps its amount.
GOES_UP = """
       p.price_list_id = %(list)s
   AND EXISTS (SELECT FROM catalog_product a WHERE a.id = p.product_id AND a.archived_at IS NULL)
   AND (p.valid_to IS NULL OR NOT EXISTS (
       SELECT FROM catalog_price s
        WHERE s.price_list_id = p.price_list_id AND s.product_id = p.product_id
          AND s.min_quantity = p.min_quantity
          AND s.valid_to IS NULL AND s.valid_from <= p.valid_from))
"""
# What becomes of prices that begin on the day or later, and go up in place.
COMING = f"""
SELECT p.id, p.product_id, p.min_quantity, p.valid_from, p.valid_to, p.amount,
       round(p.amount * (100 + %(percent)s) / 100, %(digits)s) AS raised
  FROM catalog_price p
 WHERE p.valid_from >= %(on)s AND {GOES_UP}
"""
# A price that began before goes up on the first day from `on` on which no later one covers it.
STANDING = f"""
SELECT p.id, p.product_id, p.min_quantity, free.day AS valid_from, p.valid_to, p.amount,
       round(p.amount * (100 + %(percent)s) / 100, %(digits)s) AS raised
  FROM catalog_price p
 CROSS JOIN LATERAL (
       SELECT min(day) AS day
         FROM (SELECT %(on)s::date AS day
                UNION ALL
               SELECT c.valid_to + 1 FROM catalog_price c
                WHERE c.price_list_id = p.price_list_id AND c.product_id = p.product_id
                  AND c.min_quantity = p.min_quantity AND c.valid_to >= %(on)s) days
        WHERE NOT EXISTS (
              SELECT FROM catalog_price c
               WHERE c.price_list_id = p.price_list_id AND c.product_id = p.product_id
                 AND c.min_quantity = p.min_quantity AND c.valid_from > p.valid_from
                 AND c.valid_from <= day AND (c.valid_to IS NULL OR c.valid_to >= day))) free
 WHERE p.valid_from < %(on)s AND free.day <= coalesce(p.valid_to, free.day) AND {GOES_UP}
"""
RAISE_COMING = f"""
UPDATE catalog_price p SET amount = c.raised FROM ({COMING}) c WHERE p.id = c.id
"""
RAISE_STANDING = f"""
INSERT INTO catalog_price (price_list_id, product_id, min_quantity, valid_from, valid_to, amount)
SELECT %(list)s, s.product_id, s.min_quantity, s.valid_from, s.valid_to, s.raised
  FROM ({STANDING}) s
"""
PLAN = f"""
SELECT a.code, a.name, r.min_quantity, r.valid_from, r.amount, r.raised, count(*) OVER (),
       count(*) FILTER (WHERE r.raised = 0) OVER ()
  FROM ({COMING} UNION ALL {STANDING}) r JOIN catalog_product a ON a.id = r.product_id
 ORDER BY a.code, r.min_quantity, r.valid_from
 LIMIT %(examples)s
"""
LEAST, MOST, MOST_DIGITS = Decimal(-100), Decimal(1000), 8
BELIEVED = Decimal(50)  # percent up or down; beyond that a decimal point may have slipped
EXAMPLES = 5


@dataclass(frozen=True)
class Example:
    """One price and what becomes of it from a day on."""

    code: str
    name: str
    min_quantity: Decimal
    valid_from: date
    amount: Decimal
    raised: Decimal


@dataclass(frozen=True)
class Plan:
    """What a raise would do: how many prices, some of them, and how many would be nothing."""

    examples: Sequence[Example]
    count: int = 0
    at_zero: int = 0


def refuse_change(percent: Decimal, digits: int) -> None:
    """Refuses a change by which nothing would be left of a price, or that nobody would believe."""
    if not LEAST < percent <= MOST or not 0 <= digits <= MOST_DIGITS:
        rule = _("The change must be above -100 and at most 1000 percent; a price keeps 0 to 8"
                 " decimals.")  # fmt: skip
        raise Refused("catalog.percent", rule, field="percent")


def plan(price_list: PriceList, *, percent: Decimal, on: date, digits: int) -> Plan:
    """What `raise_amounts` would do now; one statement. Refuses as it does."""
    refuse_change(percent, digits)
    with connection.cursor() as cursor:
        said = _said(price_list, percent, on, digits)
        cursor.execute(PLAN, {**said, "examples": EXAMPLES})
        rows = cursor.fetchall()
    if not rows:
        raise nothing_to_raise(on)
    return Plan([Example(*row[:6]) for row in rows], *rows[0][6:])


def questions(price_list: PriceList, percent: Decimal, on: date) -> list[NeedsConfirmation]:
    """What a person is asked before a raise; nothing where it is an ordinary one."""
    asked = []
    if abs(percent) > BELIEVED:
        words = _("%(percent)s %% is a large change. Compare the examples.")
        asked.append(
            NeedsConfirmation("catalog.large_change", words % {"percent": signed(percent)})
        )
    if earlier := _earlier(price_list, on):
        words = _(
            "The prices from %(on)s on were changed by %(percent)s %% already, by %(by)s on"
            " %(day)s. They would change again, and what they were in between is not kept."
        )
        said = {
            "on": formats.day(on),
            "percent": signed(Decimal(earlier.facts["percent"])),
            "by": earlier.by,
            "day": formats.day(earlier.at),
        }
        asked.append(NeedsConfirmation("catalog.raised_already", words % said))
    return asked


def signed(percent: Decimal) -> str:
    """A change as people write it: +3.5, −10."""
    return f"{'+' if percent > 0 else ''}{formats.number(percent, 0, 4)}"


def _earlier(price_list: PriceList, on: date) -> Event | None:
    """The last raise of a list from the same day on."""
    of_list = EventSubject.objects.filter(
        event_id=OuterRef("pk"), kind="price_list", subject_id=price_list.pk
    )
    rows = Event.objects.filter(
        Exists(of_list), company=price_list.company_id, verb="price_list.prices_set"
    )
    return rows.filter(facts__on=str(on)).select_related("by").order_by("-pk").first()


def nothing_to_raise(on: date) -> Refused:
    """What is said where no price would change."""
    rule = _("No price of this list is valid from %(day)s on. Choose another day.")
    return Refused("catalog.nothing_to_raise", rule % {"day": formats.day(on)}, field="on")


@inside_transaction
def raise_amounts(price_list: PriceList, *, percent: Decimal, on: date, digits: int) -> int:
    """Changes the prices of a list by so many percent from a day on.

    A price in force then ends where the changed one begins: on that day, or once the campaign over
    it has ended. Prices that begin that day or later are changed in place. Campaigns keep theirs.
    Two statements; rounds half away from zero to `digits` decimals. Returns how many were changed.
    """
    said = _said(price_list, percent, on, digits)
    with connection.cursor() as cursor:
        cursor.execute(RAISE_COMING, said)
        coming = int(cursor.rowcount)
        cursor.execute(RAISE_STANDING, said)
        return coming + int(cursor.rowcount)


def _said(price_list: PriceList, percent: Decimal, on: date, digits: int) -> dict[str, Any]:
    return {"list": price_list.pk, "percent": percent, "on": on, "digits": digits}
