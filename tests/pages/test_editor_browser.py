"""The editor in a real browser: what its script adds, and that it adds no fault."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.pages.waiting import until

from govgraph.catalog.index import entries
from govgraph.engine.oxigraph import form_of
from govgraph.pages.static_files import built

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from tests.pages.axe import Axe

pytestmark = [
    pytest.mark.skipif(not built("editor.js"), reason="needs `make assets`, which needs npm"),
]
PEOPLE = "SELECT ?s ?name WHERE { ?s a foaf:Person ; skos:prefLabel ?name }"
KEPT = "query => localStorage['govgraph.queries']?.includes(query)"
#: All pairs of triples: longer than anyone waits.
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c < ?f) }"


@pytest.fixture
def editor(browser: Browser, served: str) -> Iterator[Page]:
    """The page in English with its editor at work; the console has to be silent at the end."""
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda r: None if r.url.startswith(served) else said.append(r.url))
    page.goto(f"{served}/query")
    page.locator(".cm-content").wait_for()
    yield page
    context.close()
    assert said == []


def put(page: Page, text: str) -> None:
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def written(page: Page) -> str:
    return page.locator("#query").input_value()


def option(page: Page, text: str) -> None:
    """Take the completion that has a text."""
    page.locator(".cm-tooltip-autocomplete li", has_text=text).first.click()


def test_a_query_runs_where_one_is(editor: Page) -> None:
    put(editor, PEOPLE)
    editor.evaluate("window.stays = true")
    editor.keyboard.press("Control+Enter")
    editor.locator("#outcome table").wait_for()
    assert "rows" in editor.locator(".told").inner_text()
    assert "q=SELECT" in editor.url
    editor.locator("[data-part=sort-name]").click()
    editor.locator("th[aria-sort=ascending]").wait_for()
    assert "sort=name" in editor.url
    assert editor.evaluate("document.activeElement.dataset.part") == "sort-name"
    editor.go_back()
    editor.locator("th:not([aria-sort])").first.wait_for()
    assert editor.evaluate("window.stays"), "the page was not left"
    editor.reload()
    assert written(editor) == PEOPLE
    assert editor.locator("#outcome table").count() == 1


def test_a_query_too_long_for_an_address_runs_too(editor: Page) -> None:
    put(editor, PEOPLE + "\n# " + "x" * 8000)
    editor.keyboard.press("Control+Enter")
    editor.locator("#outcome table").wait_for()
    assert "q=" not in editor.url
    editor.locator("[data-part=sort-name]").click()
    editor.locator("th[aria-sort=ascending]").wait_for()


def test_cancelling_gives_the_worker_back(editor: Page, served: str) -> None:
    ended = _figure(served, 'govgraph_workers_ended_total{reason="gone"}')
    put(editor, ENDLESS)
    editor.keyboard.press("Control+Enter")
    editor.locator(".clock", has_text=re.compile("[1-9]")).wait_for()
    assert _figure(served, _BUSY) == 1
    editor.locator(".cancel").click()
    editor.get_by_text("Cancelled").wait_for()
    assert editor.locator(".cancel").is_hidden()
    until(lambda: _figure(served, _BUSY) == 0)
    assert _figure(served, 'govgraph_workers_ended_total{reason="gone"}') == ended + 1
    put(editor, "ASK { ?s a foaf:Person }")
    editor.keyboard.press("Control+Enter")
    editor.locator("#outcome .said", has_text="yes").wait_for()


_BUSY = 'govgraph_workers{lane="readers",state="busy"}'


def _figure(served: str, name: str) -> float:
    lines = httpx.get(f"{served}/metrics").text.splitlines()
    return next((float(line.split()[-1]) for line in lines if line.startswith(name)), 0.0)


def test_a_fault_is_marked_while_one_types(editor: Page) -> None:
    put(editor, 'SELECT * WHERE {\n  ?s rdfs:label "𠀀中" ; nope:x ?o }')
    mark = editor.locator(".cm-lintRange-error")
    mark.wait_for()
    assert mark.inner_text() == "nope:x"
    mark.hover()
    assert "not declared" in editor.locator(".cm-diagnostic").inner_text()
    put(editor, PEOPLE)
    mark.wait_for(state="detached")


def test_terms_are_completed_and_their_prefix_declared(editor: Page) -> None:
    put(editor, "SELECT * WHERE { ?x a ")
    editor.keyboard.type("任职")
    editor.locator(".cm-tooltip-autocomplete").wait_for()
    option(editor, "gov:Appointment")
    lines = written(editor).splitlines()
    assert lines[0] == "PREFIX gov: <https://w3id.org/govgraph/ontology#>"
    assert lines[1].startswith("SELECT * WHERE { ?x a gov:Appointment")
    editor.keyboard.type(" ; org:")
    assert "PREFIX org: <http://www.w3.org/ns/org#>" in written(editor)
    editor.keyboard.press("Control+z")


def test_entities_are_completed_by_their_names(editor: Page) -> None:
    put(editor, "SELECT * WHERE { ?s ?p ")
    editor.keyboard.type("西园街道")
    option(editor, "place/pl-xiyuan")
    assert "/place/pl-xiyuan>" in written(editor)


def test_formatting_keeps_every_token(editor: Page) -> None:
    for entry in [e for e in entries().values() if e.query][::6]:
        assert entry.query
        put(editor, entry.query.replace("\n", " \n ") if "#" in entry.query else entry.query)
        editor.locator(".lay-out").click()
        laid = written(editor)
        assert "".join(laid.split()) == "".join(entry.query.split()), entry.name
        assert form_of(laid) == "select"
        editor.locator(".lay-out").click()
        assert written(editor) == laid


def test_the_past_is_kept_here_and_forgotten_on_demand(editor: Page) -> None:
    assert editor.locator("#past details").is_hidden()
    for query in (PEOPLE, "ASK { ?s a foaf:Person }"):
        put(editor, query)
        editor.keyboard.press("Control+Enter")
        editor.locator("#outcome section").first.wait_for()
        until(lambda kept=query[:9]: editor.evaluate(KEPT, kept))
    editor.reload()
    editor.locator("#past summary").click()
    assert editor.locator(".past > li").count() == 2
    editor.locator(".past .plain", has_text="SELECT").click()
    assert written(editor) == PEOPLE
    editor.get_by_label("Delete ASK").click()
    assert editor.locator(".past > li").count() == 1
    editor.get_by_text("Delete all").click()
    assert editor.evaluate("localStorage['govgraph.queries']") == "[]"


def test_the_keyboard_is_not_trapped(editor: Page) -> None:
    put(editor, "ASK {}")
    editor.keyboard.press("Tab")
    assert editor.evaluate("document.activeElement.className").startswith("cm-content")
    editor.keyboard.press("Escape")
    editor.keyboard.press("Tab")
    assert editor.evaluate("document.activeElement.classList.contains('run')")


def test_brackets_close_and_what_is_typed_replaces_a_selection(editor: Page) -> None:
    put(editor, "SELECT")
    editor.keyboard.press("Control+a")
    editor.keyboard.type("ASK {")
    assert written(editor) == "ASK {}"
    editor.keyboard.press("Control+z")
    editor.keyboard.press("Control+f")
    assert editor.get_by_placeholder("Find").is_visible()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_editor_at_work_is_accessible(
    browser: Browser, served: str, axe: Axe, lang: str
) -> None:
    page = browser.new_page()
    page.goto(f"{served}/query?lang={lang}")
    put(page, "SELECT * WHERE { ?s nope:x ?o }")
    page.locator(".cm-lintRange-error").wait_for()
    page.keyboard.press("Control+f")
    page.locator(".cm-search").wait_for()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert axe.violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.close()


def test_a_label_with_markup_completes_as_text(browser: Browser, served: str) -> None:
    page = browser.new_page(locale="en-GB")
    one = {"name": {"en": "<img src=x onerror=alert(1)>"}, "type": "place", "id": "a> b"}
    page.route("**/api/v1/suggest**", lambda route: route.fulfill(json={"suggestions": [one]}))
    page.goto(f"{served}/query")
    put(page, "ASK { ?s ?p ")
    page.keyboard.type("xyz")
    option(page, "<img")
    assert "/place/a%3E%20b>" in written(page)
    page.close()
