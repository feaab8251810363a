"""The machine and the versions that figures belong to."""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.engine import Absent
from bench.peers import oxigraph_, virtuoso

PACKAGES = ("govgraph", "duckdb", "pyoxigraph", "pyarrow", "rdflib")


def machine() -> dict[str, Any]:
    """Processor, cores, memory, kernel, and how busy it was."""
    return {
        "cpu": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(memory_bytes() / 2**30, 1),
        "system": platform.platform(),
        "load_average": os.getloadavg()[0],
    }


def memory_bytes() -> int:
    """The machine's memory."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def versions(peers: Path) -> dict[str, str]:
    """Of the packages and of the peers that are there."""
    found = {"python": platform.python_version()} | {name: version(name) for name in PACKAGES}
    with suppress(Absent):
        found["oxigraph"] = oxigraph_.version(peers)
    with suppress(Absent):
        found["virtuoso"] = virtuoso.version()
    return found
