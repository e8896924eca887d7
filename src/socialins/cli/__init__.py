"""The command line: a thin face over the library.

The command exists without its extra, so that somebody who installed only the library is told what
to install instead of meeting a traceback. Importing this package therefore loads nothing.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run the command ``socialins`` and end the process.

    Arguments:
        argv: the arguments after the command's name; left out, the process's own.

    Raises:
        SystemExit: always; 0 done, 1 faults found or strict settling stopped, 2 wrong usage or a
            part that is not installed.
    """
    from socialins.cli.language import choose_language
    from socialins.faults import MissingExtra, require

    arguments = sys.argv[1:] if argv is None else list(argv)
    _write_anything()
    try:
        require("click", "cli")
        require("rich", "cli")
    except MissingExtra as error:
        lang = choose_language(arguments)
        print(error.fault.message(lang), error.fault.remedy(lang), sep="\n", file=sys.stderr)
        sys.exit(2)
    from socialins.cli.app import app

    app.main(arguments, prog_name="socialins")
    sys.exit(0)


def _write_anything() -> None:
    """A terminal that can't show a character gets its code instead of a crash."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
