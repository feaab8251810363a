"""Pages of entities: what a date leaves out, what binds a post, sums of money, gaps, formats."""

from __future__ import annotations

import re

import httpx
import pytest
from tests.pages.site import PAGES

from govgraph.pages.kinds import KINDS

TAGS = re.compile(r"<[^>]*>")


def _text(page: str) -> str:
    return " ".join(TAGS.sub(" ", page.partition("<main")[2]).split())


def test_a_date_says_what_it_leaves_out(site: httpx.Client) -> None:
    before = _text(site.get("/id/place/ex-c01?at=2010&lang=en").text)
    assert "Left out, as not holding in 2010: 1" in before
    assert "Nothing recorded holds in 2010." in before
    post = _text(site.get("/id/post/ex-c12-cy-post?at=2010&lang=en").text)
    assert "This is of all times, not of the date alone." in post
    chinese = _text(site.get("/id/place/ex-c01?at=2010&lang=zh").text)
    assert "2010 年不成立的 1 行已略去。" in chinese


def test_bars_without_an_end_say_so_and_name_both_posts(site: httpx.Client) -> None:
    page = site.get("/id/person/ex-c01-p1?lang=zh").text
    career, together = re.findall(r'class="timeline".*?</svg>', page, re.DOTALL)[:2]
    assert career.count(" →</text>") == 2
    assert "示例一社区党委副书记 · 示例一社区工作站站长 →</text>" in together


def test_an_empty_date_is_any_time(site: httpx.Client) -> None:
    for address in ("/id/place/ex-c01?at=", "/network?at=&from=&to=", "/bodies?place=ex-c07&at="):
        assert site.get(address).status_code == 200
    assert site.get("/id/place/ex-c01?at=soon").status_code == 422


def test_the_time_of_the_reader_is_named_on_the_line(site: httpx.Client) -> None:
    page = site.get("/id/person/ex-c07-p1?at=2019-06&lang=en").text
    assert "As of June 2019</text>" in page
    assert 'class="band"' in page
    assert "A tinted band is when posts are held at once." in page


def test_rules_that_bind_a_post(site: httpx.Client) -> None:
    text = _text(site.get("/id/post/ex-c07-gzz-post?lang=en").text)
    assert "Rules that bind this post" in text
    assert "must also hold" in text
    assert "Rules that bind this post" not in _text(site.get("/id/post/ex-c12-zr-post").text)


def test_holders_with_gaps_and_overlaps(site: httpx.Client) -> None:
    """What overlaps is a band behind the bars and a row of the table."""
    page = site.get("/id/post/ex-c12-cy-post?lang=en").text
    line = page.partition('class="timeline"')[2].partition("</svg>")[0]
    assert line.count('class="sure"') == 2
    assert line.count('class="band"') == 1
    assert line.count('class="gap"') == 1
    assert "two at once" in _text(page)


def test_money_is_summed_with_its_coverage(site: httpx.Client) -> None:
    text = _text(site.get("/id/organization/ex-subdistrict-office?lang=en").text)
    assert "Money paid, in sum" in text
    assert "3 of 4 flows have an amount, 1 have none" in text
    assert not re.search(r"\b0 not recorded", text)


def test_what_has_no_name_is_told_by_its_kind(site: httpx.Client) -> None:
    page = site.get("/id/sentence/xiyuan-S01?lang=en").text
    assert "<h1>Sentence xiyuan-S01</h1>" in page
    assert "govgraph. Sentence xiyuan-S01: release" in _text(page)
    about = site.get("/id/place/pl-xiyuan?lang=zh").text
    assert "<small>数据说明</small>" in about
    assert about.count("<small>数据说明</small>") == 1, "once for all that follow"


def test_terms_of_other_vocabularies_have_names(site: httpx.Client) -> None:
    page = site.get("/id/place/pl-xiyuan?lang=zh").text
    assert ">组织</a>" in page
    assert ">Organization</a>" not in page


def test_a_state_is_a_glyph_and_a_word(site: httpx.Client) -> None:
    page = site.get("/id/model/gm-2zhan?lang=en").text
    assert re.search(r'class="state s-unknown"><svg.*?</svg>not found<', page)
    assert ">name of the row<" in page, "the page is in one language, which no heading need say"


def test_what_is_not_recorded(site: httpx.Client) -> None:
    text = _text(site.get("/id/organization/org-xiyuan?lang=en").text)
    assert "Not recorded part of, fills slot" in text
    assert "Not recorded does not mean that there is none." in text


@pytest.mark.parametrize("kind", KINDS)
def test_formats_of_every_kind(site: httpx.Client, kind: str) -> None:
    """Each format that a page offers is there, of the release that it shows."""
    entity = PAGES.get(kind, "/id/document/doc-xiyuan").partition("?")[0]
    page = site.get(f"{entity}?lang=en").text
    foot = page.partition('<h2 id="formats">')[2].partition("</section>")[0]
    links = re.findall(r'href="([^"]+)">([^<]+)', foot)
    assert [name for _, name in links] == [
        "Turtle",
        "JSON-LD",
        "N-Triples",
        "RDF/XML",
        "JSON",
        "CSV",
    ]
    for address, name in links:
        answer = site.get(address.replace("&amp;", "&"))
        assert (answer.status_code, "release=" in address) == (200, True), name
        assert "html" not in answer.headers["content-type"]
