"""A server's answers, read as they come and written in the format that is wanted.

SELECT and ASK are asked for as XML, whose end is known and which servers write most faithfully;
graphs as N-Triples. Both are parsed to the end, so an answer that breaks off is never passed on as
a whole one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, cast

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
    serialize,
)

from govgraph.engine.base import Form, Row
from govgraph.engine.oxigraph import PREFIXED
from govgraph.engine.remote.reading import File
from govgraph.errors import GovgraphError
from govgraph.vocabulary import PREFIXES

ACCEPT: dict[Form, str] = {
    "select": "application/sparql-results+xml",
    "ask": "application/sparql-results+xml",
    "graph": "application/n-triples",
}


def write(
    source: File, form: Form, file: IO[bytes], wanted: QueryResultsFormat | RdfFormat
) -> None:
    """Write an answer in another format. SyntaxError or ValueError if it is none, or not whole."""
    if form == "graph":
        assert isinstance(wanted, RdfFormat)
        serialize(_triples(source), file, wanted, prefixes=PREFIXES if wanted in PREFIXED else None)
        return
    assert isinstance(wanted, QueryResultsFormat)
    result = parse_query_results(cast(IO[bytes], source), QueryResultsFormat.XML)
    if isinstance(result, QuerySolutions) != (form == "select"):
        raise ValueError("an answer of another form")
    result.serialize(file, wanted)
    _end(source)


def rows(source: File) -> Iterator[Row]:
    """The rows of an answer to a SELECT query. SyntaxError or ValueError as above."""
    result = parse_query_results(cast(IO[bytes], source), QueryResultsFormat.XML)
    if isinstance(result, QueryBoolean):
        raise ValueError("an answer of another form")
    names = [variable.value for variable in result.variables]
    for solution in result:
        yield {name: term for name in names if (term := solution[name]) is not None}
    _end(source)


def _triples(source: File) -> Iterator[Triple]:
    for quad in parse(cast(IO[bytes], source), RdfFormat.N_TRIPLES):
        yield quad.triple


def _end(source: File) -> None:
    """Read what is left, which is white space in a whole answer."""
    while rest := source.read():
        if rest.strip():
            raise GovgraphError("remote-cut")
