"""Versions of what took part."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path

from bench.peers import environment, oxigraph_

OURS = ("govgraph", "duckdb", "polars", "pyarrow", "pyoxigraph", "pyshacl", "owlrl", "rdflib")
#: environment and package
PEERS = {
    "morph-kgc": "morph-kgc", "nemo": "nemo-python", "reasonable": "reasonable", "shacl": "shacl",
}  # fmt: skip


def all_(peers: Path) -> dict[str, str]:
    """Of the project's environment, and of those environments of peers that were made."""
    found = {"python": platform.python_version()} | {name: version(name) for name in OURS}
    for name, package in PEERS.items():
        if (peers / name / environment.STAMP).exists():
            found[package] = environment.version(peers / name / "bin" / "python", package)
    if (peers / "oxigraph" / environment.STAMP).exists():
        found["oxigraph"] = oxigraph_.version(peers)
    return found
