"""Keys across tables: duplicates, references to nothing, references to rejected rows.

A rejected row takes with it the rows that refer to it, until nothing changes.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from govgraph_loaders.convert import KEY_SEPARATOR, Converted
from govgraph_loaders.dataset import Source
from govgraph_loaders.problems import Problem, problem

_EMPTY = pl.DataFrame(schema={"row": pl.UInt32, "line": pl.UInt32, "key": pl.String})
_REFERENCES = pl.DataFrame(
    schema={"row": pl.UInt32, "line": pl.UInt32, "column": pl.String, "value": pl.String, "iri": pl.String}
)
_NO_KEYS = pl.Series("key", [], dtype=pl.String)
#: Above this many keys no near match is sought for a hint.
HINT_KEYS = 5000
_SUBJECTS = pl.DataFrame(schema={"row": pl.UInt32, "iri": pl.String})


@dataclass
class TableKeys:
    """What the key check needs to know of one table, gathered batch by batch."""

    source: Source
    keys: dict[tuple[str, ...], list[pl.DataFrame]] = field(default_factory=dict)
    references: list[pl.DataFrame] = field(default_factory=list)
    subjects: list[pl.DataFrame] = field(default_factory=list)
    rejected: set[int] = field(default_factory=set)

    def add(self, converted: Converted) -> None:
        for names, frame in converted.keys.items():
            self.keys.setdefault(names, []).append(frame)
        if converted.references.width:
            self.references.append(converted.references)
        if converted.subjects.width:
            self.subjects.append(converted.subjects)
        self.rejected.update(converted.rejected)

    def key(self, names: tuple[str, ...]) -> pl.DataFrame:
        return pl.concat(self.keys.get(names, [_EMPTY]))

    def frame(self, which: str) -> pl.DataFrame:
        frames = getattr(self, which)
        return pl.concat(frames) if frames else (_REFERENCES if which == "references" else _SUBJECTS)


def check_keys(tables: list[TableKeys]) -> list[Problem]:
    """Add to each table's `rejected` the rows whose keys do not hold; return what was found."""
    problems = list(_duplicates(tables))
    links = [*_foreign_keys(tables), *_described(tables)]
    problems += [p for link in links for p in link.absent()]
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
        )
        first = seen.group_by("key", maintain_order=True).agg(
            pl.len(), pl.col("table").first().alias("table1"), pl.col("row").first().alias("row1")
        )
        again = seen.join(first.filter(pl.col("len") > 1), on="key", maintain_order="left").filter(
            (pl.col("row") != pl.col("row1")) | (pl.col("table") != pl.col("table1"))
        )
        for row, line, key, number, _, table1, row1 in again.iter_rows():
            table, origin = group[number], group[table1]
            table.rejected.add(row)
            where = f"{origin.source.dataset}/{origin.source.path.name} row {row1}"
            column = ", ".join(table.source.table.primary_key)
            yield _problem("duplicate-key", table, row, line, column, _shown(key), first=where)


def _scope(source: Source) -> str:
    """Tables that share one key space: a standard table spans datasets, another is its own."""
    return source.name if source.standard else f"{source.dataset}/{source.path.name}"


@dataclass
class _Link:
    """References of one table's rows to keys that other tables hold."""

    table: TableKeys
    refs: pl.DataFrame  # row, line, column, value, key
    targets: list[tuple[TableKeys, pl.DataFrame]]  # each with (row, key)
    target_name: str

    def absent(self) -> list[Problem]:
        """References to what no row at all describes; rows rejected for other reasons count too,
        so that one run reports everything."""
        known = pl.concat([keys["key"] for _, keys in self.targets] or [_NO_KEYS]).unique()
        lost = self.refs.filter(~pl.col("key").is_in(known.implode()))
        return [self._unresolved(*row, known=known) for row in lost.iter_rows()]

    def orphans(self) -> list[Problem]:
        """References of rows still accepted to rows that were rejected meanwhile."""
        refs = self.refs.filter(~pl.col("row").is_in(list(self.table.rejected)))
        kept = [k.filter(~pl.col("row").is_in(list(t.rejected)))["key"] for t, k in self.targets]
        lost = refs.filter(~pl.col("key").is_in(pl.concat(kept or [_NO_KEYS]).implode()))
        return [self._orphan(*row) for row in lost.iter_rows()]

    def _orphan(self, row: int, line: int, column: str, value: str, _: str) -> Problem:
        self.table.rejected.add(row)
        return _problem(
            "reference-to-rejected-row", self.table, row, line, column, value, target=self.target_name
        )

    def _unresolved(
        self, row: int, line: int, column: str, value: str, key: str, *, known: pl.Series
    ) -> Problem:
        self.table.rejected.add(row)
        candidates = known.to_list() if len(known) <= HINT_KEYS else []
        near = [_shown(k) for k in difflib.get_close_matches(key, candidates, n=1, cutoff=0.8)]
        hint = {"hint": f"; did you mean {near[0]}?", "hint_zh": f",是否想写 {near[0]}?"} if near else {}
        return _problem(
            "unresolved-reference", self.table, row, line, column, value, target=self.target_name, **hint
        )


def _foreign_keys(tables: list[TableKeys]) -> Iterator[_Link]:
    for table in tables:
        for key in table.source.table.foreign_keys:
            refs = table.key(key.columns)
            if refs.is_empty():
                continue
            name = key.resource.rpartition("/")[2].removesuffix(".gz")
            column = ", ".join(key.columns)
            refs = refs.select(
                "row", "line", pl.lit(column).alias("column"),
                pl.col("key").str.replace_all(KEY_SEPARATOR, ", ", literal=True).alias("value"), "key",
            )  # fmt: skip
            targets = [(t, t.key(key.referenced).select("row", "key")) for t in _referred(table, name, tables)]
            yield _Link(table, refs, targets, name)


def _referred(table: TableKeys, name: str, tables: list[TableKeys]) -> list[TableKeys]:
    """The tables of that name: of the same dataset, or the standard table in any dataset."""
    named = [t for t in tables if name in (t.source.name, t.source.table.url)]
    own = [t for t in named if t.source.dataset == table.source.dataset]
    return [t for t in named if t.source.standard] if table.source.standard else own or named


def _described(tables: list[TableKeys]) -> Iterator[_Link]:
    """Columns that may point at any entity: some accepted row must describe it."""
    targets = [(t, t.frame("subjects").rename({"iri": "key"})) for t in tables]
    for table in tables:
        refs = table.frame("references")
        if not refs.is_empty():
            yield _Link(table, refs.rename({"iri": "key"}), targets, "*")


def _shown(key: str) -> str:
    return key.replace(KEY_SEPARATOR, ", ")


def _problem(
    code: str, table: TableKeys, row: int, line: int, column: str, value: str, **details: object
) -> Problem:
    source = table.source
    return problem(
        code, dataset=source.dataset, table=source.path.name, row=row, line=line,
        column=column, value=value, **details,  # type: ignore[arg-type]
    )  # fmt: skip
