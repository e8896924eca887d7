"""The texts of plugins' own faults: a region's prompts and checks need words that are its own.

A plugin ships them as data, in the folder ``faults/`` of its package, in files like those of the
core. Its codes begin with its name, so that no plugin changes another's words, or the library's.
"""

from __future__ import annotations

from collections.abc import Mapping

from socialins.faults.catalogue import CatalogueEntry, Texts, core_catalogue

__all__ = ["entry_of", "is_listed", "use_texts"]

_of_plugins: dict[str, Texts] = {}


def use_texts(plugin: str, texts: Mapping[str, str]) -> None:
    """Use the texts of a plugin's faults from now on, in place of those it had before.

    Arguments:
        plugin: the plugin's name, which its codes begin with, ``_`` written as ``-``.
        texts: name of a file → what stands in it; none of it is read before it is asked for.

    Raises:
        ValueError: if a code is not the plugin's, or listed twice.
    """
    owner = plugin.replace("_", "-")
    found = Texts(texts)
    if found and owner in {code.partition(".")[0] for code in core_catalogue().entries}:
        raise ValueError(f"{owner!r} is a word of the library's own codes; rename the plugin")
    for code in found:
        if code.partition(".")[0] != owner:
            raise ValueError(f"fault code {code!r} is none of {plugin}'s; begin it with {owner}.")
    _of_plugins[owner] = found


def entry_of(code: str) -> CatalogueEntry:
    """The texts of a code, the library's or a plugin's.

    Raises:
        KeyError: for a code that nobody lists.
    """
    texts = _of_plugins.get(code.partition(".")[0])
    return texts[code] if texts and code in texts else core_catalogue().entry(code)


def is_listed(code: str) -> bool:
    """Whether the library or a plugin in use has texts for a code."""
    return code in _of_plugins.get(code.partition(".")[0], {}) or code in core_catalogue().entries
