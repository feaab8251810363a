"""What an answer is good for: the release's own tag, and for how long it may be kept."""

from __future__ import annotations

import httpx
import pytest

QUERY = "SELECT ?s { ?s a foaf:Person } ORDER BY ?s"
IMMUTABLE = "public, max-age=2592000, immutable"
PATHS = [
    f"/sparql?query={QUERY}",
    "/graphs?default",
    "/api/v1/search?q=小甲",
    "/api/v1/people/t-p1/roles",
    "/id/person/t-p1",
    "/.well-known/void",
]


def joined(path: str, parameter: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{parameter}"


@pytest.mark.parametrize("path", PATHS)
def test_the_current_release_is_asked_for_each_time(tiny_web: httpx.Client, path: str) -> None:
    response = tiny_web.get(path)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-cache"
    again = tiny_web.get(path, headers={"If-None-Match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("etag", "cache-control", "vary", "govgraph-release"):
        assert again.headers[name] == response.headers[name], name


@pytest.mark.parametrize("path", PATHS)
def test_a_release_by_its_id_is_for_good(
    tiny_web: httpx.Client, tiny_home: tuple[object, str, str], path: str
) -> None:
    for release in tiny_home[1:]:
        response = tiny_web.get(joined(path, f"release={release}"))
        assert response.headers["cache-control"] == IMMUTABLE
    by_date = tiny_web.get(joined(path, f"release={tiny_home[2][:4]}"))
    assert by_date.status_code == 200
    assert by_date.headers["cache-control"] == "no-cache"
    missing = tiny_web.get(joined(path, "release=20200101T000000Z-00000000"))
    assert missing.status_code == 404
    assert "immutable" not in missing.headers.get("cache-control", "")


@pytest.mark.parametrize("function", ["NOW()", "RAND ( )", "STRUUID()", "bnode()", "NOW#\n()"])
def test_an_answer_of_its_moment_is_not_kept(
    tiny_web: httpx.Client, tiny_home: tuple[object, str, str], function: str
) -> None:
    params = {"query": f"SELECT ({function} AS ?x) {{}}", "release": tiny_home[2]}
    response = tiny_web.get("/sparql", params=params)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert "etag" not in response.headers


def test_a_name_that_only_looks_so_is_kept(tiny_web: httpx.Client) -> None:
    response = tiny_web.get("/sparql", params={"query": "ASK { ?now foaf:knows ?brand }"})
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["etag"]


@pytest.mark.parametrize(
    ("known", "status"),
    [
        ("{tag}", 304),
        ("{strong}", 304),
        ('"a, b", {tag}', 304),
        ('W/"other" , {strong}', 304),
        ("*", 304),
        ('"other"', 200),
        ('"*"', 200),
        ("{inner}", 200),
        ("", 200),
    ],
)
def test_tags_are_compared_weakly_and_in_lists(
    tiny_web: httpx.Client, known: str, status: int
) -> None:
    tag = tiny_web.get(PATHS[0]).headers["etag"]
    strong = tag.removeprefix("W/")
    said = known.format(tag=tag, strong=strong, inner=strong.strip('"'))
    assert tiny_web.get(PATHS[0], headers={"If-None-Match": said}).status_code == status


@pytest.mark.parametrize("path", ["/ontology", "/shapes", "/static/style.css"])
def test_what_ships_has_a_tag_too(tiny_web: httpx.Client, path: str) -> None:
    first = tiny_web.get(path)
    assert first.status_code == 200
    again = tiny_web.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert tiny_web.get("/static/nothing.css").status_code == 404


def test_pages_need_nothing_inline(tiny_web: httpx.Client) -> None:
    for path in ("/docs", "/id/person/t-p1?format=html"):
        page = tiny_web.get(path)
        assert page.headers["content-type"].startswith("text/html")
        assert "<style" not in page.text
        assert "style=" not in page.text
        assert "<script>" not in page.text
        assert '<link rel="stylesheet" href="/static/style.css?' in page.text
        assert "style-src 'self'" in page.headers["content-security-policy"]
