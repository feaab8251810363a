"""Queries about one thing, told from all others by their text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from govgraph.engine.oxigraph import form_of
from govgraph.engine.things.query import LONGEST, Pattern, Shape, about
from govgraph.vocabulary import PREFIXES

TYPE = PREFIXES["rdf"] + "type"
LABEL = PREFIXES["skos"] + "prefLabel"
X = "http://x/a"


@pytest.mark.parametrize(
    ("query", "patterns", "names"),
    [
        ("SELECT ?p ?o { <http://x/a> ?p ?o }", [("", "", "p", "o")], "p o"),
        ("select $o $p where{<http://x/a> $p $o.}\n", [("", "", "p", "o")], "o p"),
        ("SELECT * { <http://x/a> ?p ?o }", [("", "", "p", "o")], "o p"),
        (
            "SELECT ?n { <http://x/a> skos:prefLabel ?n ; a ?c , <http://x/c> ; }",
            [(LABEL, "", "", "n"), (TYPE, "", "", "c"), (TYPE, "http://x/c", "", "")],
            "n",
        ),
        (
            "PREFIX e: <http://x/>\nprefix skos: <http://x/s#> SELECT ?n WHERE"
            " { e:a skos:prefLabel ?n . e:a e:q-1 ?m . }",
            [("http://x/s#prefLabel", "", "", "n"), ("http://x/q-1", "", "", "m")],
            "n",
        ),
        ("SELECT?p { <http://x/a> ?p ?o }", None, ""),
        ("SELECT ?n { <urn:x:1> a ?n . <urn:x:1> <urn:x:2> ?m }",
         [(TYPE, "", "", "n"), ("urn:x:2", "", "", "m")], "n"),
    ],
)  # fmt: skip
def test_what_is_asked(query: str, patterns: list[tuple[str, ...]] | None, names: str) -> None:
    found = about(query)
    if patterns is None:
        assert found is None
        return
    thing = "urn:x:1" if "urn" in query else X
    made = tuple(Pattern(p or None, o or None, pn, on) for p, o, pn, on in patterns)
    variables = tuple(name for _, _, *both in patterns for name in both if name)
    assert found == (thing, Shape(made, tuple(names.split()), variables))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?p { <http://x/a> ?p ?p }",
        "SELECT ?p ?p { <http://x/a> ?p ?o }",
        "SELECT ?x { <http://x/a> ?p ?o }",
        "SELECT ?o { <http://x/a> ?p ?o . <http://x/b> ?q ?r }",
        "SELECT ?o { <http://x/a> ?p ?o . <urn:x:one> ?q ?r }",
        "PREFIX u: <urn:x:> SELECT ?o { <http://x/a> ?p ?o . u:other ?q ?r }",
        "SELECT ?o { ?s ?p ?o }",
        "SELECT DISTINCT ?o { <http://x/a> ?p ?o }",
        "SELECT ?o { <http://x/a> ?p ?o } LIMIT 1",
        "SELECT ?o FROM <http://x/g> { <http://x/a> ?p ?o }",
        "SELECT ?o { <http://x/a> ?p ?o FILTER(?o) }",
        "SELECT ?o { { <http://x/a> ?p ?o } }",
        "SELECT ?o { GRAPH <http://x/g> { <http://x/a> ?p ?o } }",
        "SELECT ?p { <http://x/a> ?p 'text' }",
        "SELECT ?p { <http://x/a> ?p 1 }",
        "SELECT ?o { <http://x/a> <http://x/p>/<http://x/q> ?o }",
        "SELECT ?o { <http://x/a> ^<http://x/p> ?o }",
        "SELECT ?o { <a> ?p ?o }",
        "SELECT ?o { <http://x/../a> ?p ?o }",
        "SELECT ?o { <http://x/.> ?p ?o }",
        "SELECT ?o { <http://x/a#b#c> ?p ?o }",
        "SELECT ?o { <http://x/%zz> ?p ?o }",
        "SELECT ?o { unknown:a ?p ?o }",
        "SELECT ?o { <http://x/a> ?p ?o } # more",
        "SELECT ?o { <http://x/a> ?p ?o , }",
        "SELECT ?o { <http://x/a> }",
        "SELECT ?o { <http://x/a> ?p }",
        "SELECT * { <http://x/a> <http://x/p> <http://x/o> }",
        "SELECT * { }",
        "SELECT { <http://x/a> ?p ?o }",
        "BASE <http://x/> SELECT ?o { <http://x/a> ?p ?o }",
        "SELECT ?o\u00a0{ <http://x/a> ?p ?o }",
        "SELECT ?é { <http://x/a> ?p ?é }",
        "ASK { <http://x/a> ?p ?o }",
        "\u017fELECT ?p ?o { <http://x/a> ?p ?o }",
        "PREF\u0131X e: <http://x/> SELECT ?p ?o { <http://x/a> ?p ?o }",
        "PREFIX \u212a: <http://x/> SELECT ?p ?o { \u212a:a ?p ?o }",
        "SELECT * { <http://x/a> " + " ; ".join(f"<http://x/p> ?v{n}" for n in range(9)) + " }",
        "SELECT ?o { <http://x/a> ?p ?o }" + " " * LONGEST,
        "",
    ],
)
def test_what_is_no_such_query(query: str) -> None:
    assert about(query) is None


PIECES = st.sampled_from(
    ["SELECT ", "?p ", "?o", "* ", "{ ", "}", " <http://x/a>", " <http://x/a> ", "<http://x/b#c.d>", " <urn:x:one> ",
     " ?p ?o", " ?v", " a ", "a", "skos:prefLabel", "e:b", "e:b.", ". ", ".", " ; ", ",", "WHERE",
     " ?o ", "PREFIX e: <http://x/> ", "PREFIX :<http://x/>", ":b", "\n", "'x'", "?p?q", "$p", ":",
     "http", "<", ">", "-", "e:-", "_:b", "?p:b", "#", "\t", "\u00a0", "é", "?o· "]
)  # fmt: skip
#: Texts that are queries about one thing, or nearly.
TEXTS = st.lists(PIECES, max_size=14).map("".join) | st.builds(
    lambda head, more, end: "".join([head, *more, end]),
    st.sampled_from(["SELECT ?p ?o { <http://x/a> ", "PREFIX e: <http://x/> SELECT * WHERE {e:a "]),
    st.lists(PIECES, max_size=8),
    st.sampled_from(["}", " }", "?o }", " . }", ""]),
)
_STORE = Store()
for p, o in [("p", "a"), ("b", "b"), ("b", "c"), ("q", "a")]:
    _STORE.add(Quad(NamedNode(X), NamedNode("http://x/" + p), NamedNode("http://x/" + o)))
_STORE.add(Quad(NamedNode(X), NamedNode(LABEL), Literal("x")))


@settings(max_examples=500, deadline=None)
@given(TEXTS)
def test_what_is_taken_is_sparql_and_means_the_same(query: str) -> None:
    found = about(query)
    if found is None:
        return
    thing, asked = found
    assert form_of(query) == "select"
    result = _STORE.query(query, prefixes=dict(PREFIXES))
    assert isinstance(result, QuerySolutions)
    assert tuple(variable.value for variable in result.variables) == asked.names
    spelled = " . ".join(
        f"<{thing}> {_term(one.predicate, one.predicate_name)} {_term(one.object, one.object_name)}"
        for one in asked.patterns
    )
    other = _STORE.query(f"SELECT {' '.join('?' + name for name in asked.names)} {{ {spelled} }}")
    assert isinstance(other, QuerySolutions)
    assert sorted(map(str, other)) == sorted(map(str, result))


def _term(iri: str | None, name: str) -> str:
    return f"?{name}" if iri is None else f"<{iri}>"


CHARACTERS = st.text(st.characters(codec="utf-8"), max_size=6) | st.text(
    "./#?@:%a-é中~'", max_size=8
)


@settings(max_examples=500, deadline=None)
@given(CHARACTERS)
def test_an_iri_that_is_taken_is_one_and_stays_as_it_is(text: str) -> None:
    found = about(f"SELECT ?o {{ <http://x/{text}> ?p ?o }}")
    if found is not None:
        NamedNode(found[0])  # ValueError if it is none
        based = f"BASE <http://y/z/> SELECT ?o {{ VALUES ?o {{ <{found[0]}> }} }}"
        (solution,) = Store().query(based)  # type: ignore[misc]
        assert solution["o"] == NamedNode(found[0])  # type: ignore[index]


@pytest.mark.parametrize(
    "hostile",
    ["SELECT " + "?a " * 1300, "PREFIX a: <http://x/> " * 170, "SELECT ?" + "a" * 4000,
     "SELECT ?o { " + "<http://x/a> ?p ?o " * 200, "SELECT ?o { <http://x/" + "a." * 2000,
     "SELECT * {" + " ;" * 2000 + "}", "SELECT * {" + "?" * 4000 + "}"],
)  # fmt: skip
def test_hostile_texts_take_no_time(hostile: str) -> None:
    """What were not linear would take minutes."""
    assert about(hostile) is None
