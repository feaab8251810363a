"""Parameters that mean harm, of lookups and named queries: none of them is read as anything else."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from tests.abuse.server import OK, Server

from govgraph.catalog.entry import Entry
from govgraph.catalog.index import entries
from govgraph.catalog.values import as_texts

HOSTILE = [
    "'", '"', "\\", "} UNION { ?s ?p ?o", "> } ; DROP ALL #", "x> <y", "?s", "$this", "{{7*7}}",
    "<script>", "=1+1", "\x00", "\ufeff", "\u202e", "\U0010ffff", "a" * 999, "a" * 5000, "-1",
    "0", "1e309", "NaN", "Infinity", "9" * 400, "0x10", "１２", "2013-13", "2013-02-30", "-2013",
    "10000-01-01", "0000", "true", "../../canary", "file:///canary.ttl", "gov:Person", "person/../x",
    "%00", "*", "**/*", "(", "[", "a AND b", "NEAR(", '"a" OR', "^", " ", "\n", "1_000", "+5",
]  # fmt: skip
#: What may come of them: an answer, or the caller's fault.
TOLD = {
    OK, "invalid-parameter", "invalid-date", "unknown-value", "not-found", "no-such-path",
    "unknown-release", "unknown-query", "unknown-question", "not-acceptable", "dates-conflict",
    "window-reversed", "unknown-network", "query-syntax", "unknown-graph", "which-graph",
    "not-in-release", "no-release-by", "no-earlier-release", "query-missing",
}  # fmt: skip
LOOKUPS = {
    "/api/v1/search": ("q", "type", "limit"),
    "/api/v1/why": ("s", "p", "o"),
    "/api/v1/compare": ("models", "at", "format"),
    "/api/v1/qca": ("conditions", "outcome", "at"),
    "/api/v1/money/sankey": ("by", "at", "year"),
    "/api/v1/releases/current/changes": ("since", "kind", "limit", "offset"),
    "/api/v1/people/t-p1/roles": ("at", "from", "to", "release"),
    "/graphs": ("graph", "default", "format", "release"),
    "/sparql": ("release", "format", "inference", "explain", "default-graph-uri"),
}
PLACES = (
    "/api/v1/people/{}/roles", "/api/v1/posts/{}/holders", "/api/v1/organizations/{}",
    "/api/v1/models/{}", "/api/v1/networks/{}", "/api/v1/questions/{}", "/api/v1/queries/{}",
    "/api/v1/releases/{}/changes", "/id/person/{}", "/id/{}/x",
)  # fmt: skip


def _one_of_each_type() -> dict[str, tuple[Entry, str]]:
    """A named query for each type of parameter, and the parameter's name."""
    found: dict[str, tuple[Entry, str]] = {}
    for entry in entries().values():
        for parameter in entry.parameters:
            several = "several " if parameter.many else ""
            found.setdefault(f"{several}{parameter.type}", (entry, parameter.name))
    return found


TYPES = _one_of_each_type()


@pytest.mark.parametrize("kind", TYPES)
def test_no_value_of_a_named_query_is_read_as_syntax(server: Server, kind: str) -> None:
    entry, name = TYPES[kind]
    needed = {p.name: as_texts(p.example) for p in entry.parameters if p.required}
    for value in HOSTILE:
        parameters = needed | {name: value}
        came = server.outcome("GET", f"/api/v1/queries/{entry.name}", params=parameters)
        assert came in TOLD, value


@pytest.mark.parametrize("path", LOOKUPS)
def test_no_value_of_a_lookup_is_read_as_syntax(server: Server, path: str) -> None:
    needed = {"query": "ASK {}"} if path == "/sparql" else {}
    for name in LOOKUPS[path]:
        for value in HOSTILE:
            came = server.outcome("GET", path, params=needed | {name: value})
            assert came in TOLD, (name, value)


@pytest.mark.parametrize("path", PLACES)
def test_no_key_in_a_path_is_a_place(server: Server, path: str) -> None:
    for value in HOSTILE:
        came = server.outcome("GET", path.format(quote(value, safe="")))
        assert came in TOLD | {"method-not-allowed"}, value


#: Pages of a named query that are none.
PAGES = ["limit=0", "limit=-1", "limit=10001", "limit=1e3", "limit=9999999999999999999", "limit=1&limit=2",
         "offset=-1", "offset=99999999999999999999", "offset=%00", "limit=%EF%BC%91", "evidence=maybe",
         "release=../x", "release=%00", "format=../../x", "format=xlsx%00", "no-such=1"]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_is_none_is_refused(server: Server, page: str) -> None:
    entry = next(entry for entry in entries().values() if not entry.parameters)
    came = server.outcome("GET", f"/api/v1/queries/{entry.name}?{page}")
    assert came in {"invalid-parameter", "not-acceptable", "unknown-release"}


def test_a_page_beyond_the_end_is_empty_and_says_so(server: Server) -> None:
    entry = next(entry for entry in entries().values() if not entry.parameters)
    answer = server.send("GET", f"/api/v1/queries/{entry.name}?offset=999999999999999").json()
    assert (answer["rows"], answer["next"]) == ([], None)
