"""Rules drawn and in words, and how practice keeps them, as a reader meets them."""

from __future__ import annotations

import html
import re

import httpx

OF = "/rules/gm-2zhan?lang=en"
TAGS = re.compile(r"<[^>]*>")


def _text(page: str) -> str:
    return " ".join(html.unescape(TAGS.sub(" ", page)).split())


def _findings(page: str) -> list[str]:
    return [
        _text(one)
        for one in re.findall(r'<article class="finding">(.*?)</article>', page, re.DOTALL)
    ]


def test_models_with_their_numbers(site: httpx.Client) -> None:
    page = _text(site.get("/rules?lang=en").text)
    assert "Two committees, two stations 6 5 12 54 5 1 48" in page
    assert re.search(r"\d+ more models have no rules recorded, which is not to say", page)


def test_the_picture_has_its_table(site: httpx.Client) -> None:
    page = site.get(OF).text
    wide = re.search(r'<svg class="map wide".*?</svg>', page, re.DOTALL)
    assert wide
    drawn = set(re.findall(r'<text class="rule"[^>]*>([^<]*)<', wide[0]))
    drawn |= set(re.findall(r'<tspan class="alone"[^>]*>([^<]*)<', wide[0]))
    listed = set(re.findall(r'<li id="([^"]*)"><code>', page))
    assert drawn == {"pr-1", "pr-2", "pr-3", "st-1", "st-2"}
    assert drawn < listed
    assert "Rules that join no posts of the drawing: 1" in page
    assert wide[0].count('<rect class="body') == 4
    assert wide[0].count('<rect class="body new"') == 1
    assert 'class="link conditional"' in wide[0]


def test_a_rule_opens_its_sentence(site: httpx.Client) -> None:
    page = site.get(OF).text
    rule = re.search(r'<li id="pr-1">.*?</li>', page, re.DOTALL)
    assert rule
    assert "/id/sentence/xiyuan-S36" in rule[0]
    assert "<code>xiyuan/post_rules.csv</code> " in rule[0]


def test_incompatible_posts_are_a_crossed_line(site: httpx.Client) -> None:
    page = site.get("/rules/ex-gm?lang=en").text
    assert re.search(r'class="link apart" d="[^"]*"/>\s*<path class="cross"', page)
    assert "crossed line: must not" in page


def test_places_with_the_worst_first_and_gaps_in_words(site: httpx.Client) -> None:
    page = site.get(OF).text
    table = re.search(r'<table class="kept">.*?</table>', page, re.DOTALL)
    assert table
    rows = [
        _text(row) for row in re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", table[0], re.DOTALL)
    ]
    assert len(rows) == 12
    assert "broken" in rows[0]
    assert "no case" in next(row for row in rows if "Community 5" in row)
    assert rows[-1].endswith("nothing recorded to judge")
    assert "12 places bound, 1 of them with nothing recorded to judge · 54 cases" in _text(page)


def test_findings_with_days_repair_and_evidence(site: httpx.Client) -> None:
    page = site.get(OF).text
    found = _findings(page)
    assert len(found) == 6
    seven = next(one for one in found if "Community 7" in one)
    assert "1 April 2021 to 14 May 2021 · 44 days" in seven
    assert "Repair: Appoint the holder" in seven
    assert "Table example-communities/appointments.csv row " in seven
    assert "cannot be told" in found[-1]


def test_findings_by_place_state_and_rule(site: httpx.Client) -> None:
    assert len(_findings(site.get(f"{OF}&place=ex-c07").text)) == 1
    assert len(_findings(site.get(f"{OF}&place=示例七社区").text)) == 1
    assert len(_findings(site.get(f"{OF}&rule=post-rule/pr-1").text)) == 3
    every = site.get(f"{OF}&status=broken&status=open&status=kept").text
    assert len(_findings(every)) == 20
    assert re.search(r'rel="next" href="[^"]*skip=20', every)


def test_findings_at_a_time(site: httpx.Client) -> None:
    assert not any("Community 7" in one for one in _findings(site.get(f"{OF}&at=2019-01-01").text))


def test_a_finding_has_an_address_of_its_own(site: httpx.Client) -> None:
    link = re.search(r'href="(/findings\?[^"]*ex-c07[^"]*)"', site.get(OF).text)
    assert link
    page = site.get(html.unescape(link[1]))
    assert page.status_code == 200
    assert "44 days" in page.text
    assert 'class="k-broken"' in page.text
    assert "Made-up example" in page.text
    assert "/id/sentence/xiyuan-S36" in page.text
    # what has no name is told by its kind and key
    assert re.search(r">Appointment ex-c07-a\d+</a>", page.text)


def test_what_is_no_finding_is_not_found(site: httpx.Client) -> None:
    assert site.get("/findings").status_code == 404
    assert site.get("/findings?rule=post-rule/pr-1&place=place/ex-c01").status_code == 404


def test_a_model_without_rules_says_so(site: httpx.Client) -> None:
    page = site.get("/rules/gm-1zhan?lang=en")
    assert page.status_code == 200
    assert "That is not to say that it has none" in page.text
    assert site.get("/rules/nowhere").status_code == 404


def test_an_unknown_place_is_said_to_be_unknown(site: httpx.Client) -> None:
    page = site.get(f"{OF}&place=<b>nowhere</b>")
    assert page.status_code == 404
    assert "&lt;b&gt;nowhere&lt;/b&gt;” was not found" in page.text


def test_a_model_without_rules_says_no_more_than_that(site: httpx.Client) -> None:
    page = site.get("/rules/gm-1zhan?lang=en").text
    assert "There are no rules, so there is nothing to judge." in page
    assert "No adoption of this model" not in page
