"""Engines: the same job, one module for each way of doing it; each runs in a process of its own."""
