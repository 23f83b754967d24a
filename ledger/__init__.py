"""The books: double entry that nobody can change, and the open items of both sides.

    deed ── posting.post(entries) ──> Entry ──< EntryLine      (balanced by trigger, append-only)
         └─ items.open_items(…)   ──> OpenItem                 (one subledger for both sides)
    deed ── settlement.allocate(pairs) ──> Allocation ──> entry; touched items go back to the
                                           owner's step, which keeps the document's open amount

Period and module:  open → soft_closed → closed → locked,  closed → open by a controller.
"""
