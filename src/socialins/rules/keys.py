"""Fields of rule files: an attrs field with the key it has in TOML and a line for editors.

The attrs classes are the only definition of a rule file. The loader and the JSON Schema both read
them, so that neither can drift from the other.
"""

from __future__ import annotations

from typing import Any

import attrs

__all__ = ["doc_of", "key", "key_of", "said_by"]


def key(*, doc: str, name: str | None = None, default: Any = attrs.NOTHING, **field: Any) -> Any:
    """A field of a rule file.

    Arguments:
        doc: one line for the author of a rule file.
        name: the key in TOML where Python can't use it (``from``).
        default: the value when the key is left out; without one, the key is required.
        field: what `attrs.field` takes.
    """
    if "factory" not in field:
        field["default"] = default
    return attrs.field(metadata={"doc": doc, "key": name}, **field)


def key_of(attribute: attrs.Attribute[Any]) -> str:
    """The key of a field in TOML."""
    return attribute.metadata.get("key") or attribute.name


def doc_of(attribute: attrs.Attribute[Any]) -> str:
    """The line for the author of a rule file."""
    return str(attribute.metadata.get("doc", ""))


def said_by(table: attrs.AttrsInstance) -> dict[str, Any]:
    """What a table says: its keys that were not left out.

    Of tables that are put together key by key, the nearer level's answer comes first.
    """
    pairs = ((field.name, getattr(table, field.name)) for field in attrs.fields(type(table)))
    return {name: value for name, value in pairs if value not in (None, ())}
