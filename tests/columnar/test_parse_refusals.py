"""What is refused: SPARQL 1.2, SERVICE, errors, and queries too large to walk safely."""

from __future__ import annotations

from textwrap import dedent

import pytest

from govgraph.engine.columnar.notcompiled import NotCompiled, SparqlSyntaxError
from govgraph.engine.columnar.parse import parse

from .parsed import (
    read,
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ASK { SERVICE :p { } }", "SERVICE"),
        ("ASK { SERVICE SILENT ?x { } }", "SERVICE"),
        ("ASK { LATERAL { } }", "LATERAL"),
        ("VERSION '1.2' ASK { }", "VERSION"),
        ("ASK { << ?s :p ?o >> :q 1 }", "RDF-star"),
        ("ASK { <<( ?s :p ?o )>> :q 1 }", "RDF-star"),
        ("ASK { ?s :p ?o {| :q 1 |} }", "RDF-star"),
        ("ASK { ?s :p ?o ~ :q }", "RDF-star"),
        ("ASK { FILTER(isTRIPLE(?x)) }", "ISTRIPLE"),
        ("ASK { BIND(TRIPLE(?s, ?p, ?o) AS ?x) }", "TRIPLE"),
        ("ASK { BIND('a'@en--ltr AS ?x) }", "direction"),
        ("ASK { ?s :p +1 }", "path's mark"),
        ("ASK { ?s :p+1 }", "path's mark"),
        ("ASK { ?s :p '\\u0027' }", "character of the syntax"),
        ("ASK { ?s :p '\\uD800' }", "no character"),
        ("BASE <http://b/> ASK { ?s :p <http://a/b/../c> }", "dot segments"),
        ("SELECT ?z { } GROUP BY (?x AS ?y) (STR(?y) AS ?z)", "key before"),
        (f"SELECT ?x {{ }} LIMIT {'9' * 5000}", "LIMIT"),
    ],
)
def test_not_compiled(text: str, reason: str) -> None:
    with pytest.raises(NotCompiled) as caught:
        read(text)
    assert not isinstance(caught.value, SparqlSyntaxError)
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    "text",
    [
        "",
        "INSERT DATA { }",
        "ASK { } ASK { }",
        "ASK { ",
        "ASK { ?s :p }",
        "ASK { ?s :p ?o ?x :p ?y }",
        "ASK { ?s :p ?o . . }",
        "ASK { . }",
        "ASK { [] }",
        "ASK { ?s no:p ?o }",
        "ASK { <s> :p ?o }",
        "ASK { ?s A ?o }",
        "ASK { ?s :p ?o BIND(1 AS ?o) }",
        "ASK { ?s :p ?o OPTIONAL { ?x :p ?y } BIND(1 AS ?y) }",
        "ASK { _:a :p ?o OPTIONAL { ?o :p ?x } _:a :q ?y }",
        "ASK { _:a :p ?o { _:a :q ?y } }",
        "ASK { VALUES (?x ?y) { (1) } }",
        "ASK { VALUES (?x ?x) { (1 1) } }",
        "ASK { VALUES ?x { ?y } }",
        "ASK { FILTER(1 < 2 < 3) }",
        "ASK { FILTER(?x IN (1) = ?y) }",
        "ASK { FILTER ?x }",
        "ASK { FILTER(BOUND(1)) }",
        "ASK { FILTER(STR()) }",
        "ASK { FILTER(IF(1, 2)) }",
        "ASK { FILTER(NOW(1)) }",
        "ASK { FILTER(FOO(1)) }",
        "ASK { FILTER(COUNT(?x) > 1) }",
        "ASK { BIND(COUNT(?x) AS ?y) }",
        'ASK { ?s :p "a\nb" }',
        "ASK { ?s :p 'a\\x' }",
        "ASK { ?s ^^:p ?o }",
        "ASK { ?s ?p+ ?o }",
        "SELECT { }",
        "SELECT ?x ?x { }",
        "SELECT (1 AS ?x) { ?x :p ?y }",
        "SELECT (1 AS ?x) (2 AS ?x) { }",
        "SELECT (SUM(COUNT(?x)) AS ?y) { }",
        "SELECT * { ?x :p ?y } GROUP BY ?x",
        "SELECT ?y { ?x :p ?y } GROUP BY ?x",
        "SELECT ?y (COUNT(*) AS ?z) { ?x :p ?y }",
        "SELECT (STR(?y) AS ?z) { ?x :p ?y } GROUP BY STR(?y)",
        "SELECT ?x { ?x :p ?y } GROUP BY (1 AS ?y)",
        "SELECT ?x { } GROUP BY COUNT(?x)",
        "SELECT ?x { } LIMIT 1 LIMIT 2",
        "SELECT ?x { } LIMIT -1",
        "SELECT ?x { } LIMIT 1 ORDER BY ?x",
        "SELECT ?x { } ORDER BY ?x + 1",
        "CONSTRUCT { ?s :p/:q ?o } { }",
        "CONSTRUCT WHERE { ?s :p/:q ?o }",
        "CONSTRUCT WHERE { ?s :p ?o FILTER(?o) }",
        "PREFIX a:b <http://a/> ASK { }",
    ],
)
def test_syntax_error(text: str) -> None:
    with pytest.raises(SparqlSyntaxError):
        read(text)


def test_an_error_has_its_place() -> None:
    with pytest.raises(SparqlSyntaxError, match="line 3, column 8: no prefix no:") as caught:
        parse(
            dedent("""\
            ASK {
              # none
              ?s   no:p ?o }""")
        )
    assert (caught.value.line, caught.value.column) == (3, 8)


DEEP = [
    ("{", "}"), ("OPTIONAL {", "}"), ("FILTER EXISTS {", "}"), ("GRAPH ?g {", "}"),
    ("?s :p [ :p (", ") ] ."), ("{ SELECT * {", "} }"), ("?s :p (", ") ."), ("?s :p [ :p ", " 1 ] ."),
    ("{} UNION {", "}"),
]  # fmt: skip


@pytest.mark.parametrize("levels", [10, 49, 1000, 20_000])
@pytest.mark.parametrize(("opening", "closing"), DEEP)
def test_depth_is_limited(opening: str, closing: str, levels: int) -> None:
    _read_or_refuse(f"SELECT * {{ {opening * levels} {closing * levels} }}")


@pytest.mark.parametrize("levels", [10, 49, 1000, 20_000])
@pytest.mark.parametrize(
    "text",
    [
        "(", "-(", "!(", "CONCAT(1||1&&1=1+1*", ":p(", "1 IN (", "COALESCE(1, ",
    ],
)  # fmt: skip
def test_depth_of_expressions_is_limited(text: str, levels: int) -> None:
    _read_or_refuse(f"ASK {{ FILTER({text * levels} 1 {')' * levels}) }}")


@pytest.mark.parametrize(
    "text", ["FILTER(1", "FILTER(1+1", "?s :p", "?s :p|:q", "{} UNION {}", "BIND(1 AS ?x)"]
)
def test_length_is_limited(text: str) -> None:
    """Chains without brackets grow the algebra's height as well."""
    more = {"FILTER(1": " || 1", "FILTER(1+1": " + 1", "?s :p": "/:p", "?s :p|:q": "|:q"}
    end = {"F": ")", "?": " ?o"}.get(text[0], "")
    chain = more.get(text, " FILTER(1) {} MINUS {} ")
    _read_or_refuse(f"ASK {{ {text + chain * 100 + end} }}")
    with pytest.raises(NotCompiled, match="more than 250"):
        read(f"ASK {{ {text + chain * 1000 + end} }}")


def _read_or_refuse(text: str) -> None:
    """Small enough to be walked, or NotCompiled."""
    try:
        query = read(text)
    except NotCompiled:
        return
    assert isinstance(hash(query), int)
    assert query == read(text)
