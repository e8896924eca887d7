"""Fuzzing: any bytes given to the readers of files from others end in a value or in a fault.

`tools/dev.py fuzz [MINUTES [SEED [TARGET ...]]]` does it for an hour. Each target runs in a process
of its own, with bounds on memory and time. What is found is kept, made small, under out/fuzz/found.
tests/test_fuzz.py does the same for seconds, with fixed seeds.
"""
