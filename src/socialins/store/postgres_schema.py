"""The tables of a journal in PostgreSQL, in a schema of their own; its steps are like SQLite's."""

from __future__ import annotations

__all__ = ["STEPS", "VERSION_TABLE"]

VERSION_TABLE = "CREATE TABLE IF NOT EXISTS $schema_version (version integer NOT NULL)"
"""Kept apart from the steps, since it says which of them were made."""

STEPS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE $streams (
            id bigint PRIMARY KEY,
            name text COLLATE "C" NOT NULL UNIQUE,
            version bigint NOT NULL
        )""",
        """CREATE TABLE $events (
            sequence bigint PRIMARY KEY,
            stream bigint NOT NULL REFERENCES $streams (id),
            version bigint NOT NULL,
            type text NOT NULL,
            at text NOT NULL,
            payload text NOT NULL,
            digest bytea NOT NULL,
            UNIQUE (stream, version)
        )""",
        """CREATE TABLE $head (
            id integer PRIMARY KEY CHECK (id = 1),
            sequence bigint NOT NULL,
            digest bytea NOT NULL
        )""",
        "INSERT INTO $head VALUES (1, 0, decode(repeat('00', 32), 'hex'))",
        """CREATE TABLE $snapshots (
            stream bigint PRIMARY KEY REFERENCES $streams (id),
            version bigint NOT NULL,
            payload text NOT NULL,
            digest bytea NOT NULL
        )""",
        """CREATE FUNCTION $append_only() RETURNS trigger LANGUAGE plpgsql AS
        %BODY%BEGIN RAISE EXCEPTION 'a journal is append-only'; END%BODY%""",
        """CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON $events
        FOR EACH STATEMENT EXECUTE FUNCTION $append_only()""",
    ),
)
"""Step n brings a journal from version n to n + 1."""
