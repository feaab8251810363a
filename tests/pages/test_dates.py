"""Dates as people read them: no EDTF without words, on a page or in a sentence of ours."""

from __future__ import annotations

import re

import httpx
import pytest

from govgraph.pages.dates import date, worded

TAGS = re.compile(r"<pre.*?</pre>|<code.*?</code>|<[^>]*>", re.DOTALL)
RAW = re.compile(r"\b\d{4}(-\d\d){0,2}[~?%]?/(\.\.|\d)|\.\./\d{4}|\b\d{4}-\d\d(-\d\d)?\b|\b\d{4}~")


@pytest.mark.parametrize(
    ("edtf", "zh", "en"),
    [
        ("2016~", "约 2016 年", "about 2016"),
        ("2016?", "2016 年（存疑）", "perhaps 2016"),
        ("2017/..", "2017 年起，仍在进行", "since 2017, still going on"),
        ("2017/", "2017 年起，止期不详", "since 2017, end not known"),
        ("../2017-05", "至 2017 年 5 月", "until May 2017"),
        ("2014/2015-03", "2014 年至 2015 年 3 月", "2014 to March 2015"),
        ("201X", "2010 年代", "the 2010s"),
        ("2014-XX", "2014 年（月份不详）", "2014, month not known"),
        ("2014-03-XX", "2014 年 3 月（哪一日不详）", "March 2014, day not known"),
        ("..", "仍在进行", "still going on"),
        ("2014-13", "2014-13", "2014-13"),
        ("2014/soon", "2014/soon", "2014/soon"),
    ],
)
def test_dates_in_words(edtf: str, zh: str, en: str) -> None:
    assert (date(edtf, "zh"), date(edtf, "en")) == (zh, en)


def test_sentences_have_their_dates_in_words() -> None:
    assert (
        worded("由甲采用 [2018-07-01/..]、乙", "zh")
        == "由甲采用（2018 年 7 月 1 日起，仍在进行）、乙"
    )
    assert worded("自 2018-07-01 起", "zh") == "自 2018 年 7 月 1 日起"
    for text in ("call 0551-6212", "https://a.example/2018-02/x", "2,008 people", "x 2012/13"):
        assert worded(text, "en") == text


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "address",
    [
        "/id/project/ex-prj-1",
        "/id/model/gm-2zhan",
        "/compare?p=ex-c01&p=ex-c12&at=2021",
        "/rules/gm-2zhan?status=broken",
        "/queries/changes-between-dates?start=2018&end=2021",
        "/queries/concurrent-posts",
    ],
)
def test_pages_have_no_bare_edtf(site: httpx.Client, address: str, lang: str) -> None:
    page = site.get(f"{address}{'&' if '?' in address else '?'}lang={lang}").text
    # the form of a citation is its standard's
    told = page.partition("<main")[2].partition('aria-labelledby="cite"')[0]
    assert RAW.findall(TAGS.sub(" ", told)) == []
