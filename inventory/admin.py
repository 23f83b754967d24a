"""The admin site looks at stock; the pages change it."""

from core.admin import look_only
from inventory.models import Move, Reservation, Stock, StockDocument, Warehouse

look_only(Move, Reservation, Stock, StockDocument, Warehouse)
