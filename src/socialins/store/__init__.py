"""The journal (流水账): events kept append-only, in one hash chain, in a file or in PostgreSQL."""

from socialins.store.chain import Checked
from socialins.store.errors import Busy, Conflict, Damaged, StoreError
from socialins.store.lines import export_lines, import_lines, read_lines, verify_lines
from socialins.store.opening import is_database, open_store
from socialins.store.postgres import PostgresStore
from socialins.store.protocol import Store
from socialins.store.record import Head, Record, Snapshot, Stored
from socialins.store.signed_head import HeadReport, head_to_sign, verify_head
from socialins.store.sqlite import SqliteStore

__all__ = [
    "Busy",
    "Checked",
    "Conflict",
    "Damaged",
    "Head",
    "HeadReport",
    "PostgresStore",
    "Record",
    "Snapshot",
    "SqliteStore",
    "Store",
    "StoreError",
    "Stored",
    "export_lines",
    "head_to_sign",
    "import_lines",
    "is_database",
    "open_store",
    "read_lines",
    "verify_head",
    "verify_lines",
]
