"""Money that arrives: bank statements, receipts, and which invoice they pay, with the reason why.

file ── import_statements ──> BankStatement ──< BankTransaction
credit transaction ── record_receipts ──> Receipt ── OpenItem (unapplied)   Dr BANK
                   ── match ──> evidence ── apply_receipts ──> Allocation   Dr UNAPPLIED Cr AR
what no rule explains waits on the cash application worklist.

Receipt: recorded → reversed; applied, partly applied and unapplied are derived.
"""
