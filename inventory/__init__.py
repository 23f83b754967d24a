"""Stock: what lies where, what is promised, what it cost.

receive/adjust ──> StockDocument ──< Move ──> Stock (on hand, value)      Dr/Cr INVENTORY
confirm order  ──> Reservation ──> Stock (reserved)     free = on hand − reserved ≥ 0
ship           ──> Move, reservation used               Dr COGS, Cr INVENTORY at average cost
"""
