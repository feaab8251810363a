"""Keys across tables: duplicates, references to nothing, references to rejected rows.

A rejected row takes with it the rows that refer to it, until nothing changes.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

import polars as pl

from govgraph_loaders.convert import Converted
from govgraph_loaders.dataset import Source, plain_name
from govgraph_loaders.keyvalues import KEYS, REFERENCES, SEPARATOR, SUBJECTS, shown
from govgraph_loaders.problems import Problem, near_hint, problem
from govgraph_loaders.table import ForeignKey

#: Near matches are sought for the first so many lost references, among so many keys.
HINTS, HINT_KEYS = 20, 5000


@dataclass
class TableKeys:
    """What the key check needs to know of one table, gathered batch by batch."""

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
        return pl.concat([KEYS, *self.keys.get(names, [])])

    def kept(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The part of a frame that belongs to rows still accepted."""
        rejected = pl.Series([*self.rejected], dtype=pl.UInt32)
        return frame.filter(~pl.col("row").is_in(rejected.implode()))

    def reject(self, code: str, where: Sequence[Any], **details: Any) -> Problem:
        """Reject the row at (row, line, column, value) and say why."""
        row, line, column, value = where[:4]
        self.rejected.add(row)
        source = self.source
        return problem(
            code, dataset=source.dataset, table=source.path.name, row=row, line=line,
            column=column, value=value, **details,
        )  # fmt: skip


def with_referenced(sources: Sequence[Source]) -> tuple[list[Source], list[Problem]]:
    """The sources, each told which of its columns others refer to, and the foreign keys that
    refer to columns that are not there."""
    wanted: dict[str, set[tuple[str, ...]]] = {source.iri: set() for source in sources}
    problems = []
    for source in sources:
        for key in source.table.foreign_keys:
            for target in _referred(source, key, sources):
                wanted[target.iri].add(key.referenced)
                problems += _absent_columns(source, key, target)
    told = [
        replace(source, table=replace(source.table, referenced=tuple(sorted(wanted[source.iri]))))
        for source in sources
    ]
    return told, problems


def _absent_columns(source: Source, key: ForeignKey, target: Source) -> list[Problem]:
    known = {column.name for column in target.table.columns if not column.virtual}
    lost = [name for name in key.referenced if known and name not in known]
    why = f"foreign key: {target.path.name} has no column {', '.join(lost)}"
    why_zh = f"外键：{target.path.name} 没有列 {'、'.join(lost)}"
    return [
        problem(
            "metadata-invalid",
            dataset=source.dataset,
            table=source.path.name,
            why=why,
            why_zh=why_zh,
        )
        for _ in lost[:1]
    ]


def check_keys(tables: list[TableKeys]) -> list[Problem]:
    """Add to each table's `rejected` the rows whose keys do not hold; return what was found."""
    problems = [*_duplicates(tables)]
    links = [*_foreign_keys(tables), *_described(tables)]
    problems += [p for link in links for p in link.absent()]
    problems += [p for link in links for p in link.ambiguous()]
    while found := [p for link in links for p in link.orphans()]:
        problems += found
    return problems


def _duplicates(tables: list[TableKeys]) -> Iterator[Problem]:
    """Rows whose primary key was seen before; the standard tables of all datasets are one."""
    groups: dict[str, list[TableKeys]] = {}
    for table in tables:
        if table.source.table.primary_key:
            groups.setdefault(_scope(table.source), []).append(table)
    for group in groups.values():
        seen = pl.concat(
            table.key(table.source.table.primary_key).with_columns(table=pl.lit(i, pl.UInt32))
            for i, table in enumerate(group)
        ).with_row_index("place")
        first = seen.group_by("key").agg(pl.all().sort_by("place").first().name.suffix("1"))
        again = seen.join(first, on="key").filter(pl.col("place") != pl.col("place1"))
        for found in again.sort("place").iter_rows(named=True):
            table, origin = group[found["table"]], group[found["table1"]].source
            column = ", ".join(table.source.table.primary_key)
            where = (found["row"], found["line"], column, shown(found["key"]))
            place = {"first": f"{origin.dataset}/{origin.path.name}", "first_row": found["row1"]}
            yield table.reject("duplicate-key", where, **place)


def _scope(source: Source) -> str:
    """Tables that share one key space: a standard table spans datasets, another is its own."""
    return source.name if source.standard else source.iri


@dataclass
class _Link:
    """References of one table's rows to keys that other tables hold."""

    table: TableKeys
    refs: pl.DataFrame  # row, line, column, value, key
    targets: list[tuple[TableKeys, pl.DataFrame]]  # each with (row, key)
    target_name: dict[str, str]
    unique: bool

    def _keys(self, kept: bool) -> pl.Series:
        """The keys that the targets hold, of all their rows or of those still accepted."""
        frames = [table.kept(frame) if kept else frame for table, frame in self.targets]
        return pl.concat([KEYS["key"], *(frame["key"] for frame in frames)])

    def absent(self) -> list[Problem]:
        """References to what no row at all describes; rows rejected for other reasons count too,
        so that one run reports everything."""
        known = self._keys(kept=False).unique(maintain_order=True)
        lost = self.refs.filter(~pl.col("key").is_in(known.implode()))
        candidates = known.to_list() if len(known) <= HINT_KEYS else []
        return [
            self._reject("unresolved-reference", row, candidates if n < HINTS else [])
            for n, row in enumerate(lost.iter_rows())
        ]

    def ambiguous(self) -> list[Problem]:
        """References to a value that several accepted rows have (tabular-data-model §6.6)."""
        if not self.unique:
            return []
        keys = self._keys(kept=True)
        repeated = keys.filter(keys.is_duplicated()).unique()
        lost = self.refs.filter(pl.col("key").is_in(repeated.implode()))
        return [self._reject("ambiguous-reference", row) for row in lost.iter_rows()]

    def orphans(self) -> list[Problem]:
        """References of rows still accepted to rows that were rejected meanwhile."""
        known = self._keys(kept=True).unique()
        lost = self.table.kept(self.refs).filter(~pl.col("key").is_in(known.implode()))
        return [self._reject("reference-to-rejected-row", row) for row in lost.iter_rows()]

    def _reject(self, code: str, row: tuple[str, ...], candidates: Sequence[str] = ()) -> Problem:
        near = difflib.get_close_matches(row[4], candidates, n=1, cutoff=0.8)
        hint = near_hint([unquote(shown(key)) for key in near])
        return self.table.reject(code, row, **self.target_name, **hint)


def _foreign_keys(tables: list[TableKeys]) -> Iterator[_Link]:
    sources = [table.source for table in tables]
    by_iri = {table.source.iri: table for table in tables}
    for table in tables:
        for key in table.source.table.foreign_keys:
            refs = table.key(key.columns)
            if not table.source.table.to_the_letter:  # the standard lets no row do without
                refs = refs.filter("whole")
            refs = refs.select(
                "row",
                "line",
                pl.lit(", ".join(key.columns)).alias("column"),
                pl.col("key").str.replace_all(SEPARATOR, ", ", literal=True).alias("value"),
                "key",
            )
            referred = [by_iri[source.iri] for source in _referred(table.source, key, sources)]
            targets = [(t, t.key(key.referenced).filter("whole")) for t in referred]
            name = plain_name(key.resource)
            if not refs.is_empty():
                yield _Link(table, refs, targets, {"target": name, "target_zh": name}, unique=True)


def _referred(source: Source, key: ForeignKey, sources: Sequence[Source]) -> list[Source]:
    """The tables that a key names: of the same dataset, or the standard table in any dataset; to
    the letter, those of its URL."""
    if source.table.to_the_letter:
        urls = [(s.table.schema if key.by_schema else s.table.url, s) for s in sources]
        return [s for url, s in urls if url == key.resource]
    name = plain_name(key.resource)
    if key.by_schema:
        named = [s for s in sources if name == plain_name(s.table.schema)]
    else:
        named = [s for s in sources if name == s.name or key.resource == s.table.url]
    own = [s for s in named if s.dataset == source.dataset]
    if source.standard:
        return [s for s in named if s.standard or s in own]
    return own or named


def _described(tables: list[TableKeys]) -> Iterator[_Link]:
    """Columns that may point at any entity: some accepted row must describe it."""
    targets = [(table, pl.concat(table.subjects)) for table in tables]
    name = {"target": "any table", "target_zh": "各表"}
    for table in tables:
        refs = pl.concat(table.references)
        if not refs.is_empty():
            yield _Link(table, refs, targets, name, unique=False)
