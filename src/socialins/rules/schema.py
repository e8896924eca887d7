"""JSON Schema of rule files, for editors: made from the classes that the loader reads by.

It is never a second truth: `rules.schema.json` beside this module is its output, and a test fails
when the two differ. Other formats of the same make have theirs from `schema_of`. Editors with TOML
support use it through the first line of a rule file, ``#:schema <path>``.
"""

from __future__ import annotations

import types
from datetime import date
from enum import StrEnum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs

from socialins.rules.keys import doc_of, key_of
from socialins.rules.rulefile import RuleFile
from socialins.values import Money, Month, Rate

__all__ = ["rule_file_schema", "schema_of"]

_TEXTS: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    date: {"type": "string", "format": "date"},
    Month: {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"},
    Money: {
        "anyOf": [{"type": "string", "pattern": r"^\d+(\.\d{1,2})?$"}, {"type": "integer"}],
    },
    Rate: {"type": "string", "pattern": r"^\d+(\.\d+)?(%|‰)?$"},
}


def rule_file_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a rule file.

    >>> rule_file_schema()["required"]
    ['division']
    """
    return schema_of(RuleFile, "socialins rule file")


def schema_of(cls: type[Any], title: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a file whose format is a class of `key` fields.

    Arguments:
        cls: the class.
        title: what the file is.
    """
    definitions: dict[str, Any] = {}
    _object(cls, definitions)
    body = definitions.pop(cls.__name__)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **body,
        "$defs": dict(sorted(definitions.items())),
    }


def _object(cls: type[Any], definitions: dict[str, Any]) -> dict[str, Any]:
    if cls.__name__ not in definitions:
        definitions[cls.__name__] = {}  # stops a class that contains itself
        hints = get_type_hints(cls)
        properties = {}
        required = []
        for field in attrs.fields(cls):
            described = _value(hints[field.name], definitions)
            if doc := doc_of(field):
                described = {"description": doc, **described}
            properties[key_of(field)] = described
            if field.default is attrs.NOTHING:
                required.append(key_of(field))
        definitions[cls.__name__] = {
            "type": "object",
            "description": (cls.__doc__ or "").partition("\n")[0],
            "properties": properties,
            "required": required,
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{cls.__name__}"}


def _value(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if kind in _TEXTS:
        return dict(_TEXTS[kind])
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        choices = [_value(one, definitions) for one in inner if one is not type(None)]
        return choices[0] if len(choices) == 1 else {"anyOf": choices}
    if origin is Literal:
        return {"enum": list(inner)}
    if origin in (tuple, frozenset):
        listed = {"type": "array", "items": _value(inner[0], definitions)}
        return {**listed, "uniqueItems": True} if origin is frozenset else listed
    if origin is dict:
        return {"type": "object", "additionalProperties": _value(inner[1], definitions)}
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"enum": [member.value for member in kind]}
    if attrs.has(kind):
        return _object(kind, definitions)
    raise TypeError(f"no schema is known for {kind}; add it beside the loader's hook for it")
