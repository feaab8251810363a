"""Terms given for the variables of a query, put into its text.

Blank nodes cannot be named in a query: rows that have another one are left out when they are here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from pyoxigraph import BlankNode

from govgraph.engine.base import Row, Term
from govgraph.engine.columnar import algebra as a
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.parse import parse
from govgraph.engine.columnar.put import put, visible
from govgraph.engine.columnar.write import printed
from govgraph.errors import GovgraphError
from govgraph.vocabulary import PREFIXES


@dataclass(frozen=True)
class Bound:
    """A query's text, what each of its rows has besides, and which rows count."""

    text: str
    known: Mapping[str, Term]
    unnamed: Mapping[str, Term]
    offset: int = 0
    limit: int | None = None

    def rows(self, found: Iterable[Row]) -> list[Row]:
        same = (row for row in found if all(row.get(n) == term for n, term in self.unnamed.items()))
        end = None if self.limit is None else self.offset + self.limit
        return [{**self.known, **row} for row in islice(same, self.offset, end)]


def bound(query: str, bindings: Mapping[str, Term]) -> Bound:
    """A SELECT query with its bindings. GovgraphError(query-refused) for one that our own parser
    does not know."""
    try:
        parsed = parse(query, prefixes=PREFIXES)
    except (NotCompiled, RecursionError) as error:
        why = f"it takes no values from outside: {error}"
        raise GovgraphError("query-refused", why=why, why_zh=why) from error
    unnamed = {name: term for name, term in bindings.items() if isinstance(term, BlankNode)}
    given = {name: term for name, term in bindings.items() if name not in unnamed}
    shown = {var.name for var in parsed.vars}
    known = {name: term for name, term in given.items() if name in shown}
    pattern, offset, limit = put(parsed.pattern, given), 0, None
    if unnamed:
        if isinstance(pattern, a.Slice):
            offset, limit, pattern = pattern.offset, pattern.limit, pattern.pattern
        pattern = _blank(pattern, unnamed)
    text = printed(replace(parsed, pattern=visible(pattern)))
    return Bound(text, known, unnamed, offset, limit)


def _blank(pattern: a.Pattern, names: Iterable[str]) -> a.Pattern:
    """The pattern under the modifiers, with blank nodes alone for the variables."""
    if isinstance(pattern, a.Slice | a.Distinct | a.Reduced | a.Project | a.OrderBy):
        return replace(pattern, pattern=_blank(pattern.pattern, names))
    for name in names:
        pattern = a.Filter(a.Call("ISBLANK", (a.Var(name),)), pattern)
    return pattern
