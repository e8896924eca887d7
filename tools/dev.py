#!/usr/bin/env python3
# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""The developer's commands, on nothing but Python; they make .venv if it is missing or stale.

`make TASK` and `uv run tools/dev.py TASK` both come here, so that Linux, macOS and Windows run the
same steps. .venv holds exactly requirements.lock, checked by hash, and the workspace's
distributions in editable form; .venv-mutation is the same with one tool more. Arguments after the
task go to its tool: `tools/dev.py test -k fen`.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

OLDEST_PYTHON = (3, 11)
UV = "uv>=0.9,<1"

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
MUTATION_VENV = ROOT / ".venv-mutation"
FUZZ_VENV = ROOT / ".venv-fuzz"
SPARK_LOCK = ROOT / "requirements-spark.lock"
SPARK_VENV = ROOT / ".venv-spark"
OLDEST_JAVA = 17
SIGNING_VENV = ROOT / ".venv-signing"
CARDS = ROOT / "tests" / "signing_stack" / "cards"
CARDS_VENVS = ROOT / ".venv-cards"
SIGNING_PACKAGES = {
    "gcc": "gcc",
    "openssl": "openssl",
    "pcscd": "pcscd",
    "pdfsig": "poppler-utils",
    "softhsm2-util": "softhsm2",
    "unzip": "unzip",
    "certutil": "libnss3-tools",
    "/usr/include/PCSC/winscard.h": "libpcsclite-dev",
    "/usr/lib/*/libcacard.so.0": "libcacard0",
    "/usr/lib/*/opensc-pkcs11.so": "opensc-pkcs11",
    "/usr/lib/pcsc/drivers/serial/libifdvpcd.so": "vsmartcard-vpcd",
}
"""What the tests of signing need: a program, or a file by its pattern, and Debian's package."""

PEERS = ROOT / "benchmarks" / "environments"
DIST = ROOT / "dist"
PROJECTS = (ROOT, *sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml")))

LEFTOVERS = (
    ".venv",
    ".venv-mutation",
    ".venv-fuzz",
    ".venv-spark",
    ".venv-signing",
    ".venv-cards",
    ".venv-bench-*",
    "dist",
    "out",
    ".coverage",
    "htmlcov",
    ".hypothesis",
    ".import_linter_cache",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
)


class Stop(Exception):
    """A command can't go on; the text tells the developer why, and what to do."""


# Tasks ------------------------------------------------------------------------------------------


def demo(arguments: Sequence[str]) -> int:
    """Settle a month for the example rosters of all regions and show the result."""
    ensure_venv()
    return run(tool("python"), "examples/demo.py", *arguments)


def test(arguments: Sequence[str]) -> int:
    """Run the tests and doctests of all distributions."""
    ensure_venv()
    return run(tool("pytest"), "--numprocesses=auto", "--dist=worksteal", *arguments)


def coverage(arguments: Sequence[str]) -> int:
    """Run the tests as `test` does, and show which lines none of them reaches; twice the time."""
    return test(["--cov", *arguments])


def lint(arguments: Sequence[str]) -> int:
    """Check style, format, types and the direction of imports; report on all four."""
    no_arguments(arguments)
    ensure_venv()
    statuses = [
        run(tool("ruff"), "check"),
        run(tool("ruff"), "format", "--check"),
        run(tool("mypy")),
        run(tool("lint-imports"), "--no-logo"),
    ]
    return next((status for status in statuses if status), 0)


def format_(arguments: Sequence[str]) -> int:
    """Format the sources, and mend what can be mended by itself."""
    no_arguments(arguments)
    ensure_venv()
    mended = run(tool("ruff"), "check", "--fix")
    return run(tool("ruff"), "format") or mended


def schema(arguments: Sequence[str]) -> int:
    """Write the editors' schemas anew, after the classes of rule or form files changed."""
    no_arguments(arguments)
    ensure_venv()
    return run(tool("python"), "tools/schema.py")


def timelines(arguments: Sequence[str]) -> int:
    """Show bounds and rates of all regions through time; draw docs/timelines anew."""
    ensure_venv()
    return run(tool("python"), "tools/timeline.py", *arguments)


def mutation(arguments: Sequence[str]) -> int:
    """Count the mistakes that no test would notice, in all packages measured or those named."""
    if os.name == "nt":
        raise Stop("mutmut can't run on Windows; Windows's Linux (WSL) will do")
    ensure_venv(MUTATION_VENV, group="mutation")
    return run(tool("python", MUTATION_VENV), "tools/mutation.py", *arguments)


def test_spark(arguments: Sequence[str]) -> int:
    """Run the tests on a small Spark cluster of this machine, if it has Java; three minutes."""
    if lacking := java_lacking():
        print(f"Skipped: {lacking} Spark's tests need Java {OLDEST_JAVA} or newer.")
        return 0
    ensure_venv(SPARK_VENV, kept=SPARK_LOCK)
    return run(tool("pytest", SPARK_VENV), "tests/spark", *arguments)


def test_signing(arguments: Sequence[str]) -> int:
    """Test keys on real stacks: a PC/SC daemon with others' cards, SoftHSM, OpenSSL; a minute."""
    if not sys.platform.startswith("linux"):
        print("Skipped: the virtual reader that cards are put into runs on Linux only.")
        return 0
    # Debian keeps daemons where not everybody looks for programs.
    os.environ["PATH"] = os.pathsep.join((os.environ["PATH"], "/usr/sbin", "/sbin"))
    if lacking := system_lacking(SIGNING_PACKAGES):
        print(f"Skipped: {lacking}")
        return 0
    ensure_venv(SIGNING_VENV, group="signing")
    for kept in sorted(CARDS.glob("*.txt")):
        ensure_peers(kept, CARDS_VENVS / kept.stem)
    os.environ |= {"SOCIALINS_SIGNING_STACK": "1", "SOCIALINS_CARDS": str(CARDS_VENVS)}
    return run(tool("pytest", SIGNING_VENV), "tests/signing_stack", *arguments)


def test_crash(arguments: Sequence[str]) -> int:
    """Kill a filing process a thousand times; two to five minutes. `KILLS SEED` may follow."""
    if not hasattr(os, "fork"):
        raise Stop("the processes to be killed are made by fork, which Windows lacks; WSL has it")
    ensure_venv()
    kills, seed, *_ = (*arguments, *("1000", "1")[len(arguments) :])
    with tempfile.TemporaryDirectory() as scratch:
        return run(tool("python"), "tests/store/crash.py", scratch, kills, seed)


def fuzz(arguments: Sequence[str]) -> int:
    """Give the readers of others' files any bytes, an hour. `MINUTES SEED TARGETS` may follow."""
    ensure_venv(FUZZ_VENV, group="fuzz")
    return run(tool("python", FUZZ_VENV), "-m", "tools.fuzz", *arguments)


def bench(arguments: Sequence[str]) -> int:
    """Measure all targets beside their peers, and write docs/performance.md; some 20 minutes."""
    ensure_venv()
    for kept in sorted(PEERS.glob("*.txt")):
        ensure_peers(kept)
    return run(tool("python"), "-m", "benchmarks.run", *arguments)


def bench_short(arguments: Sequence[str]) -> int:
    """Check every target to the fen and time it roughly, without the peers; under a minute."""
    ensure_venv()
    return run(tool("python"), "-m", "benchmarks.run", "--short", *arguments)


def lock(arguments: Sequence[str]) -> int:
    """Bring all locks up to date with their ranges; `--upgrade` also takes newer releases."""
    with tempfile.TemporaryDirectory() as scratch:
        venv = Path(scratch) / "venv"
        make_venv(venv)
        pip_install(venv, UV)
        locks = [(LOCK, project_ranges()), (SPARK_LOCK, spark_ranges())]
        others = [*sorted(PEERS.glob("*.in")), *sorted(CARDS.glob("*.in"))]
        locks += [(one.with_suffix(".txt"), [place(one)]) for one in others]
        for kept, ranges in locks:
            resolved = Path(scratch) / kept.name
            if kept.exists():
                shutil.copyfile(kept, resolved)  # uv keeps the versions it finds here
            status = run(tool("uv", venv), *lock_command(resolved), *ranges, *arguments)
            if status:
                return status
            text = resolved.read_text(encoding="utf-8")
            refuse_places(text)
            kept.write_text(text, encoding="utf-8", newline="\n")
            print(f"{place(kept)} fits the ranges.")
    return 0


def build(arguments: Sequence[str]) -> int:
    """Build the wheel and the source archive of every distribution into dist/."""
    no_arguments(arguments)
    ensure_venv()
    shutil.rmtree(DIST, ignore_errors=True)
    for project in PROJECTS:
        status = run(tool("hatchling"), "build", "-d", str(DIST), cwd=project)
        if status:
            return status
    return 0


def clean(arguments: Sequence[str]) -> int:
    """Remove .venv and everything the other tasks made."""
    no_arguments(arguments)
    for path in (path for name in LEFTOVERS for path in ROOT.glob(name)):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    return 0


TASKS: dict[str, Callable[[Sequence[str]], int]] = {
    "demo": demo,
    "test": test,
    "coverage": coverage,
    "lint": lint,
    "format": format_,
    "schema": schema,
    "timelines": timelines,
    "mutation": mutation,
    "test-spark": test_spark,
    "test-signing": test_signing,
    "test-crash": test_crash,
    "fuzz": fuzz,
    "bench": bench,
    "bench-short": bench_short,
    "lock": lock,
    "build": build,
    "clean": clean,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one task; the status is that of the tool it started."""
    if sys.version_info < OLDEST_PYTHON:
        oldest = ".".join(map(str, OLDEST_PYTHON))
        return complain(
            f"Python {oldest} or newer is needed; this is {platform.python_version()}.\n"
            f"Name another one, as in `make test PYTHON=python{oldest}`, "
            "or let uv bring one: `uv run tools/dev.py test`."
        )
    task, arguments = parse(argv)
    try:
        return task(arguments)
    except Stop as stop:
        return complain(str(stop))
    except KeyboardInterrupt:
        return 130


def parse(argv: Sequence[str] | None) -> tuple[Callable[[Sequence[str]], int], list[str]]:
    """Read the command line: the task, and what is to be passed on to its tool."""
    width = max(map(len, TASKS))
    tasks = "\n".join(f"  {name:{width}}  {task.__doc__}" for name, task in TASKS.items())
    parser = argparse.ArgumentParser(
        prog="tools/dev.py",
        usage="tools/dev.py TASK [ARGUMENT ...]    or    make TASK",
        description=f"tasks:\n{tasks}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("task", choices=TASKS, metavar="TASK", help="one of the tasks above")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="passed on to the task's tool")
    known = parser.parse_args(argv)
    return TASKS[known.task], known.arguments


def complain(text: str) -> int:
    """Tell the developer what is wrong; give the status for it."""
    print(f"tools/dev.py: {text}", file=sys.stderr)
    return 2


def no_arguments(arguments: Sequence[str]) -> None:
    """Refuse arguments that a task could not pass on to one single tool."""
    if arguments:
        raise Stop(f"this task takes no arguments, but was given {' '.join(arguments)!r}")


# The virtual environment ------------------------------------------------------------------------


def ensure_venv(venv: Path = VENV, group: str = "", kept: Path = LOCK) -> None:
    """Make .venv anew, unless it was made from these very files by this Python.

    Another environment has the same, and a dependency group that the lock leaves out; or it has a
    lock of its own.
    """
    stamp = venv / "made-from"
    made_from = fingerprint(kept, *(project / "pyproject.toml" for project in PROJECTS))
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == made_from:
        return
    print(f"Making {venv.name} from {kept.name}; once, and when that changes ...", flush=True)
    make_venv(venv)
    pip_install(venv, "--require-hashes", "-r", str(kept))
    editable = [argument for project in PROJECTS for argument in ("-e", str(project))]
    pip_install(venv, "--no-deps", "--no-build-isolation", *editable)
    if group:
        pip_install(venv, *project_table(ROOT)["dependency-groups"][group])
    stamp.write_text(made_from, encoding="utf-8")


def system_lacking(needed: dict[str, str]) -> str:
    """Install what the system lacks, where that is Debian's way and this user may; else say it."""
    lacking = [
        package
        for what, package in needed.items()
        if not (any(Path("/").glob(what[1:])) if what.startswith("/") else shutil.which(what))
    ]
    if not lacking:
        return ""
    words = f"apt-get install --no-install-recommends {' '.join(lacking)}"
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return f"the system lacks something; on Debian and Ubuntu, as root: `{words}`"
    print(f"Installing {', '.join(lacking)} ...", flush=True)
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    if run("apt-get", "update", "-q") or run(*words.split(), "--yes", "-q"):
        return f"{', '.join(lacking)} could not be installed; the reason stands above"
    return ""


def ensure_peers(kept: Path, venv: Path | None = None) -> None:
    """Make an environment of a peer anew, unless it was made from this very lock."""
    venv = venv or ROOT / f".venv-bench-{kept.stem}"
    stamp, made_from = venv / "made-from", fingerprint(kept)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == made_from:
        return
    print(f"Making {venv.name} from {place(kept)} ...", flush=True)
    make_venv(venv)
    pip_install(venv, "--require-hashes", "-r", str(kept))
    stamp.write_text(made_from, encoding="utf-8")


def fingerprint(*files: Path) -> str:
    """What an environment depends on: files it is made from, their place, and the Python."""
    digest = hashlib.sha256(f"{ROOT} {sys.implementation.name} {sys.version}".encode())
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def make_venv(place: Path) -> None:
    """Make an empty virtual environment with pip, in place of whatever was there."""
    if any(importlib.util.find_spec(name) is None for name in ("venv", "ensurepip")):
        version = "{}.{}".format(*sys.version_info)
        raise Stop(
            f"this Python ({sys.executable}) lacks `venv` or `ensurepip`.\n"
            f"On Debian and Ubuntu: `apt install python{version}-venv`. "
            "Or let uv bring a Python: `uv run tools/dev.py test`."
        )
    if run(sys.executable, "-m", "venv", "--clear", str(place)):
        raise Stop(
            f"{place} could not be made (see above). If it is active or in use, "
            "leave it (`deactivate`), remove the folder, and try again."
        )


def pip_install(venv: Path, *arguments: str) -> None:
    """Install into an environment; try twice, as package indexes have bad moments."""
    pip = (tool("python", venv), "-m", "pip", "--quiet", "--disable-pip-version-check")
    command = (*pip, "install", *arguments)
    if run(*command) == 0:
        return
    print("That failed; once more ...", flush=True)
    if run(*command):
        raise Stop(
            "pip could not install what is needed; its reason stands above.\n"
            "No connection: look at the network, the proxy and pip's own settings "
            "(`pip config list`). Hashes that differ: the index serves other files than "
            f"{LOCK.name} names."
        )


# The lock ---------------------------------------------------------------------------------------


def lock_command(output: Path) -> list[str]:
    """Arguments of uv that all locks have in common; what to resolve follows them."""
    return [
        "pip",
        "compile",
        "--quiet",
        "--universal",
        "--python-version=" + ".".join(map(str, OLDEST_PYTHON)),
        "--generate-hashes",
        "--custom-compile-command=make lock",
        f"--output-file={output}",
    ]


def project_ranges() -> list[str]:
    """Arguments of uv: all that the distributions, their extras but Spark and the tools rest on."""
    return [
        "--extra=all",
        "--group=dev",
        *(f"--no-emit-package={project_name(project)}" for project in PROJECTS),
        *(place(project / "pyproject.toml") for project in PROJECTS),
    ]


def spark_ranges() -> list[str]:
    """Arguments of uv: what Spark and its tests rest on, in the versions that all else is in."""
    return [
        "--extra=spark",
        "--group=spark",
        f"--constraints={place(LOCK)}",
        *(f"--no-emit-package={project_name(project)}" for project in PROJECTS),
        *(place(project / "pyproject.toml") for project in PROJECTS),
    ]


def place(path: Path) -> str:
    """Where a file of the project lies, from its root."""
    return path.relative_to(ROOT).as_posix()


def project_name(project: Path) -> str:
    """The name of the distribution made from a folder."""
    return str(project_table(project)["project"]["name"])


def project_table(project: Path) -> dict[str, Any]:
    """What a folder's pyproject.toml says."""
    import tomllib  # here, as a Python too old to have it must reach main's message

    return tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))


def refuse_places(text: str) -> None:
    """A lock must mean the same on every machine: it names no index, address or folder."""
    found = re.search(r"^.*(://|file:|^-|^[./]| @ ).*$", text, re.MULTILINE)
    if found:
        raise Stop(f"the new lock names a place of this machine, so it is not kept: {found[0]}")


# Children ---------------------------------------------------------------------------------------


def java_lacking() -> str:
    """Why there is no Java that can be used, as a sentence; empty if there is one."""
    home = os.environ.get("JAVA_HOME", "")
    java = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    if java is None:
        return f"JAVA_HOME ({home}) has no Java." if home else "there is no Java here."
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(?:1\.)?(\d+)', told)
    if found is None or int(found[1]) < OLDEST_JAVA:
        return f"{java} is {told.partition(chr(10))[0] or 'no Java'}."
    return ""


def tool(name: str, venv: Path = VENV) -> str:
    """The path of a program of an environment."""
    folder, suffix = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
    return str(venv / folder / (name + suffix))


def run(*command: str, cwd: Path = ROOT) -> int:
    """Run a program to its end, in UTF-8 and with .venv's programs first; give its status."""
    environment = os.environ | {
        "PATH": os.pathsep.join((str(Path(tool("python")).parent), os.environ.get("PATH", ""))),
        "PYTHONUTF8": "1",
        "VIRTUAL_ENV": str(VENV),
    }
    environment.pop("PYTHONHOME", None)
    status = subprocess.run(command, cwd=cwd, env=environment, check=False)
    return status.returncode if status.returncode >= 0 else 128 - status.returncode


if __name__ == "__main__":
    sys.exit(main())
