"""A relation: one SELECT not yet printed, whose FROM list and conditions can still be joined on.

As long as patterns are only joined and filtered they stay in one flat FROM list, so DuckDB orders
all joins; `derived` closes a relation into a sub-select where SQL demands it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from govgraph.engine.columnar.tags import ALL

Form = Literal["id", "term"]
#: The SQL type of each form; a computed term is its tag, lexical form, datatype and language.
TYPES: Mapping[Form, str] = {
    "id": "BIGINT",
    "term": "STRUCT(tag INTEGER, lex VARCHAR, dt VARCHAR, lang VARCHAR)",
}
#: The hidden column that carries the graph through the pattern of GRAPH ?g.
GRAPH = "#graph"
#: The hidden column that carries the number of the outer row through a substituted pattern.
OUTER = "#outer"
#: Both cut a pattern's solutions into parts that never meet.
HIDDEN = (GRAPH, OUTER)


@dataclass(frozen=True, slots=True)
class Column:
    """A variable's column: `name` in sub-selects, `sql` here, and what is known of its values."""

    name: str
    sql: str
    form: Form = "id"
    nullable: bool = False
    tags: int = ALL
    scale: int | None = None
    """The number of fraction digits of all inline decimals, if they share one."""

    @property
    def null(self) -> str:
        return f"CAST(NULL AS {TYPES[self.form]})"

    def at(self, sql: str) -> Column:
        """The same values, to be found elsewhere."""
        return Column(self.name, sql, self.form, self.nullable, self.tags, self.scale)


@dataclass(frozen=True, slots=True)
class Source:
    """An entry of FROM; with `on`, a LEFT JOIN."""

    table: str
    alias: str
    on: str | None = None


@dataclass(frozen=True)
class Relation:
    """FROM sources WHERE conditions, with a column for each variable; ordered and cut last.

    `order` is of keys and their directions; `terms` remembers which alias of `term` already decodes which id."""

    sources: tuple[Source, ...] = ()
    where: tuple[str, ...] = ()
    columns: Mapping[str, Column] = field(default_factory=dict)
    terms: Mapping[str, str] = field(default_factory=dict)
    order: tuple[tuple[str, str], ...] = ()
    offset: int = 0
    limit: int | None = None

    @property
    def variables(self) -> list[str]:
        """The variables that the query can see."""
        return [name for name in self.columns if not name.startswith(("#", "_:"))]

    @property
    def cut(self) -> bool:
        return bool(self.offset) or self.limit is not None

    def filtered(self, *conditions: str) -> Relation:
        return replace(self, where=self.where + conditions)

    def keep(self, names: list[str]) -> Relation:
        return replace(self, columns={name: self.columns[name] for name in names})

    def with_column(self, variable: str, column: Column) -> Relation:
        return replace(self, columns={**self.columns, variable: column})

    def body(self, *conditions: str) -> str:
        """FROM and WHERE."""
        text = ""
        for index, source in enumerate(self.sources):
            if index == 0:
                text = f" FROM {source.table} {source.alias}"
            elif source.on is None:
                text += f" CROSS JOIN {source.table} {source.alias}"
            else:
                text += f" LEFT JOIN {source.table} {source.alias} ON {source.on}"
        where = self.where + conditions
        return text + (f" WHERE {' AND '.join(where)}" if where else "")

    def sql(self, *extra: str, distinct: bool = False) -> str:
        """The SELECT of all columns by name, and of `extra` entries."""
        entries = [f"{c.sql} AS {c.name}" for c in self.columns.values()] + list(extra)
        text = f"SELECT {'DISTINCT ' if distinct else ''}{', '.join(entries) or '1 AS one'}"
        text += self.body()
        if self.order:
            text += f" ORDER BY {', '.join(key + way for key, way in self.order)}"
        if self.limit is not None:
            text += f" LIMIT {self.limit}"
        return text + (f" OFFSET {self.offset}" if self.offset else "")


def derived(sql: str, alias: str, columns: Mapping[str, Column]) -> Relation:
    """The relation over a finished SELECT, or a table, whose columns have their own names."""
    table = sql if sql.isidentifier() else f"({sql})"
    own = {name: c.at(f"{alias}.{c.name}") for name, c in columns.items()}
    return Relation((Source(table, alias),), (), own)
