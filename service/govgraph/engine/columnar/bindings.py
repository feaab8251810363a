"""Values that a caller gives for variables, put into the query as EXISTS puts in an outer row."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import BlankNode

from govgraph.engine.base import Term
from govgraph.engine.columnar import algebra
from govgraph.engine.columnar.context import Active, Context, Given
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.relation import OUTER, Column
from govgraph.engine.columnar.tags import LOCAL


def substituted(query: algebra.Query, bindings: Mapping[str, Term], context: Context) -> Active:
    """What the pattern is evaluated with. As in Oxigraph, SELECT has to show each variable."""
    if missing := bindings.keys() - {var.name for var in query.vars}:
        raise NotCompiled(f"a value for ?{min(missing)}, which SELECT does not show")
    columns = {OUTER: Column(context.name(OUTER), "CAST(1 AS BIGINT)")}
    columns |= {name: _column(name, term, context) for name, term in bindings.items()}
    entries = ", ".join(f"{column.sql} AS {column.name}" for column in columns.values())
    return Active(given=Given(context.cte(f"SELECT {entries}"), columns))


def _column(name: str, term: Term, context: Context) -> Column:
    ident = _known(term, context) if isinstance(term, BlankNode) else context.id(term)
    local = LOCAL if context.is_local(ident) else 0
    return Column(context.name(name), f"CAST({ident} AS BIGINT)", tags=1 << (ident >> 56) | local)


def _known(node: BlankNode, context: Context) -> int:
    ident = context.columns.id_of(node)
    if ident is None:
        raise NotCompiled("a blank node that is not in the data")
    return ident
