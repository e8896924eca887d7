"""A Spark cluster of this machine: a master and two workers, each with an executor of its own.

Unlike ``local[2]``, executors are processes that share nothing with the driver, so what is sent to
them has to be sent. Run by `make test-spark`, in an environment with PySpark and Java.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

ENOUGH = 20
"""Seconds in which every process has to be gone."""


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The session; when it ends, no process is left, and nothing is left in PySpark's folder."""
    if "JAVA_HOME" not in os.environ and shutil.which("java") is None:
        pytest.skip("Spark needs Java 17 or newer, and there is none here")
    pyspark = pytest.importorskip("pyspark", reason="run by `make test-spark`")
    home = Path(pyspark.__file__).parent
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    scratch = tmp_path_factory.mktemp("spark")
    environment = {
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_DIRS": str(scratch),
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("socialins")
        options = {
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.executor.memory": "1g",
            "spark.sql.shuffle.partitions": "2",
            "spark.sql.warehouse.dir": str(scratch),
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
        }
        for name, value in options.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("OFF")
        gateway = SparkContext._gateway
        started = descendants(gateway.proc.pid)
        try:
            yield session
        finally:
            session.stop()
            gateway.shutdown()
            gateway.proc.stdin.close()
            gateway.proc.wait(ENOUGH)
            shutil.rmtree(home / "work", ignore_errors=True)
            left = still_there(started)
            for process in left:
                os.kill(process, signal.SIGKILL)
        assert not left, f"Spark left processes behind: {left}"


def descendants(process: int) -> set[int]:
    """A process's children, their children, and so on; none where there is no /proc."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = stat.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue  # it ended meanwhile
        parents[int(stat.parent.name)] = int(told.rpartition(")")[2].split()[1])
    found: set[int] = set()
    more = {process}
    while more:
        more = {child for child, parent in parents.items() if parent in more} - found
        found |= more
    return found


def still_there(processes: set[int]) -> list[int]:
    """Those that are still there after a while."""
    for _ in range(ENOUGH * 10):
        left = [one for one in processes if Path(f"/proc/{one}").exists()]
        if not left:
            return []
        Event().wait(0.1)
    return left
