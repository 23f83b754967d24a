"""The units of measure there are: UN/ECE Recommendation 20 codes, which e-invoices carry."""

from collections.abc import Collection
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from catalog.models import Unit
from core.actions import inside_transaction


class Measure(NamedTuple):
    """A unit of measure: its name, the decimals a quantity has, and how a document prints it."""

    name: str
    digits: int
    printed: Any


UNITS: dict[str, Measure] = {
    "C62": Measure("piece", 0, _("pcs")),
    "PR": Measure("pair", 0, _("pairs")),
    "SET": Measure("set", 0, _("sets")),
    "BX": Measure("box", 0, _("boxes")),
    "XPK": Measure("pack", 0, _("packs")),
    "XPX": Measure("pallet", 0, _("pallets")),
    "RO": Measure("roll", 0, _("rolls")),
    "GRM": Measure("gram", 3, "g"),
    "KGM": Measure("kilogram", 3, "kg"),
    "TNE": Measure("tonne", 3, "t"),
    "MTR": Measure("metre", 3, "m"),
    "KMT": Measure("kilometre", 3, "km"),
    "MTK": Measure("square metre", 3, "m²"),
    "MTQ": Measure("cubic metre", 3, "m³"),
    "LTR": Measure("litre", 3, "l"),
    "MIN": Measure("minute", 0, "min"),
    "HUR": Measure("hour", 2, _("h")),
    "DAY": Measure("day", 2, _("days")),
    "MON": Measure("month", 2, _("months")),
    "ANN": Measure("year", 2, _("years")),
    "KWH": Measure("kilowatt hour", 3, "kWh"),
}


@inside_transaction
def unit_ids(codes: Collection[str]) -> dict[str, int]:
    """Ids of units by code; those not used before are written first."""
    found = dict(Unit.objects.filter(code__in=codes).values_list("code", "pk"))
    if new := sorted(set(codes) - found.keys()):
        Unit.objects.bulk_create(
            [Unit(code=code, name=UNITS[code].name, digits=UNITS[code].digits) for code in new],
            ignore_conflicts=True,
        )
        found = dict(Unit.objects.filter(code__in=codes).values_list("code", "pk"))
    return found


def printed(code: str) -> str:
    """How a document prints a unit: a word in the language of the moment, or its symbol."""
    return str(UNITS[code].printed) if code in UNITS else code
