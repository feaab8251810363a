"""Three-valued answers about dates, against every choice of days."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from govgraph.errors import GovgraphError
from govgraph.governance.time import Span, moment
from govgraph_loaders import edtf

DAYS = st.dates(date(2011, 12, 20), date(2012, 3, 10))
MONTHS = st.sampled_from(["2011-12", "2012-01", "2012-02"])
COARSE = MONTHS | DAYS.map(date.isoformat)
#: All the days that matter to the above, with some on both sides: what an unknown day can be.
ANY_DAY = {date(2011, 11, 25) + timedelta(n) for n in range(120)}
NEVER = date(2099, 1, 1)


def days(text: str) -> set[date]:
    """Every day that an EDTF text can mean."""
    first, last = edtf.bounds(text)
    assert first
    assert last
    return {first + timedelta(n) for n in range((last - first).days + 1)}


def brute_force(start: str | None, end: str | None, at: str) -> str:
    """The verdict over all days that start, end and moment can be, none ending before it starts."""
    starts = ANY_DAY if start is None else days(start)
    ends = {NEVER} if end in (None, "..") else days(end)
    seen = {
        first <= day <= last
        for first, last, day in product(starts, ends, days(at))
        if first <= last
    }
    return "unknown" if len(seen) == 2 else ("yes" if seen == {True} else "no")


@given(st.none() | COARSE, st.none() | st.just("..") | COARSE, COARSE)
def test_spans_agree_with_all_choices_of_days(start: str | None, end: str | None, at: str) -> None:
    if start and end not in (None, ".."):
        assume(min(days(start)) <= max(days(end)))
    assert Span(start, end).holds(moment(at)) == brute_force(start, end, at)


@pytest.mark.parametrize(
    ("start", "end", "at", "verdict"),
    [
        ("2012-06", "2015", "2012-05-31", "no"),
        ("2012-06", "2015", "2012-06-01", "unknown"),
        ("2012-06", "2015", "2012-06-30", "yes"),
        ("2012-06", "2015", "2014-12-31", "yes"),
        ("2012-06", "2015", "2015", "unknown"),
        ("2012-06", "2015", "2016", "no"),
        ("2012-06", "..", "2099", "yes"),
        ("2012-06", None, "2099", "yes"),
        (None, "2015", "2014", "unknown"),
        (None, "2015", "2016-01-01", "no"),
        (None, None, "2014", "unknown"),
        ("2012", "2012-03-01", "2012-03-01", "yes"),
        ("2012-06-15", "2012", "2012-06-15", "yes"),
    ],
)
def test_spans_by_example(start: str | None, end: str | None, at: str, verdict: str) -> None:
    assert Span(start, end).holds(moment(at)) == verdict


@pytest.mark.parametrize(
    ("span", "at", "verdict"),
    [
        (Span("2013", "2013"), "2013-05", "yes"),
        (Span("2013", "2013"), "2014", "no"),
        (Span("2013", "2013"), "2012", "no"),
        (Span(), "2013", "unknown"),
    ],
)
def test_years_of_money_overlap(span: Span, at: str, verdict: str) -> None:
    assert span.overlaps(moment(at)) == verdict


@pytest.mark.parametrize(
    "text", ["", "..", "2013-13", "2013-02-30", "13", "x", "2013/", "0000", "二〇一三"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(GovgraphError) as caught:
        moment(text)
    assert caught.value.code == "invalid-date"
