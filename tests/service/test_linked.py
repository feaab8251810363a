"""/id/… and its pages: one entity in three formats, safe with any label, without dead links."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import quote, urljoin

import httpx
import pytest
from pyoxigraph import RdfFormat, parse
from rdflib import Graph
from rdflib.compare import isomorphic
from tests.service.conftest import BASE, HOSTILE_ID, HOSTILE_LABEL, store_of
from tests.service.test_sparql import problem

from govgraph.http.state import Opened

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


class Page(HTMLParser):
    """A page's links, texts, languages and elements."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.texts: list[str] = []
        self.elements: set[str] = set()
        self.languages: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        for name, value in attrs:
            assert not name.startswith("on"), name
            if name == "href" and value:
                self.links.append(value)
            if name == "lang" and value:
                self.languages.add(value)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def page(web: httpx.Client, path: str) -> Page:
    response = web.get(path, headers=HTML)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return Page(response.text)


ENTITIES = [
    "person/ex-c01-p1",
    "organization/org-xiyuan",
    "model/gm-2zhan",
    "flow/ff-1",
    "sentence/xiyuan-S15",
]


@pytest.mark.parametrize("entity", ENTITIES)
def test_formats_say_the_same(web: httpx.Client, opened: Opened, entity: str) -> None:
    graphs = {}
    for media, form in (("text/turtle", "turtle"), ("application/ld+json", "json-ld"),
                        ("application/n-triples", "nt"), ("application/rdf+xml", "xml")):  # fmt: skip
        response = web.get(f"/id/{entity}", headers={"Accept": media})
        assert response.headers["content-type"].partition(";")[0] == media
        graphs[form] = Graph().parse(data=response.text, format=form)
    expected = {
        t.triple for t in store_of(opened).quads_for_pattern(None, None, None)
        if str(t.subject) == f"<{BASE}{entity}>"
    }  # fmt: skip
    turtle = web.get(f"/id/{entity}", headers={"Accept": "text/turtle"}).content
    assert {t.triple for t in parse(turtle, format=RdfFormat.TURTLE)} == expected
    assert all(isomorphic(graph, graphs["turtle"]) for graph in graphs.values())


def test_a_format_by_name(web: httpx.Client) -> None:
    for name, media in (
        ("html", "text/html"),
        ("turtle", "text/turtle"),
        ("jsonld", "application/ld+json"),
    ):
        response = web.get("/id/model/gm-2zhan", params={"format": name}, headers={"Accept": "x/y"})
        assert response.headers["content-type"].partition(";")[0] == media
    assert web.get("/id/model/gm-2zhan").headers["content-type"].startswith("text/turtle")
    for name in ("csv", "docx"):
        problem(web.get("/id/model/gm-2zhan", params={"format": name}), 406, "not-acceptable")


def test_a_page_is_in_both_languages(web: httpx.Client) -> None:
    for lang, words in (
        ("zh", ("西园街道", "事实", "凭据")),
        ("en", ("Xiyuan Subdistrict", "Facts", "evidence")),
    ):
        html = httpx.get(
            f"{web.base_url}/id/organization/org-xiyuan?lang={lang}", headers=HTML
        ).text
        assert [word for word in (*words, "organizations.csv") if word not in html] == []


@pytest.mark.parametrize(
    "entity", ["organization/org-xiyuan", "model/gm-2zhan", "post/ex-c01-zr-post"]
)
def test_every_link_leads_somewhere(web: httpx.Client, entity: str) -> None:
    links = {urljoin(f"/id/{entity}", link) for link in page(web, f"/id/{entity}").links}
    assert len(links) > 4
    for link in sorted(links):
        assert link.startswith("/"), link
        assert web.get(link, headers=HTML).status_code in (200, 303), link


def hostile_path() -> str:
    return "/id/person/" + quote(HOSTILE_ID, safe="")


def test_hostile_labels_are_text(tiny_web: httpx.Client) -> None:
    found = page(tiny_web, hostile_path())
    assert "<script>" not in tiny_web.get(hostile_path(), headers=HTML).text
    assert HOSTILE_LABEL in found.texts
    places = page(tiny_web, "/id/place/t-c1")
    assert places.links


def test_a_hostile_identifier_has_its_own_page(tiny_web: httpx.Client) -> None:
    turtle = tiny_web.get(hostile_path()).text
    subjects = {str(t.subject) for t in parse(turtle.encode(), format=RdfFormat.TURTLE)}
    assert subjects == {f"<{BASE}person/{quote(HOSTILE_ID, safe='')}>"}


def test_tables_and_expected_appointments_can_be_looked_up(web: httpx.Client) -> None:
    for path in ("table/xiyuan/organizations.csv", "expected/pr-1.ex-c01-a02"):
        assert web.get(f"/id/{path}").status_code == 200, path


@pytest.mark.parametrize("accept", ["text/html", "text/turtle"])
@pytest.mark.parametrize(
    "path", ["person/nobody", "nothing/x", "person/", "person/a%20b%3E%7D", "person/" + "x" * 4000, "person/%FF",
             f"person/{BASE}person/ex-c01-p1"],
    ids=lambda path: path[:20],
)  # fmt: skip
def test_what_is_not_there(web: httpx.Client, path: str, accept: str) -> None:
    response = httpx.get(f"{web.base_url}/id/{path}", headers={"Accept": accept})
    if accept == "text/html":
        assert response.status_code == 404
        assert "not-found" in response.text
    else:
        problem(response, 404, "not-found")


def test_head(web: httpx.Client) -> None:
    got, head = (web.request(m, "/id/model/gm-2zhan", headers=HTML) for m in ("GET", "HEAD"))
    assert head.content == b""
    assert head.headers["etag"] == got.headers["etag"]
    assert web.head("/id/model/none").status_code == 404


def test_ontology_and_shapes(web: httpx.Client) -> None:
    for path, words in (("/ontology", "Appointment"), ("/shapes", "AppointmentShape")):
        graph = Graph().parse(data=web.get(path).text, format="turtle")
        assert any(str(s).endswith(f"#{words}") for s in graph.subjects())


def test_operations(web: httpx.Client, opened: Opened) -> None:
    health = web.get("/health").json()
    assert (health["status"], health["release"]) == ("ok", opened.release.id)
    assert web.get("/docs").status_code == 200
    paths = web.get("/openapi.json").json()["paths"]
    assert {"/sparql", "/api/v1/people/{id}/roles", "/id/{kind}/{key}", "/health"} <= set(paths)
    problem(web.get("/nothing"), 404, "no-such-path")
    problem(web.delete("/health"), 405, "method-not-allowed")


def test_an_entity_without_a_label_is_titled(web: httpx.Client) -> None:
    page = web.get("/id/flow/ff-1b?lang=zh", headers={"Accept": "text/html"}).text
    assert "<h1>购买岗位" in page


def test_plain_json_is_json_ld(web: httpx.Client) -> None:
    response = web.get("/id/person/ex-c01-p1", headers={"Accept": "application/json"})
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    assert response.json()[0]["@id"].endswith("person/ex-c01-p1")
