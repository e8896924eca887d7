"""Bulk: tables of any size, settled to the same fen as one person.

Every module here needs the extra ``bulk`` (NumPy and PyArrow) and is imported when it is asked for.
"""
