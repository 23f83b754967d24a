"""Collections: who is late, what to chase first, and what was said about it.

    open items (ledger) ── ageing, late list ── contact noted ── next contact due

The package is not named `collections`: at the root that name would hide Python's own. Everywhere
a person reads it, it is "Collections".
"""
