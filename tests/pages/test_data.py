"""Pages about the data: what a release holds, its report, the ontology, the shapes, the API."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from govgraph.pages.data.findings import SHOWN, Findings, repair
from govgraph.pages.reference import both
from govgraph.pages.vocabulary.hierarchy import ROW, hierarchies
from govgraph.pages.vocabulary.neighbours import neighbours
from govgraph.pages.vocabulary.ontology import ontology
from govgraph.pages.vocabulary.shapes import shapes
from govgraph.pages.words import texts
from govgraph.release import Home
from govgraph_loaders.problems import CATALOGUE

GOV = "https://w3id.org/govgraph/ontology#"
TAGS = re.compile(r"<[^>]*>")


def read(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    main = re.search(r"<main.*</main>", answer.text, re.S)
    assert main
    return re.sub(r"\s+", " ", unescape(TAGS.sub(" ", main[0])))


def finding(
    n: int, severity: str = "error", code: str = "ragged-row", **more: Any
) -> dict[str, Any]:
    where = {"dataset": "d", "table": "t.csv", "row": n, "column": None, "line": n + 1}
    said = {"value": None, "message_zh": "错", "message_en": "wrong"}
    return {"severity": severity, "code": code, **where, **said, **more}


def test_every_problem_has_a_repair() -> None:
    assert {code for code in CATALOGUE if repair(code) == "repairs.other"} == set()
    assert repair("shape-no-such-thing") == "repairs.shape"
    assert repair("no-such-code") == "repairs.other"
    # what a shape warns of may be true
    assert repair("shape-sparql", "warning") == "repairs.shape-warned"


def test_findings_are_narrowed_and_paged() -> None:
    found = [finding(n) for n in range(250)] + [finding(1, "warning", "blank-line")]
    second = Findings.narrowed(found, {"code": "ragged-row"}, SHOWN)
    assert (second.total, len(second.shown), second.more) == (250, SHOWN, True)
    assert second.shown[0]["row"] == SHOWN
    assert second.choices["code"] == {"ragged-row": 250, "blank-line": 1}
    assert Findings.narrowed(found, {"table": "none.csv"}, 0).total == 0


def test_what_was_sent_comes_before_what_follows_from_it() -> None:
    found = [finding(1, uploaded=False, code="unresolved-reference"), finding(9, uploaded=True)]
    assert [one["row"] for one in Findings.of(found).shown] == [9, 1]


def test_a_report_is_narrowed_by_its_address(site: httpx.Client, home: Any) -> None:
    release = Home(home).current()
    address = f"/data/reports/{release.id}?lang=en"
    everything = release.report["validation"]
    page = site.get(address)
    assert f"{len(everything)} places to look at" in read(page)
    assert "What to do" in read(page)
    table = everything[0]["table"]
    some = [one for one in everything if one["table"] == table]
    narrowed = site.get(f"{address}&table={table}")
    assert narrowed.text.count("<td data-is=") == 5 * len(some)
    nothing = site.get(f"{address}&code=no-such-code")
    assert "None of them matches" in read(nothing)
    # a finding leads to the thing that it is about, and to the shape that it breaks
    assert re.search(r'href="/id/[^"]+"', page.text)
    assert re.search(r'href="/shapes\?lang=en#\w+Shape"', page.text)


def test_what_a_release_holds(site: httpx.Client, home: Any) -> None:
    release = Home(home).current()
    page = site.get("/data?lang=en")
    said = read(page)
    assert f"{release.manifest['quads']:,} Statements" in said
    assert f"/api/v1/releases/{release.id}/export.nq" in page.text
    assert f"/.well-known/void?release={release.id}" in page.text
    for name in {table["dataset"] for table in release.report["tables"]}:
        assert name in said
    assert "Its metadata does not say" in said
    links = re.findall(r'href="(/api/v1/datasets/[^"]+)"', page.text)
    assert site.get(unescape(links[0])).headers["content-type"].startswith("text/csv")


def test_every_operation_of_the_api_has_a_page(site: httpx.Client) -> None:
    index = site.get("/docs?lang=en").text
    named = re.findall(r'href="(/docs/[^"]+)"', index)
    described = site.get("/openapi.json").json()["paths"]
    assert len(named) == len(set(named)) == sum(len(methods) for methods in described.values())
    page = site.get(next(name for name in named if "post-succession" in name))
    example = re.search(r'<p><a href="([^"]+/api/v1/queries/post-succession[^"]*)"', page.text)
    assert example
    assert site.get(unescape(example[1])).status_code == 200
    assert site.get("/docs/no-such-operation").status_code == 404
    chinese = read(site.get("/docs?lang=zh"))
    assert "GET /api/v1/queries/post-succession 一个岗位的历任" in chinese
    assert "把文档并入一个图" in chinese
    assert "Merge documents into a graph" not in chinese


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("A row. 一行。", {"en": "A row.", "zh": "一行。"}),
        ("post · 岗位", {"en": "post", "zh": "岗位"}),
        ("One “half”. “半”为一份。", {"en": "One “half”.", "zh": "“半”为一份。"}),
        ("西园 is a place of ours too", {"en": "西园 is a place of ours too"}),
        ("Rows", {"en": "Rows"}),
        ("", {"en": ""}),
    ],
)
def test_descriptions_in_both_languages_are_told_in_one(text: str, parts: dict[str, str]) -> None:
    assert both(text) == parts


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_picture_of_the_ontology_has_its_table(site: httpx.Client, lang: str) -> None:
    page = site.get(f"/ontology/gov:GovernanceModel?lang={lang}").text
    near = neighbours(ontology(), GOV + "GovernanceModel")
    assert page.count("<tr>") == 1 + len(near.rows)
    drawn = re.search(r"<svg class=\"classes\".*?</svg>", page, re.S)
    assert drawn
    picture = ElementTree.fromstring(drawn[0].replace("&", "&amp;"))
    arrows = [path for path in picture.iter("path") if path.get("class") == "to"]
    assert len(arrows) == len(near.at) + sum(not use.inherited for use in near.of)


def test_all_classes_and_shapes_have_pages(site: httpx.Client) -> None:
    """A few of them by HTTP; that all can be drawn is for `neighbours` to say."""
    found = ontology()
    for iri in found.classes:
        assert neighbours(found, iri).height > 0
    used = [use.property for use in neighbours(found, GOV + "Appointment").of]
    assert GOV + "onPost" in used
    # a union is a domain of each of its members
    assert GOV + "ofModel" in [use.property for use in neighbours(found, GOV + "PostSlot").of]
    assert "任职" in read(site.get("/ontology/gov:Appointment?lang=zh"))
    assert site.get("/ontology/gov:Nothing").status_code == 404
    assert site.get("/shapes/NoShape").status_code == 404


def test_a_shape_is_told_in_words_with_its_examples(site: httpx.Client) -> None:
    page = read(site.get("/shapes/PlaceShape?lang=en"))
    assert "at most 1" in page
    assert "A good example" in page
    assert "place/two-parents gov:parentPlace MaxCount must" in page
    assert all(shape.checks for shape in shapes()), "each shape says what it asks"
    assert "取值为选举、任命" in read(site.get("/shapes/AppointmentShape?lang=zh"))
    names = {name for shape in shapes() for check in shape.checks for name, _ in check.asks}
    assert names & {"minCount", "maxCount", "datatype"} <= {
        key.removeprefix("vocabulary.ask-") for key in texts()
    }


def test_trees_are_drawn_without_an_end_too() -> None:
    tree = {None: ["a"], "a": ["b", "c"], "b": ["a"]}
    (drawn,) = hierarchies(tree, {"a": "A"})
    rows = [place.y for place in drawn.places]
    assert drawn.top == "a"
    assert drawn.height >= max(rows) + ROW // 2
