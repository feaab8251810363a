"""What an upload does to a table: the rows and the facts that come, change and go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from govgraph.changes import Changes
from govgraph.engine.temporary import own_folder
from govgraph.errors import GovgraphError
from govgraph.gate.merging import Cells, Existing
from govgraph_loaders.table import Table

#: Rows that are told one by one; all are counted.
TOLD = 100
#: Bytes of a file whose rows are compared in memory.
LARGEST = 8 << 20
Json = dict[str, Any]
Key = tuple[str, ...]


@dataclass(frozen=True)
class RowChange:
    """A row that was `added`, `changed` or `removed`: its key, and each cell that differs with its
    text before and after (None where there is no row)."""

    how: str
    key: Key
    cells: Mapping[str, tuple[str | None, str | None]]

    def as_dict(self) -> Json:
        cells = [{"column": c, "before": b, "after": a} for c, (b, a) in self.cells.items()]
        return {"how": self.how, "key": list(self.key), "cells": cells}


def compare_rows(table: Table, before: Path | None, after: Path) -> Json | None:
    """The rows by which two files of a table differ: how many were added, changed and removed, and
    the first of them. None if a file cannot be cut into rows, or is too large for that."""
    if any(path.stat().st_size > LARGEST for path in (before, after) if path):
        return None
    try:
        old = _by_key(table, before) if before else {}
        new = _by_key(table, after)
    except GovgraphError:
        return None
    counts, told = Counter[str](), list[Json]()
    for change in _changes(old, new):
        counts[change.how] += 1
        if len(told) < TOLD:
            told.append(change.as_dict())
    return {name: counts[name] for name in ("added", "changed", "removed")} | {"rows": told}


def compare_facts(graph: str, before: Path | None, after: Path) -> dict[str, int]:
    """How many facts a table's graph states that it did not before, and the other way round."""
    old, new = {graph: before} if before else {}, {graph: after}
    with TemporaryDirectory(dir=own_folder()) as folder, Changes(old, new, Path(folder)) as changes:
        came = changes.statements(old, new)["came"]
    return {"added": int(came.sum()), "withdrawn": int((~came).sum())}


def _by_key(table: Table, path: Path) -> dict[Key, Cells]:
    """The rows of a file; one whose key is there already has its number beside it."""
    existing, found = Existing(table, path), {}
    existing.add_columns(())
    seen = Counter[Key]()
    for row in existing.rows:
        cells = {name: row[at] for name, at in existing.columns.items()}
        key = existing.key(cells)
        seen[key] += 1
        found[key if seen[key] == 1 else (*key, f"#{seen[key]}")] = cells
    return found


def _changes(old: Mapping[Key, Cells], new: Mapping[Key, Cells]) -> Iterator[RowChange]:
    """What goes first: it is what is not meant most often."""
    for key, cells in old.items():
        if key not in new:
            yield RowChange("removed", key, {c: (text, None) for c, text in cells.items() if text})
    for key, cells in new.items():
        if key not in old:
            yield RowChange("added", key, {c: (None, text) for c, text in cells.items() if text})
        elif differing := _differing(old[key], cells):
            yield RowChange("changed", key, differing)


def _differing(old: Cells, new: Cells) -> dict[str, tuple[str | None, str | None]]:
    names = dict.fromkeys((*old, *new))
    pairs = {name: (old.get(name, ""), new.get(name, "")) for name in names}
    return {name: (before, after) for name, (before, after) in pairs.items() if before != after}
