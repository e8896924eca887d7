"""Faults (提示): coded problems that carry their own explanation and remedies.

Whatever goes wrong for a user is a `Fault`: a stable dotted code, the values that matter, and the
place. The sentences, in Chinese and English, stand in the TOML files under `texts/`; nothing else
in the library writes prose for users. Errors are exceptions that carry a fault. The package imports
nothing else of the library.
"""

from socialins.faults.catalogue import Catalogue, CatalogueEntry, core_catalogue
from socialins.faults.errors import FaultError, MissingExtra, SocialinsError, require
from socialins.faults.fault import Fault, Lang, Place, Severity
from socialins.faults.plugin_texts import is_listed, use_texts
from socialins.faults.text import Text

__all__ = [
    "Catalogue",
    "CatalogueEntry",
    "Fault",
    "FaultError",
    "Lang",
    "MissingExtra",
    "Place",
    "Severity",
    "SocialinsError",
    "Text",
    "core_catalogue",
    "is_listed",
    "require",
    "use_texts",
]
