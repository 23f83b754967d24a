"""What the machine can do: the figures behind every claim of speed, measured in one run.

    world.py   a company to work in, filled by the product's own bulk deeds
    cycle.py   one order from entry to settled, a commit per deed: statements, time, CPU
    limit.py   the same rows as issuing writes, by INSERT … SELECT: what PostgreSQL could do
    pages.py   every list and document page: statements at 10 and 200 rows, time at the full size

In process, on the embedded PostgreSQL with fsync on, in a folder of its own under var/bench.
"""
