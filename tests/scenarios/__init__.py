"""Stories as a bookkeeper would tell them, day by day, from the order to the proof of the books.

Everybody does their own part: the rep enters, the warehouse ships, the clerk applies money, and the
worker follows up at the end of each day. Every story ends with all invariants proved.
"""
