"""Every hint of the catalogue draws a picture, and the table beside it has its numbers."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from govgraph.catalog.entry import Entry
from govgraph.catalog.index import entries
from govgraph.catalog.values import as_texts
from govgraph.pages.charts import spans

DRAWN = [e for e in entries().values() if e.chart["type"] not in ("none", "table")]
FIGURE = re.compile(r'<figure class="chart">.*?</figure>', re.DOTALL)
TAGS = re.compile("<[^>]*>")


def page(site: httpx.Client, entry: Entry, **more: str) -> str:
    asked = {p.name: as_texts(p.example) for p in entry.parameters if p.required}
    return site.get(f"/queries/{entry.name}?{urlencode(asked | more, doseq=True)}").text


def figure(text: str) -> str:
    found = FIGURE.search(text)
    assert found
    return found[0]


@pytest.mark.parametrize("entry", DRAWN, ids=lambda entry: entry.name)
def test_every_hint_is_drawn_beside_its_table(site: httpx.Client, entry: Entry) -> None:
    text = page(site, entry, lang="en")
    if "Nothing in this release matches" in text:
        pytest.skip("the data of the tests have no answer to it")
    drawn = figure(text)
    assert re.search(r"<svg|<table", drawn)
    assert "<table" in text[text.index("</figure>") :]
    assert "None" not in TAGS.sub(" ", drawn)
    assert not re.search(r"\bnan\b", drawn)
    assert len(text.encode()) < 150_000


def test_numbers_of_bars_are_those_of_the_table(site: httpx.Client) -> None:
    text = page(site, entries()["organizations-by-type"])
    said = re.findall(r'class="said"[^>]*>([^<]*)<', figure(text))
    table = text[text.index("</figure>") :]
    assert said
    assert all(f">{number}<" in table for number in said)


def test_bounds_are_drawn_as_bounds_and_gaps_in_words(site: httpx.Client) -> None:
    counts = figure(page(site, entries()["observations"], lang="zh"))
    assert "不多于 80,000，下限未知" in counts
    assert 'class="perhaps"' in counts
    money = figure(page(site, entries()["funding-by-year"], lang="en"))
    assert "not recorded" in money
    assert not re.search(r'class="said"[^>]*>0<', money)


def test_kinds_of_bars_are_words_too(site: httpx.Client) -> None:
    drawn = figure(page(site, entries()["rule-findings"], lang="zh"))
    broken = re.findall(r'<g class="k-broken">.*?</g>', drawn, re.DOTALL)
    assert broken
    assert all("违反" in bar for bar in broken)


def test_posts_held_together_are_all_named(site: httpx.Client) -> None:
    pairs = figure(page(site, entries()["concurrent-posts"], lang="zh", place="ex-c01"))
    assert "示例人员01-1 · 示例一社区党委副书记 · 示例一社区工作站站长" in pairs
    sets = page(site, entries()["concurrent-chains"], lang="en", place="ex-c01", least="2")
    assert re.search(r"Deputy Party Secretary, [^<]*Head of the Work Station", figure(sets))
    assert '<a href="/id/post/ex-c01-fsj-post?lang=en">ex-c01-fsj-post</a>' in sets


def test_a_gap_between_posts_is_called_one(site: httpx.Client) -> None:
    drawn = figure(page(site, entries()["post-succession"], post="ex-c12-cy-post", lang="zh"))
    assert "空缺" in drawn
    assert "未记载" not in drawn
    # what overlaps has no bar, so that each bar has the name of its own row
    assert drawn.count("示例人员12-1") == drawn.count("示例人员12-2") == 1


def test_what_is_not_drawn_is_counted(site: httpx.Client) -> None:
    drawn = figure(
        page(site, entries()["changes-between-dates"], start="2010", end="2023", lang="en")
    )
    assert re.search(r"\d+ more", drawn)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2018", "2020-05", ((2018, 1, 1), (2018, 12, 31), (2020, 5, 1), (2020, 5, 31))),
        ("2018-03-01", "..", ((2018, 3, 1), (2018, 3, 1), None, None)),
        ("2018-03-01", None, ((2018, 3, 1), (2018, 3, 1), (2018, 3, 1), None)),
        (None, "2020", (None, None, (2020, 1, 1), (2020, 12, 31))),
        ("第二年", "2020", (None, None, (2020, 1, 1), (2020, 12, 31))),
        (date(2020, 1, 1), None, ((2020, 1, 1), (2020, 1, 1), None, None)),
    ],
)
def test_days_of_a_span(start: Any, end: Any, days: Any) -> None:
    """One that goes on is certain to the edge; one whose end is not recorded only at its start."""
    assert spans._span(start, end) == tuple(day and date(*day) for day in days)


def test_a_coarse_moment_is_not_certain() -> None:
    assert spans._moment(spans._bounds("2018")) == (
        date(2018, 1, 1),
        None,
        None,
        date(2018, 12, 31),
    )
    assert spans._moment(spans._bounds("2018-02-03")) == (date(2018, 2, 3),) * 4
