"""Models and places side by side, as a reader meets them."""

from __future__ import annotations

import html
import re

import httpx
import pytest

from govgraph.governance.models.side_by_side import compare
from govgraph.http.state import Opened
from govgraph.pages.compare import likeness
from govgraph.pages.compare.likeness import pairs

TWO = "/compare?m=gm-2zhan&m=gm-1zhan&lang=en"
TAGS = re.compile(r"<[^>]*>")


def _text(page: str) -> str:
    return " ".join(html.unescape(TAGS.sub(" ", page)).split())


def _rows(page: str) -> list[str]:
    """The heads of the aligned table's rows."""
    return [_text(row) for row in re.findall(r'<th role="rowheader" scope="row">(.*?)</th>', page)]


def test_without_a_choice_there_is_a_form(site: httpx.Client) -> None:
    page = site.get("/compare?lang=en").text
    assert re.search(r'type="checkbox" name="m" value="gm-2zhan"', page)
    assert re.search(r'name="p" placeholder', page)
    assert re.search(r"15 of \d+ aspects sourced", _text(page))


def test_one_is_not_enough(site: httpx.Client) -> None:
    page = site.get("/compare?m=gm-2zhan&lang=en").text
    assert "Choose at least one more." in page
    assert re.search(r'value="gm-2zhan" checked', page)


def test_every_cell_has_a_glyph_and_a_word(site: httpx.Client) -> None:
    page = site.get(TWO).text
    cells = re.findall(r'<td role="cell" class="is-(\w+)[^"]*">(.*?)</td>', page, re.DOTALL)
    words = {
        "sourced": "sourced",
        "unknown": "not found",
        "absent": "none",
        "notApplicable": "not applicable",
    }
    assert {state for state, _ in cells} == set(words)
    for state, cell in cells:
        assert f'href="#g-{state}"' in cell
        assert words[state] in _text(cell)


def test_absent_has_a_citation_that_is_listed(site: httpx.Client) -> None:
    page = site.get(TWO).text
    cell = re.search(r'class="is-absent[^"]*">(.*?)</td>', page, re.DOTALL)
    assert cell
    number = re.search(r'href="#(c-\d+)"', cell[1])
    assert number
    assert f'<li id="{number[1]}">' in page


def test_what_is_inferred_is_said_beside_its_state(site: httpx.Client) -> None:
    page = site.get(TWO).text
    assert re.search(r'<span class="tag inferred">inferred</span> Community Party committee', page)


def test_aspects_that_all_speak_of_come_first(site: httpx.Client) -> None:
    page = site.get(f"{TWO}&parts=0").text
    known, order = _rows(page), _rows(site.get(f"{TWO}&parts=0&sort=order").text)
    assert sorted(known) == sorted(order)
    assert order[:3] == ["place and period", "governed unit", "bodies"]
    assert known[:3] == ["place and period", "bodies", "service body"]
    assert "Something is said of all 2" in _text(page)


def test_differences_only_and_chosen_aspects(site: httpx.Client) -> None:
    whole = _rows(site.get(TWO).text)
    page = site.get(f"{TWO}&diff=1").text
    assert 0 < len(_rows(page)) < len(whole)
    assert "differences_only=true" in page
    chosen = site.get(f"{TWO}&dim=gov:serviceBodyDimension").text
    assert _rows(chosen) == ["service body"]


def test_the_same_differs_in_nothing_that_is_known(site: httpx.Client) -> None:
    page = site.get("/compare?p=ex-c06&p=ex-c08&dim=gov:oversightDimension&diff=1&lang=en").text
    assert "The chosen do not differ in any aspect." in page


def test_a_pinned_column_comes_first_and_is_the_baseline(site: httpx.Client) -> None:
    page = site.get(f"{TWO}&pin=gm-1zhan").text
    heads = re.findall(r'scope="col"[^>]*><a class="said" href="/id/model/([\w-]+)', page)
    assert heads == ["gm-1zhan", "gm-2zhan"]
    assert re.search(r'class="pin-0"><a class="said" href="/id/model/gm-1zhan', page)
    assert "baseline" in page


def test_a_revision_tells_what_changed(site: httpx.Client) -> None:
    page = _text(site.get(TWO).text)
    assert "From “Two committees, one station” to “Two committees, two stations”" in page
    assert re.search(r"Added .*Community social work service station", page)
    assert "For 13 of 31 items it can be told whether they changed" in page


def test_sources_count_rows_as_evidence_does(site: httpx.Client) -> None:
    """Each document once, and each row by the number that it has in the cards of evidence."""
    page = site.get(TWO).text
    titles = re.findall(r'<li><p><b class="said">([^<]*)</b>', page)
    assert len(titles) == len(set(titles)) > 1
    row = re.search(r">pr-1</code></a> <small>xiyuan/post_rules.csv ([^<]*)</small>", page)
    assert row
    assert row[1] == "row 1"
    finding = site.get("/rules/gm-2zhan?lang=en").text
    assert "<code>xiyuan/post_rules.csv</code> row 1" in finding


def test_likeness_is_given_only_where_enough_compares(site: httpx.Client) -> None:
    page = _text(site.get("/compare?m=gm-2zhan&m=ex-gm&lang=en").text)
    assert re.search(r"6 of 16 4 of 16 none: too little to compare", page)


def test_likeness_does_not_depend_on_the_aspects_shown(site: httpx.Client) -> None:
    address = "/compare?m=gm-2zhan&m=ex-gm&lang=en"
    for more in ("", "&diff=1", "&dim=gov:serviceBodyDimension"):
        assert "6 of 16 4 of 16" in _text(site.get(address + more).text)


def test_enough_is_a_number_of_aspects(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    models = [f"{opened.context.base}model/{key}" for key in ("gm-2zhan", "ex-gm")]
    shown = compare(opened.engine, models=models)
    (few,) = pairs(shown, models)
    monkeypatch.setattr(likeness, "LEAST", few.comparable)
    (enough,) = pairs(shown, models)
    assert few.similarity is None
    assert enough.similarity == pytest.approx(0.75)
    assert {reason.names.en for reason in enough.differ} == {
        "rules on concurrent and incompatible posts"
    }


@pytest.mark.parametrize("kind", ["xlsx", "csv", "md", "json"])
def test_files_are_those_of_the_release_shown(site: httpx.Client, kind: str) -> None:
    page = site.get(TWO)
    link = re.search(rf'href="(/api/v1/compare[^"]*format={kind})"', page.text)
    assert link
    answer = site.get(html.unescape(link[1]))
    assert answer.status_code == 200
    assert answer.headers["govgraph-release"] == page.headers["govgraph-release"]


def test_the_permalink_shows_the_same(site: httpx.Client) -> None:
    page = site.get(TWO).text
    link = re.search(r'<a href="(/compare[^"]*release=[^"]*)"><code>', page)
    assert link
    assert _rows(site.get(html.unescape(link[1])).text) == _rows(page)


def test_places_by_key_and_by_name(site: httpx.Client) -> None:
    by_key = site.get("/compare?p=ex-c01&p=ex-c12&lang=zh")
    by_name = site.get("/compare", params={"p": ["示例一社区", "示例十二社区"], "lang": "zh"})
    assert by_name.status_code == by_key.status_code == 200
    assert _rows(by_name.text) == _rows(by_key.text)


def test_a_name_that_may_mean_several_offers_them(site: httpx.Client) -> None:
    page = site.get("/compare", params={"m": "gm-2zhan", "p": "示例", "lang": "zh"})
    assert page.status_code == 404
    assert "“示例”可能是" in page.text
    assert re.search(r'href="/compare\?[^"]*p=ex-c\d\d', page.text)


def test_a_hostile_name_is_inert(site: httpx.Client) -> None:
    hostile = "<script>alert(1)</script>{{7*7}}\u202e" + "长" * 300
    page = site.get("/compare", params={"m": hostile, "p": hostile, "dim": hostile, "pin": hostile})
    assert page.status_code == 404
    assert "<script>" not in page.text
    assert "{{7*7}}" in html.unescape(page.text)


def test_too_many_columns_are_said_to_be_left_out(site: httpx.Client) -> None:
    places = [f"ex-c{number:02}" for number in range(1, 11)]
    page = site.get("/compare", params={"p": places, "lang": "en"})
    assert "The first 6 columns are shown, 4 are not" in page.text
    assert len(page.content) < 150_000
