"""All entries of the catalogue, by name."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from govgraph import resources
from govgraph.catalog.entry import Entry, read_entry
from govgraph.catalog.queryfile import QueryFile, read_query
from govgraph.errors import GovgraphError

_SUFFIXES = (".rq", ".yaml")


@cache
def entries() -> Mapping[str, Entry]:
    """The entries by name, in the order of topic and name. ValueError if two share a name."""
    return read_entries(resources.folder("queries") / "catalog")


def read_entries(folder: Path) -> Mapping[str, Entry]:
    """The entries of a folder of topics."""
    found: dict[str, Entry] = {}
    for path in sorted(p for p in folder.glob("*/*") if p.suffix in _SUFFIXES):
        if path.stem in found:
            raise ValueError(f"two files of the catalogue are named {path.stem}")
        found[path.stem] = read_entry(path)
    return found


def find_entry(name: str) -> Entry:
    """The entry of that name. GovgraphError(unknown-query), which names the nearest ones."""
    if name not in entries():
        near = get_close_matches(name, entries(), n=3, cutoff=0.4)
        raise GovgraphError("unknown-query", id=name, near=", ".join(near) or "/api/v1/queries")
    return entries()[name]


def find_query(name: str) -> QueryFile | None:
    """The query file of that name that is not in the catalogue, such as CQ24."""
    folder = resources.folder("queries")
    found = (p for kind in ("competency", "rules") for p in sorted((folder / kind).glob("*.rq")))
    return next((read_query(path) for path in found if path.stem == name), None)
