"""Keys across tables: duplicates, references to nothing, references to rejected rows.

A rejected row takes with it the rows that refer to it, until nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from govgraph_loaders.dataset import Source, plain_name
from govgraph_loaders.findings import as_problems
from govgraph_loaders.links import Held, Link
from govgraph_loaders.problems import Problem, problem
from govgraph_loaders.table import ForeignKey
from govgraph_loaders.tablekeys import Finding, TableKeys


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
    """Add to each table's `rejected` the rows whose keys do not hold; return what was found. Files
    in which something was found are read once more."""
    found = [*_duplicates(tables)]
    links = [*_foreign_keys(tables), *_described(tables)]
    found += [finding for link in links for finding in link.absent()]
    found += [finding for link in links for finding in link.ambiguous()]
    while orphans := [finding for link in links for finding in link.orphans()]:
        found += orphans
    return as_problems(found)


def _duplicates(tables: list[TableKeys]) -> Iterator[Finding]:
    """Rows whose primary key was seen before; the standard tables of all datasets are one."""
    groups: dict[str, list[TableKeys]] = {}
    for table in tables:
        if table.source.table.primary_key:
            groups.setdefault(_scope(table.source), []).append(table)
    for group in groups.values():
        yield from _repeated(group)


def _repeated(group: list[TableKeys]) -> Iterator[Finding]:
    """Rows of some tables with the primary key of an earlier row."""
    keys = [table.key(table.source.table.primary_key) for table in group]
    seen = pl.concat(frame.with_columns(table=pl.lit(i, pl.UInt32)) for i, frame in enumerate(keys))
    seen = seen.filter(seen["key"].is_duplicated()).with_row_index("place")
    first = seen.group_by("key").agg(pl.all().sort_by("place").first().name.suffix("1"))
    again = seen.join(first, on="key").filter(pl.col("place") != pl.col("place1"))
    for found in again.sort("place").iter_rows(named=True):
        table, origin = group[found["table"]], group[found["table1"]].source
        details = {"first": f"{origin.dataset}/{origin.path.name}", "first_row": found["row1"]}
        names = table.source.table.primary_key
        yield table.reject("duplicate-key", found["row"], names, found["key"], details)


def _scope(source: Source) -> str:
    """Tables that share one key space: a standard table spans datasets, another is its own."""
    return source.name if source.standard else source.iri


def _foreign_keys(tables: list[TableKeys]) -> Iterator[Link]:
    sources = [table.source for table in tables]
    by_iri = {table.source.iri: table for table in tables}
    targets: dict[tuple[tuple[str, ...], ...], Held] = {}
    for table in tables:
        for key in table.source.table.foreign_keys:
            referred = [source.iri for source in _referred(table.source, key, sources)]
            place = (tuple(referred), key.referenced)
            if place not in targets:
                targets[place] = Held([by_iri[iri] for iri in referred], key.referenced)
            name = plain_name(key.resource)
            names = {"target": name, "target_zh": name}
            yield Link(table, key.columns, targets[place], names, unique=True)


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


def _described(tables: list[TableKeys]) -> Iterator[Link]:
    """Columns that may point at any entity: some accepted row must describe it."""
    held = Held(tables, None)
    name = {"target": "any table", "target_zh": "各表"}
    for table in tables:
        yield Link(table, None, held, name, unique=False)
