"""Benchmarks: how fast, how large and how right each way of settling is, beside its peers.

Plain scripts of the repository, in no distribution. `make bench` runs everything and writes
docs/performance.md; `make bench-short` takes under a minute and fails only on a wrong fen.
"""
