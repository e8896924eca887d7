"""JSON Schema of form files, for editors: made from the classes that the loader reads by.

`form.schema.json` beside this module is its output, and a test fails when the two differ.
"""

from __future__ import annotations

from typing import Any

from socialins.forms.papers.formfile import FormFile
from socialins.rules.schema import schema_of

__all__ = ["form_file_schema"]


def form_file_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a form file.

    >>> form_file_schema()["required"][:3]
    ['division', 'id', 'business']
    """
    return schema_of(FormFile, "socialins form file")
