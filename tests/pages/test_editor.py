"""The editor's page without scripts, and the parts that its script asks for."""

from __future__ import annotations

import html
import io
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx
import pytest

from govgraph.catalog.index import entries
from govgraph.engine.oxigraph import form_of
from govgraph.pages.static_files import built

PEOPLE = "SELECT ?s ?name WHERE { ?s a foaf:Person ; skos:prefLabel ?name } ORDER BY ?s ?name"
#: What each language quotes in its own way.
HOSTILE = """SELECT ?s ("it's \\\\ `${1}` )-' \\"" AS ?said) # '''
WHERE { ?s a foaf:Person } ORDER BY ?s LIMIT 2"""
ROW = re.compile(r"<tr><td.*?</tr>", re.DOTALL)


def answer(site: httpx.Client, query: str, **more: str) -> str:
    return site.get("/query/answer", params={"q": query, "lang": "en", **more}).text


def first_cells(page: str) -> list[str]:
    return [re.sub("<[^>]*>", "", re.split("</td>", row)[0]) for row in ROW.findall(page)]


def test_the_answer_is_a_part_of_the_page(site: httpx.Client) -> None:
    part = answer(site, PEOPLE)
    assert "<html" not in part
    whole = site.get("/query", params={"q": PEOPLE, "lang": "en"}).text
    assert ROW.findall(part) == ROW.findall(whole)
    assert re.search(r"<p data-summary>\d+ rows · [\d.]+ s · engine: (oxigraph|columns)", part)


def test_rows_are_sorted_by_a_column_and_paged(site: httpx.Client) -> None:
    numbers = "SELECT ?n WHERE { VALUES ?n { 10 9 2.5 UNDEF 'x' } }"
    assert first_cells(answer(site, numbers, sort="n")) == ["no value", "2.5", "9", "10", "x"]
    assert first_cells(answer(site, numbers, sort="-n"))[0] == "x"
    assert first_cells(answer(site, numbers, sort="nothing"))[0] == "10"
    many = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 250"
    last = answer(site, many, offset="200")
    assert len(ROW.findall(last)) == 50
    assert "rows 201–250 of 250" in last
    assert 'rel="prev"' in last
    assert 'rel="next"' not in last


def test_links_of_the_part_lead_to_the_page(site: httpx.Client) -> None:
    part = answer(site, PEOPLE)
    link = html.unescape(re.search(r'data-part="sort-s" href="([^"]*)"', part)[1])  # type: ignore[index]
    assert link.startswith("/query?q=")
    assert 'aria-sort="ascending"' in site.get(link).text


@pytest.mark.parametrize(
    ("query", "place", "zh", "en"),
    [
        ("SELECT * WHERE {\n  ?s nope:x ?o }", (2, 6, 6), "前缀", "prefix"),
        ("SELECT * WHERE { ?s ?p }", (1, 24, 1), "语法有误", "Not valid SPARQL"),
        ("", (1, 1, 1), "语法有误", "Not valid SPARQL"),
    ],
)
def test_a_fault_has_its_place_and_plain_words(
    site: httpx.Client, query: str, place: tuple[int, int, int], zh: str, en: str
) -> None:
    fault = site.post("/query/check", data={"q": query}).json()["fault"]
    assert (fault["line"], fault["column"], fault["length"]) == place
    assert zh in fault["message_zh"]
    assert en in fault["message_en"]
    assert "u{" not in fault["message_en"]


def test_a_query_without_fault_has_none(site: httpx.Client) -> None:
    assert site.post("/query/check", data={"q": PEOPLE}).json() == {"fault": None}


def test_the_page_marks_the_place_too(site: httpx.Client) -> None:
    query = 'SELECT * WHERE {\n ?s a <script>alert(1)</script> "\u202e" }'
    found = site.get("/query", params={"q": query, "lang": "en"})
    assert found.status_code == 400
    assert "<mark>" in found.text
    assert "<script>alert" not in found.text
    assert answer(site, query).count("<mark>") == 1


def test_labels_that_would_be_markup_are_text(site: httpx.Client) -> None:
    part = answer(site, "SELECT ('<img src=x onerror=alert(1)>' AS ?a) ('\"><b>' AS ?b) {}")
    assert "&lt;img src=x" in part
    assert "<img" not in part
    assert "<b>" not in ROW.findall(part)[0]


def test_all_forms_of_queries(site: httpx.Client) -> None:
    assert ">yes</p>" in answer(site, "ASK { ?s a foaf:Person }")
    graph = answer(site, "CONSTRUCT { ?s a foaf:Person } WHERE { ?s a foaf:Person }")
    assert "foaf:Person" in graph
    assert "JSONLD" in graph
    assert "XLSX" not in graph
    assert "format=turtle" in snippet(graph, "curl")
    assert "No row matches" in answer(site, "SELECT * WHERE { ?s a gov:Nothing }")


def test_a_query_too_long_for_an_address_is_posted(site: httpx.Client) -> None:
    query = PEOPLE + "\n# " + "长" * 20_000
    asked = {"sort": "-name", "lang": "en", "inference": "false"}
    found = site.post("/query/answer", params=asked, data={"q": query}).text
    assert 'aria-sort="descending"' in found
    assert "inference=false" in found
    assert '<html lang="en"' in site.post("/query", params=asked, data={"q": query}).text


def test_answers_of_the_moment_are_not_kept(site: httpx.Client) -> None:
    kept = "etag" in site.get("/query/answer", params={"q": PEOPLE}).headers
    assert kept == built("editor.js")
    now = site.get("/query/answer", params={"q": "SELECT (NOW() AS ?n) {}"})
    assert "etag" not in now.headers


def test_rows_as_a_sheet(site: httpx.Client) -> None:
    found = site.get("/query/rows.xlsx", params={"q": f"{PEOPLE} LIMIT 3"})
    with zipfile.ZipFile(io.BytesIO(found.content)) as book:
        strings = book.read("xl/sharedStrings.xml").decode()
    assert "/person/" in strings
    assert "/query?q=SELECT" in strings
    graph = site.get("/query/rows.xlsx", params={"q": "DESCRIBE ?s { ?s a foaf:Person }"})
    assert graph.status_code == 406


def test_terms_have_names_and_uses_and_are_fixed_for_a_release(site: httpx.Client) -> None:
    page = site.get("/query").text
    address = html.unescape(re.search('data-terms="([^"]*)"', page)[1])  # type: ignore[index]
    found = site.get(address)
    assert "immutable" in found.headers["cache-control"]
    terms = found.json()
    classes = {term["name"]: term for term in terms["classes"]}
    assert classes["gov:Appointment"]["label"].keys() >= {"zh", "en"}
    assert classes["foaf:Person"]["uses"] > 0
    properties = [term["name"] for term in terms["properties"]]
    assert "skos:prefLabel" in properties
    assert "rdf:type" not in properties
    assert terms["prefixes"]["gov"] == "https://w3id.org/govgraph/ontology#"
    assert len(found.content) < 100_000


@pytest.mark.parametrize("name", [n for n, e in entries().items() if e.query][::8])
def test_named_queries_open_in_the_editor(site: httpx.Client, name: str) -> None:
    page = site.get("/query", params={"example": name}).text
    shown = html.unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)[1])  # type: ignore[index]
    assert form_of(shown) == "select"
    assert f'<option value="{name}" selected>' in page
    assert "<table" not in page, "it is not run before one asks for it"


def test_the_gallery_leads_to_the_editor(site: httpx.Client) -> None:
    gallery = site.get("/queries?lang=en").text
    assert gallery.count('href="/query?example=') == sum(
        e.query is not None for e in entries().values()
    )
    assert site.get("/query?example=no-such-query").status_code == 404
    computed = next(name for name, entry in entries().items() if entry.function)
    assert site.get("/query", params={"example": computed}).status_code == 200


# -- the same from a program ---------------------------------------------------------------------


def snippet(page: str, language: str) -> str:
    found = re.search(rf'<pre [^>]*aria-label="{language}"[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert found, language
    return html.unescape(found[1])


def run(language: str, text: str, folder: Path) -> str:
    commands = {"curl": "sh", "Python": sys.executable, "R": "Rscript", "JavaScript": "node"}
    endings = {"curl": "sh", "Python": "py", "R": "R", "JavaScript": "mjs"}
    command = shutil.which(commands[language])
    if command is None or (language == "curl" and shutil.which("curl") is None):
        pytest.skip(f"{commands[language]} is not on this machine")
    file = folder / f"snippet.{endings[language]}"
    file.write_text(text, "utf-8")
    done = subprocess.run([command, file], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("language", ["curl", "Python", "R", "JavaScript"])
def test_snippets_of_a_query_run_as_pasted(
    site: httpx.Client, language: str, tmp_path: Path
) -> None:
    printed = run(language, snippet(answer(site, HOSTILE), language), tmp_path)
    assert printed.count("/person/") == 2
    assert "`${1}` )-" in printed


@pytest.mark.parametrize("language", ["curl", "Python", "R", "JavaScript"])
def test_snippets_of_a_named_query_run_as_pasted(
    site: httpx.Client, language: str, tmp_path: Path
) -> None:
    page = site.get("/queries/posts-of-person?person=ex-c07-p1&at=2020").text
    assert "ex-c07-p1" in snippet(page, language)
    assert "示例" in run(language, snippet(page, language), tmp_path)
