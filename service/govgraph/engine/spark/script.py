"""A compiled query as a script for Spark: tables to keep, one after the other, and what is asked.

Spark would compute a table again at each mention, and its recursion knows no UNION: so each common
table expression is a step of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.spark import dialect

Kind = Literal["view", "kept", "closure"]


@dataclass(frozen=True)
class Step:
    """A named table: `sql` makes it. A closure grows by `further`, which reads its newest rows
    under the table's own name, until there are no new ones."""

    name: str
    kind: Kind
    columns: tuple[str, ...]
    sql: str
    further: str = ""


@dataclass(frozen=True)
class Script:
    """Steps in order, then the question. Each name in the SQL begins with `PREFIX`."""

    steps: tuple[Step, ...]
    sql: str


#: Stands for the number of the run in the names of its tables.
PREFIX = "run__"


def script(sql: str) -> Script:
    """The script of DuckDB SQL. NotCompiled with the reason if Spark may answer differently."""
    tree = dialect.rewritten(dialect.parse(sql))
    with_ = tree.args.get("with_")
    tables = list(with_.expressions) if with_ is not None else []
    names = {table.alias for table in tables}
    for table in tree.find_all(exp.Table):
        if table.name in names:
            _rename(table)
    tree.set("with_", None)
    return Script(tuple(map(_step, tables)), dialect.text(tree))


def _rename(table: exp.Table) -> None:
    """The table under its name of the run, known to the SQL by the old one."""
    alias = table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(table.name))
    table.replace(exp.Table(this=exp.to_identifier(PREFIX + table.name), alias=alias.copy()))


def _step(table: exp.CTE) -> Step:
    alias = table.args["alias"]
    columns = tuple(column.name for column in alias.args.get("columns") or ())
    name, query = PREFIX + table.alias, table.this
    own = [t for t in query.find_all(exp.Table) if t.name == name]
    if not own:
        kind: Kind = "kept" if table.args.get("materialized") else "view"
        return Step(name, kind, columns, dialect.text(query))
    if not isinstance(query, exp.Union) or not query.args.get("distinct"):
        raise NotCompiled("on Spark: recursion without UNION")
    first, further = query.this, query.expression
    if any(t.find_ancestor(exp.Union) is not query for t in own) or own[0] in first.find_all(
        exp.Table
    ):
        raise NotCompiled("on Spark: recursion of another shape")
    return Step(name, "closure", columns, dialect.text(first), dialect.text(further))
