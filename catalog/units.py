"""The units of measure there are: UN/ECE Recommendation 20 codes, which e-invoices carry."""

from collections.abc import Collection

from catalog.models import Unit
from core.actions import inside_transaction

# code → name, decimals of a quantity
UNITS: dict[str, tuple[str, int]] = {
    "C62": ("piece", 0),
    "PR": ("pair", 0),
    "SET": ("set", 0),
    "BX": ("box", 0),
    "XPK": ("pack", 0),
    "XPX": ("pallet", 0),
    "RO": ("roll", 0),
    "GRM": ("gram", 3),
    "KGM": ("kilogram", 3),
    "TNE": ("tonne", 3),
    "MTR": ("metre", 3),
    "KMT": ("kilometre", 3),
    "MTK": ("square metre", 3),
    "MTQ": ("cubic metre", 3),
    "LTR": ("litre", 3),
    "MIN": ("minute", 0),
    "HUR": ("hour", 2),
    "DAY": ("day", 2),
    "MON": ("month", 2),
    "ANN": ("year", 2),
    "KWH": ("kilowatt hour", 3),
}


@inside_transaction
def unit_ids(codes: Collection[str]) -> dict[str, int]:
    """Ids of units by code; those not used before are written first."""
    found = dict(Unit.objects.filter(code__in=codes).values_list("code", "pk"))
    if new := sorted(set(codes) - found.keys()):
        Unit.objects.bulk_create(
            [Unit(code=code, name=UNITS[code][0], digits=UNITS[code][1]) for code in new],
            ignore_conflicts=True,
        )
        found = dict(Unit.objects.filter(code__in=codes).values_list("code", "pk"))
    return found
