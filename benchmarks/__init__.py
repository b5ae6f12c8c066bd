"""Measurements against the peers; each module says how to run it."""
