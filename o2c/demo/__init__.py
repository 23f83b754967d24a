"""The demo company's two years, lived week by week through the real deeds.

    company.py    the three companies and the people who work there
    market.py     customers, products, prices and stock, made from a fixed seed
    habits.py     how customers pay: early, on time, late, not at all any more
    bank.py       what the banks report: camt.053 statements
    story.py      the weeks: enter, submit, ship, bill, receive, match

The same seed and the same day give the same company. The clock travels, nothing is faked: every
row is written by the deed that writes it in daily work, on sets per company and week.
"""
