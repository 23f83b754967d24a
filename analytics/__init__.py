"""What looks across all apps and changes none of them.

    home       what waits for me            waiting
    dashboard  how the company stands       flows → dso, figures
    search     one box for everything       search
    proof      every invariant, recomputed  invariants, actions

A proof is asked for by a person or by the night, and run by the worker:

    asked ── prove_books ──> ended (each invariant with its violations and seconds)
"""
