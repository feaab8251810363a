"""Releases with a thing of one value, and a server of one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from pyoxigraph import NamedNode, Quad
from tests.pool.short import Served, serving

from govgraph.engine.columnar.encode import DATABASE, write_quads
from govgraph.engine.things.write import write_things

OLD, NEW = "20200101T000000Z-00000000", "20210101T000000Z-00000000"
QUERY = "SELECT ?o { <http://x/s> <http://x/p> ?o }"


def write(folder: Path, release: str, value: str) -> None:
    """A release in which a thing has a value."""
    columns = folder / "releases" / release / "columns"
    quad = Quad(*map(NamedNode, ("http://x/s", "http://x/p", value)))
    write_quads([quad], columns)
    with duckdb.connect(str(columns / DATABASE), read_only=True) as con:
        write_things(con, columns)


@contextmanager
def knowing(folder: Path) -> Iterator[Served]:
    """A server of the release OLD."""
    write(folder, OLD, "http://x/old")
    with serving(folder) as running:
        (folder / "current").write_text(OLD)
        yield running
