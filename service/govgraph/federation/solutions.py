"""An endpoint's answer as a pattern of our own: inline data."""

from __future__ import annotations

from urllib.parse import quote
from uuid import uuid4

from pyoxigraph import (
    BlankNode,
    QueryResultsFormat,
    QuerySolutions,
    Triple,
    Variable,
    parse_query_results,
)

from govgraph.engine.base import Term
from govgraph.errors import GovgraphError

#: Blank nodes of others get IRIs (RDF 1.1, section 3.5): inline data has no blank nodes, and one of
#: theirs is none of ours.
GENID = "urn:govgraph:genid:"
#: An answer that has not been had: one solution without bindings, the pattern's variables in scope.
ABSENT = "{ OPTIONAL { FILTER(false) %s } }"


def inline(content: bytes, form: QueryResultsFormat, most: int) -> str:
    """Solutions as `{ VALUES … }`, duplicates and all. ValueError if they cannot be read.

    GovgraphError(service-limit) for more than `most`."""
    found = parse_query_results(content, form)
    try:
        if not isinstance(found, QuerySolutions):
            raise ValueError("not solutions")
        return _values(found.variables, _rows(found, most))
    finally:
        del found  # it may only be dropped by its own thread, but tracebacks travel


def _rows(found: QuerySolutions, most: int) -> list[str]:
    answer, variables = f"{GENID}{uuid4().hex}:", found.variables
    rows: list[str] = []
    try:
        for solution in found:
            if len(rows) == most:
                raise GovgraphError("service-limit", limit=f"{most} rows", limit_zh=f"{most} 行")
            rows.append(" ".join(_text(solution[v], answer) for v in variables))
    finally:
        del found
    return rows


def _values(variables: list[Variable], rows: list[str]) -> str:
    lines = "\n".join(f"({row})" for row in rows)
    return f"{{ VALUES ({' '.join(map(str, variables))}) {{ {lines} }} }}"


def _text(term: Term | Triple | None, answer: str) -> str:
    if term is None:
        return "UNDEF"
    if isinstance(term, Triple):
        raise ValueError("a triple as a term")
    if isinstance(term, BlankNode):
        return f"<{answer}{quote(term.value, safe='')}>"
    return str(term)
