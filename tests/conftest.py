"""Fixtures for all tests; the servers of the run are started by `tests/cluster.py`."""
