"""Lookups that are answered before the framework: as the application answers them, or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.service.lookups import same, scope

from govgraph.engine.guard import tokens
from govgraph.engine.hybrid import HybridEngine
from govgraph.engine.outline import outline
from govgraph.http.prompt import Lookups
from govgraph.http.state import Opened, Releases
from govgraph.settings import Settings

BASE = "https://w3id.org/govgraph/id/"
PERSON = f"<{BASE}organization/org-xiyuan>"
LOOKUPS = [
    f"SELECT ?p ?o {{ {PERSON} ?p ?o }}",
    f"SELECT ?p ?o {{ <{BASE}person/nobody> ?p ?o }}",
    f"ASK {{ {PERSON} a ?type }}",
    f"CONSTRUCT {{ {PERSON} ?p ?o }} WHERE {{ {PERSON} ?p ?o }}",
    f"DESCRIBE {PERSON}",
    f"PREFIX id: <{BASE}> SELECT ?l {{ <{BASE}organization/org-xiyuan> rdfs:label ?l }} ORDER BY ?l",
    f'SELECT ?p {{ {PERSON} ?p "西园街道"@zh-Hans }}',
]
OTHERS = [
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }",
    f"SELECT ?g {{ GRAPH ?g {{ {PERSON} ?p ?o }} }}",
    f"SELECT (RAND() AS ?r) {{ {PERSON} ?p ?o }}",
    f"SELECT ?p {{ {PERSON} ?p }}",
    f"SELECT ?p {{ SERVICE <http://127.0.0.1/> {{ {PERSON} ?p ?o }} }}",
    "SELECT ?x { " + "{ " * 200 + "?x ?y ?z" + " }" * 200 + " }",
    "",
]
ACCEPTED = [
    "", "*/*", "application/sparql-results+json", "text/csv, */*;q=0.1", "text/turtle",
    "application/sparql-results+xml", "text/tab-separated-values", "application/ld+json",
]  # fmt: skip


@pytest.fixture(scope="module")
def lookups(home: Path) -> Lookups:
    return Lookups(Releases(Settings(home=home)), services=False)


@pytest.mark.parametrize("accept", ACCEPTED)
@pytest.mark.parametrize("query", LOOKUPS)
def test_a_lookup_is_answered_as_by_the_application(
    lookups: Lookups, web: httpx.Client, query: str, accept: str
) -> None:
    headers = {"accept": accept, "accept-encoding": "identity"}
    response = web.get("/sparql", params={"query": query}, headers=headers)
    for _ in range(2):  # the second time its outline is known
        found = lookups.answer(scope(query, accept=accept), b"")
        if response.status_code == 200:
            assert found is not None
            same(found, response)
        else:
            assert found is None


@pytest.mark.parametrize("coding", ["gzip", "zstd", "gzip;q=0.5, zstd;q=0.1", "identity;q=0, gzip"])
def test_in_the_coding_that_is_wanted(lookups: Lookups, web: httpx.Client, coding: str) -> None:
    for query in LOOKUPS[:2]:
        response = web.get(
            "/sparql", params={"query": query}, headers={"accept": "*/*", "accept-encoding": coding}
        )
        found = lookups.answer(scope(query, accept="*/*", accept_encoding=coding), b"")
        assert found is not None
        same(found, response)


@pytest.mark.parametrize("query", OTHERS)
def test_any_other_query_is_left_to_the_application(lookups: Lookups, query: str) -> None:
    for _ in range(2):
        assert lookups.answer(scope(query), b"") is None


@pytest.mark.parametrize("name", ["if_none_match", "authorization", "content_encoding", "range"])
def test_so_are_requests_that_say_more(lookups: Lookups, name: str) -> None:
    assert lookups.answer(scope(LOOKUPS[0], **{name: "x"}), b"") is None
    more = scope(LOOKUPS[0])
    more["query_string"] += b"&release=20200101T000000Z-00000000"
    assert lookups.answer(more, b"") is None
    assert lookups.answer(scope(LOOKUPS[0]) | {"path": "/update"}, b"") is None
    twice = scope(LOOKUPS[0], accept="text/csv")
    twice["headers"] *= 2
    assert lookups.answer(twice, b"") is None


@pytest.mark.parametrize(
    ("media", "body"),
    [
        ("application/sparql-query", LOOKUPS[0].encode()),
        ("application/x-www-form-urlencoded", urlencode({"query": LOOKUPS[0]}).encode()),
    ],
)
def test_a_post_too(lookups: Lookups, web: httpx.Client, media: str, body: bytes) -> None:
    headers = {"content-type": media, "accept": "*/*", "accept-encoding": "identity"}
    response = web.post("/sparql", content=body, headers=headers)
    found = lookups.answer(scope("", "POST", content_type=media, accept="*/*"), body)
    assert found is not None
    same(found, response)


def test_a_lookup_from_the_nodes_it_names_too(lookups: Lookups, web: httpx.Client) -> None:
    query = (
        f"SELECT ?body ?name {{ ?body org:subOrganizationOf+ {PERSON} ; skos:prefLabel ?name ."
        ' FILTER(LANG(?name) = "zh-Hans") }} ORDER BY ?body'
    ).replace("}}", "}")
    engine = lookups.releases.open().engine
    assert isinstance(engine, HybridEngine)
    narrowed = engine.route(query).query
    assert narrowed
    assert lookups._lookup(lookups.releases.open(), scope(query), {}, b"") == (narrowed, "select")
    response = web.get("/sparql", params={"query": query}, headers={"accept-encoding": "identity"})
    for _ in range(2):
        found = lookups.answer(scope(query), b"")
        assert found is not None
        same(found, response)


def test_what_was_got_is_not_there_for_other_methods(lookups: Lookups) -> None:
    asked = scope(LOOKUPS[0])
    assert lookups.answer(asked, b"") is not None
    for method in ("HEAD", "PUT", "POST", "DELETE", "OPTIONS"):
        assert lookups.answer(asked | {"method": method}, b"") is None


def test_of_another_release_it_is_found_anew(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lookups = Lookups(Releases(Settings(home=home)), services=False)
    opened = lookups.releases.open()
    found: list[str] = []

    def finding(release: Opened, query: str) -> tuple[str, str]:
        found.append(release.release.id)
        return query, "select"

    monkeypatch.setattr(lookups, "_found", finding)
    later = replace(opened, release=replace(opened.release, path=Path("later")))
    for release in (opened, opened, later, opened):
        lookups._lookup(release, scope(LOOKUPS[0]), {}, b"")
    assert found == [opened.release.id, "later"]


def test_a_large_answer_is_left_to_the_application(home: Path) -> None:
    lookups = Lookups(Releases(Settings(home=home)), services=False)
    engine = lookups.releases.open().engine
    assert isinstance(engine, HybridEngine)
    query = "SELECT * { ?s ?p ?o } LIMIT 3000"
    assert lookups.answer(scope(query), b"") is not None
    long = "x" * 60
    doubled = (
        f"SELECT (CONCAT({','.join(['STR(?s)', repr(long)] * 8)}) AS ?a) {{ ?s ?p ?o }} LIMIT 3000"
    )
    assert engine.route(doubled).lookup
    assert lookups.answer(scope(doubled), b"") is None


# -- outlines --------------------------------------------------------------------------------------

SCHEMA = frozenset({"http://x/p", "http://x#q"})
PIECES = st.sampled_from(
    ["SELECT * {", "}", "?s", "<http://x/p>", "<http://x#q>", "<http://a/b>", "<urn:x:1>", "<a b>",
     "?a<?b", "<http://a/(b)>", "'<http://a/s>'", '"#"', "# <http://c/c>\n", "\n", "PREFIX a:",
     "BASE", "prefix x: <http://n/n>", "a:b", ".", "(", ")", "^^<http://d/t>", "FILTER", "\\u003c"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12), st.sampled_from([" ", ""]))
def test_queries_of_one_outline_have_the_same_tokens(pieces: list[str], between: str) -> None:
    """Another IRI in each place changes no token but itself, wherever the place is."""
    query = between.join(pieces)
    text = outline(query, SCHEMA)
    if text is None:
        return
    other = text.replace("<>", "<https://other.example/thing?x=1>")
    assert outline(other, SCHEMA) == text
    assert kinds(other) == kinds(query)


def kinds(query: str) -> list[tuple[str | None, str]]:
    """The tokens, the texts of those that may hold an IRI left out."""
    return [(found.lastgroup, "" if "<" in found[0] else found[0]) for found in tokens(query)]


def test_what_tells_how_much_there_is_to_do_stays() -> None:
    query = "PREFIX a: <http://n/n> SELECT * { <http://a/b> <http://x/p> ?o ; <http://x#q> a:c }"
    assert outline(query, SCHEMA) == query.replace("<http://a/b>", "<>")
    assert outline(query, ()) == ("PREFIX a: <http://n/n> SELECT * { <> <> ?o ; <> a:c }")


@pytest.mark.parametrize(
    "query", ["SELECT * { ?s ?p '1'^^<http://a/b> }", "SELECT (<http://a/f>(1) AS ?x) {}",
              "# PREFIX\nSELECT * { <http://a/b> ?p ?o }", "SELECT * {?s ?p ?o}" + " " * 5000],
)  # fmt: skip
def test_no_outline(query: str) -> None:
    assert outline(query, SCHEMA) is None
