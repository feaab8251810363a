"""The keys of one table, gathered batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from govgraph_loaders.conversion import Converted, convert
from govgraph_loaders.dataset import Source
from govgraph_loaders.keyvalues import KEYS, REFERENCES, SUBJECTS
from govgraph_loaders.rows import read_batches

#: What of a row is compared: some columns taken together, or the references of one column by its
#: place among the table's.
What = tuple[str, ...] | int
Candidates = Callable[[], Sequence[str]]


@dataclass
class TableKeys:
    """What the key check needs to know of one table: 21 bytes a key."""

    source: Source
    keys: dict[tuple[str, ...], list[pl.DataFrame]] = field(default_factory=dict)
    references: list[pl.DataFrame] = field(default_factory=lambda: [REFERENCES])
    subjects: list[pl.DataFrame] = field(default_factory=lambda: [SUBJECTS])
    rejected: set[int] = field(default_factory=set)

    def add(self, converted: Converted) -> None:
        for names, frame in converted.keys.items():
            self.keys.setdefault(names, []).append(frame)
        self.references.append(converted.references)
        self.subjects.append(converted.subjects)
        self.rejected.update(converted.rejected)

    def key(self, names: tuple[str, ...]) -> pl.DataFrame:
        """The (row, key, whole) of some columns taken together."""
        return pl.concat([KEYS, *self.keys.get(names, [])])

    def kept(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The part of a frame that belongs to rows still accepted."""
        return frame.filter(~frame["row"].is_in(self._rejected())) if self.rejected else frame

    def gone(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The part of a frame that belongs to rejected rows."""
        return frame.filter(frame["row"].is_in(self._rejected()))

    def _rejected(self) -> pl.Series:
        return pl.Series([*self.rejected], dtype=pl.UInt32).implode()

    def reject(
        self,
        code: str,
        row: int,
        what: What,
        key: int,
        details: Mapping[str, Any],
        candidates: Candidates | None = None,
    ) -> Finding:
        """Reject a row for one of its keys."""
        self.rejected.add(row)
        return Finding(self, code, row, what, key, details, candidates)

    def again(self, rows: pl.Series | None = None) -> Iterator[Converted]:
        """The file once more, with the texts of its keys; some rows or all."""
        source = self.source
        for batch in read_batches(
            source.path, source.table, dataset=source.dataset, iri=source.iri
        ):
            part = batch if rows is None else batch.only(rows)
            if len(part.rows):
                yield convert(part, texts=True)


@dataclass(frozen=True)
class Finding:
    """A key that does not hold, and where. `candidates`: the keys among which a near one is sought."""

    table: TableKeys
    code: str
    row: int
    what: What
    key: int
    details: Mapping[str, Any]
    candidates: Candidates | None = None
