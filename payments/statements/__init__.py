"""Bank statement files: one module per format reads bytes into `parsed.Statement`.

bytes ── xml (guarded) ── camt ──> parsed.Statement ── checks (sums and chain) ──> the deed
"""
