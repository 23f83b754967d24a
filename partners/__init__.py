"""Who we sell to and buy from.

A `Partner` is one identity for all companies; a `Customer` or `Supplier` is that partner's
account with one company: its terms, its limit, its people.

    Partner ──< Address, Contact, TaxId, PartnerBankAccount
       └──< Customer >── CreditAccount ──< Exposure (one row per currency, kept by the deeds above)
       └──< Supplier
"""
