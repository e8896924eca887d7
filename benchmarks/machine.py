"""What was measured on: no name of a host and no path, only what bears on the figures."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.places import python_of

ASKED = {
    "": (
        "numpy",
        "pyarrow",
        "duckdb",
        "python-calamine",
        "rustpy-xlsxwriter",
        "pillow",
        "fpdf2",
        "cryptography",
        "gmalg",
        "python-pkcs11",
    ),
    "native": ("numba", "numpy"),
    "records": ("attrs", "cattrs", "msgspec", "orjson"),
    "pandas": ("pandas", "numpy", "openpyxl"),
    "openfisca": ("openfisca-core", "numpy"),
    "policyengine": ("policyengine-core", "numpy"),
    "ttsim": ("ttsim-backend", "numpy"),
    "pdf": ("fpdf2", "reportlab", "typst", "weasyprint"),
}

_VERSIONS = """
import json, sys
from importlib.metadata import PackageNotFoundError, version
found = {}
for name in sys.argv[1:]:
    try:
        found[name] = version(name)
    except PackageNotFoundError:
        pass
print(json.dumps(found))
"""


def machine() -> dict[str, Any]:
    """Processors, architecture, system, Python, memory, and when."""
    return {
        "cores": os.cpu_count(),
        "architecture": platform.machine(),
        "processor": _processor(),
        "system": platform.system(),
        "memory_gb": _memory(),
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "day": datetime.now(UTC).date().isoformat(),
        "load_before": [round(one, 2) for one in os.getloadavg()]
        if hasattr(os, "getloadavg")
        else [],
    }


def versions() -> dict[str, dict[str, str]]:
    """Environment → package → version."""
    found: dict[str, dict[str, str]] = {}
    for environment, names in ASKED.items():
        python = python_of(environment)
        if python is not None:
            said = subprocess.run(
                [python, "-c", _VERSIONS, *names], capture_output=True, text=True, check=True
            )
            found[environment or "socialins"] = json.loads(said.stdout)
    return found


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "")


def _memory() -> int | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
    except (AttributeError, ValueError, OSError):
        return None
