"""References of the rows of one table to keys that the rows of others hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from govgraph_loaders.conversion import Converted
from govgraph_loaders.keyvalues import KEYS, SUBJECTS
from govgraph_loaders.tablekeys import Candidates, Finding, TableKeys, What

#: Near matches are sought for the first so many lost references, among so many keys.
HINTS, HINT_KEYS = 20, 5000


class Held:
    """The keys that some tables hold: of some columns taken together, or (`names` None) the IRIs
    that their rows describe."""

    def __init__(self, tables: list[TableKeys], names: tuple[str, ...] | None) -> None:
        self.tables, self.names = tables, names
        self._gone: tuple[list[int], pl.Series] = ([], KEYS["key"])

    def _frames(self) -> Iterator[tuple[TableKeys, pl.DataFrame]]:
        for table in self.tables:
            if self.names is None:
                yield table, pl.concat(table.subjects)
            else:
                yield table, table.key(self.names).filter("whole").drop("whole")

    def known(self) -> pl.Series:
        """The keys of all rows, accepted or not."""
        return pl.concat([SUBJECTS["key"], *(frame["key"] for _, frame in self._frames())])

    def gone(self) -> pl.Series:
        """The keys that only rejected rows have."""
        counts = [len(table.rejected) for table in self.tables]
        if self._gone[0] != counts:
            self._gone = (counts, self._find_gone())
        return self._gone[1]

    def _find_gone(self) -> pl.Series:
        lost = pl.concat(
            [SUBJECTS, *(table.gone(frame) for table, frame in self._frames() if table.rejected)]
        )["key"].unique()
        if lost.is_empty():
            return lost
        left = [
            table.kept(frame.filter(frame["key"].is_in(lost.implode())))["key"]
            for table, frame in self._frames()
        ]
        return lost.filter(~lost.is_in(pl.concat(left).implode()))

    def repeated(self) -> pl.Series:
        """The keys that several accepted rows have."""
        keys = pl.concat([SUBJECTS["key"], *(t.kept(frame)["key"] for t, frame in self._repeated)])
        return keys.filter(keys.is_duplicated()).unique()

    @cached_property
    def _repeated(self) -> list[tuple[TableKeys, pl.DataFrame]]:
        """The rows whose key another has, accepted or not: few."""
        known = self.known()
        twice = known.filter(known.is_duplicated()).unique().implode()
        return [(table, frame.filter(frame["key"].is_in(twice))) for table, frame in self._frames()]

    def candidates(self) -> list[str]:
        """The texts of all keys, each once in the order of the files; none if there are many."""
        return self._candidates

    @cached_property
    def _candidates(self) -> list[str]:
        if self.known().n_unique() > HINT_KEYS:
            return []
        parts = (part for table in self.tables for part in table.again())
        return [*dict.fromkeys(text for part in parts for text in self._texts(part))]

    def _texts(self, part: Converted) -> Iterable[str]:
        if self.names is None:
            return part.subjects["text"] if "text" in part.subjects.columns else ()
        frame = part.keys.get(self.names)
        return () if frame is None else frame.filter("whole")["text"]


@dataclass
class Link:
    """References of one table's rows: of some of its columns taken together, or (`names` None) of
    those that may point at any entity. `unique`: what they refer to must be one row."""

    table: TableKeys
    names: tuple[str, ...] | None
    held: Held
    target_name: Mapping[str, str]
    unique: bool

    def _references(self) -> pl.DataFrame:
        """(row, key), and (column) of those that may point at any entity."""
        if self.names is None:
            return pl.concat(self.table.references)
        keys = self.table.key(self.names)
        if self.table.source.table.to_the_letter:  # the standard lets no row do without
            return keys
        return keys.filter("whole")

    def absent(self) -> list[Finding]:
        """References to what no row at all describes; rows rejected for other reasons count too,
        so that one run reports everything."""
        references = self._references()
        if references.is_empty():
            return []
        lost = references.filter(~references["key"].is_in(self.held.known().implode()))
        return [
            self._reject("unresolved-reference", row, self.held.candidates if n < HINTS else None)
            for n, row in enumerate(lost.iter_rows(named=True))
        ]

    def ambiguous(self) -> list[Finding]:
        """References to a value that several accepted rows have (tabular-data-model §6.6)."""
        return self._those("ambiguous-reference", self.held.repeated()) if self.unique else []

    def orphans(self) -> list[Finding]:
        """References of rows still accepted to rows that were rejected meanwhile."""
        return self._those("reference-to-rejected-row", self.held.gone(), kept=True)

    def _those(self, code: str, keys: pl.Series, kept: bool = False) -> list[Finding]:
        """Findings of the references to some keys."""
        if keys.is_empty():
            return []
        references = self._references()
        lost = references.filter(references["key"].is_in(keys.implode()))
        lost = self.table.kept(lost) if kept else lost
        return [self._reject(code, row) for row in lost.iter_rows(named=True)]

    def _reject(
        self, code: str, row: Mapping[str, int], candidates: Candidates | None = None
    ) -> Finding:
        what: What = row["column"] if self.names is None else self.names
        return self.table.reject(code, row["row"], what, row["key"], self.target_name, candidates)
