"""The W3C suites through the parser: everything parses, and means what the text means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    RdfFormat,
    Store,
)
from rdflib.plugins.sparql import prepareQuery

from govgraph.engine.columnar.algebra import Query
from govgraph.engine.columnar.notcompiled import NotCompiled, SparqlSyntaxError
from govgraph.engine.columnar.parse import parse
from govgraph.engine.columnar.write import printed

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
POSITIVE = (
    "PositiveSyntaxTest",
    "PositiveSyntaxTest11",
    "QueryEvaluationTest",
    "CSVResultFormatTest",
)
#: Where rdflib's columns are not those of §18.2.1, and why.
RDFLIB_ERRS = {
    "syntax-query/syntax-bindings-05a": "SELECT * leaves the variables of VALUES out",
    "syntax-query/syntax-minus-01": "SELECT * shows variables of MINUS",
}


@dataclass(frozen=True)
class Case:
    kind: str
    query: Path
    data: tuple[Path, ...]
    graphs: tuple[Path, ...]

    @property
    def text(self) -> str:
        return self.query.read_text()

    @property
    def name(self) -> str:
        return f"{self.query.parent.name}/{self.query.stem}"

    @property
    def base(self) -> str:
        return self.query.as_uri()


def _cases(manifest: Path) -> Iterator[Case]:
    store = Store()
    store.load(path=manifest, format=RdfFormat.TURTLE, base_iri=manifest.as_uri())

    def values(subject: object, predicate: str) -> list[object]:
        return [q.object for q in store.quads_for_pattern(subject, NamedNode(predicate), None)]

    def files(subject: object, predicate: str) -> tuple[Path, ...]:
        nodes = [node for node in values(subject, predicate) if isinstance(node, NamedNode)]
        return tuple(Path(node.value.removeprefix("file://")) for node in nodes)

    for quad in store.quads_for_pattern(None, TYPE, None):
        kind = str(quad.object.value).removeprefix(MF)
        for action in values(quad.subject, MF + "action"):
            queries = files(action, QT + "query") or files(quad.subject, MF + "action")
            if queries and (kind in POSITIVE or kind.startswith("NegativeSyntax")):
                yield Case(
                    kind, queries[0], files(action, QT + "data"), files(action, QT + "graphData")
                )


@cache
def _suite(root: Path) -> list[Case]:
    manifests = sorted(root.glob("sparql1[01]/*/manifest.ttl"))
    found = {case.query: case for manifest in manifests for case in _cases(manifest)}
    return [case for case in found.values() if "update" not in case.query.parent.name]


@pytest.fixture(scope="module")
def cases(shared: Path) -> list[Case]:
    return _suite(shared / "conformance" / "suites" / "rdf-tests" / "sparql")


@pytest.fixture(scope="module")
def parsed(cases: list[Case]) -> list[tuple[Case, Query]]:
    found = []
    for case in cases:
        if case.kind in POSITIVE:
            try:
                found.append((case, parse(case.text, case.base)))
            except NotCompiled:
                continue
    return found


def _outcome(case: Case) -> str:
    try:
        parse(case.text, case.base)
    except SparqlSyntaxError as error:
        return f"{case.name}: {error}"
    except NotCompiled as refusal:
        return refusal.reason
    return "parsed"


def test_everything_parses_but_service(cases: list[Case]) -> None:
    outcomes = Counter(_outcome(case) for case in cases if case.kind in POSITIVE)
    assert outcomes == {"parsed": 353, "SERVICE": 10}


def test_no_invalid_query_parses(cases: list[Case]) -> None:
    negative = [case for case in cases if case.kind not in POSITIVE]
    assert len(negative) >= 47
    for case in negative:
        with pytest.raises(NotCompiled):
            parse(case.text, case.base)


def test_sparql_12_is_refused_or_means_the_same(shared: Path) -> None:
    root = shared / "conformance" / "suites" / "rdf-tests" / "sparql"
    queries = sorted(root.glob("sparql12/*/*.rq"))
    assert queries
    for path in queries:
        text = path.read_text()
        try:
            query = parse(text, path.as_uri())
        except NotCompiled:
            continue
        expected = _answer(Store(), text, path.as_uri())
        if expected != "refused":
            assert _answer(Store(), printed(query), path.as_uri()) == expected, text


def _answer(store: Store, text: str, base: str) -> object:
    """The columns and the bag of rows, the truth, the number of triples, or what went wrong."""
    try:
        result = store.query(text, base_iri=base)
    except SyntaxError:
        return "refused"
    except RuntimeError as error:
        return str(error)
    if isinstance(result, QuerySolutions):
        names = [v.value for v in result.variables if v.value != "h_none"]
        return names, Counter(tuple(str(row[name]) for name in names) for row in result)
    if isinstance(result, QueryBoolean):
        return bool(result)
    return sum(1 for _ in result)


def _store(case: Case) -> Store:
    store = Store()
    for path in case.data:
        store.load(path=path, base_iri=path.as_uri())
    for path in case.graphs:
        store.load(path=path, base_iri=path.as_uri(), to_graph=NamedNode(path.as_uri()))
    return store


def test_the_algebra_means_what_the_text_means(parsed: list[tuple[Case, Query]]) -> None:
    """Oxigraph answers the text and the algebra printed back alike."""
    for case, query in parsed:
        if "BNODE()" in case.text:
            continue  # new blank nodes each time
        store = _store(case)
        expected = _answer(store, case.text, case.base)
        assert expected != "refused"
        assert _answer(store, printed(query), case.base) == expected, printed(query)


def test_the_columns_are_those_of_oxigraph(parsed: list[tuple[Case, Query]]) -> None:
    for case, query in parsed:
        answer = _answer(Store(), case.text, case.base)
        if isinstance(answer, tuple):
            assert answer[0] == [var.name for var in query.vars], case.name


def test_the_columns_are_those_of_rdflib(parsed: list[tuple[Case, Query]]) -> None:
    compared = 0
    for case, query in parsed:
        if query.form != "select" or case.name in RDFLIB_ERRS:
            continue
        names = {str(name) for name in prepareQuery(case.text, base=case.base).algebra.PV}
        assert names == {var.name for var in query.vars}, case.name
        compared += 1
    assert compared > 250
