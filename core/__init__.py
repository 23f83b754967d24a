"""What every app stands on: companies and rights, money, time, deeds and their record.

    request ── door (access) ── deed (actions: one durable transaction)
                                  ├─ lock, check, compute, change   (locks, states, bulk)
                                  ├─ number                         (numbering, last lock)
                                  └─ record ── Event ── FollowUp    (events, follow_ups)
                                                          └─ runner ── the next deed

`core` knows no other app but `users`. Upper apps hand it their words at start-up (`kinds`).
"""
