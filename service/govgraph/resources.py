"""Where the data folders are: beside the source tree, or inside an installed wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@cache
def folder(name: str) -> Path:
    """One of ontology, shapes, queries, tables, data. FileNotFoundError if it is not there."""
    source = {"tables": "loaders/tables"}.get(name, name)
    for path in (_PACKAGE / "_data" / name, _PACKAGE.parents[1] / source):
        if path.is_dir():
            return path
    raise FileNotFoundError(f"the installation lacks its folder {name!r}")
