"""Three-valued answers about dates, against every choice of days."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from govgraph.errors import GovgraphError
from govgraph.governance.time import Asked, Span, Window, moment, window
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


def met(start: str | None, end: str | None, days_asked: Window) -> str:
    """Whether a span meets a window, over all days that its start and its end can be."""
    starts = ANY_DAY if start is None else days(start)
    known = end if end or start is None else ".."
    ends = ANY_DAY if known is None else {NEVER} if known == ".." else days(known)
    seen = {
        first <= days_asked.last and last >= days_asked.first
        for first, last in product(starts, ends)
        if first <= last
    }
    return "unknown" if len(seen) == 2 else ("yes" if seen == {True} else "no")


@given(
    st.none() | COARSE, st.none() | st.just("..") | COARSE, st.none() | COARSE, st.none() | COARSE
)
def test_spans_in_a_window_agree_with_all_choices_of_days(
    start: str | None, end: str | None, first: str | None, last: str | None
) -> None:
    if start and end not in (None, ".."):
        assume(min(days(start)) <= max(days(end)))
    if first and last:
        assume(min(days(first)) <= max(days(last)))
    asked = Asked(None, *(moment(text) if text else None for text in (first, last)))
    # a day that is not known can be any day at all, so no open window is sure to have it
    assume(asked.window and (start or end or (first and last)))
    assert asked.verdict(Span(start, end)) == met(start, end, asked.window)


@pytest.mark.parametrize(
    ("start", "end", "first", "last", "verdict"),
    [
        ("2012-06", "2015", "2012", "2012-06-29", "unknown"),
        ("2012-06", "2015", "2012", "2012-06-30", "yes"),
        ("2012-06", "2015", "2015", None, "yes"),
        ("2012-06", "2015", "2015-01-02", None, "unknown"),
        ("2012-06", "2015", "2016", None, "no"),
        ("2012-06", None, "2099", None, "yes"),
        (None, "..", "2099", None, "yes"),
        (None, None, "2099", None, "unknown"),
        (None, "2015", None, "2014", "unknown"),
        (None, "2015", "2016", "2017", "no"),
    ],
)
def test_windows_by_example(
    start: str | None, end: str | None, first: str | None, last: str | None, verdict: str
) -> None:
    asked = Asked.read(None, first, last)
    assert asked
    assert asked.verdict(Span(start, end)) == verdict


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("2013", "2012", None), "dates-conflict"),
        ((None, "2013", "2012"), "window-reversed"),
        ((None, "2013-13", None), "invalid-date"),
    ],
)
def test_days_that_cannot_be_asked_about(given: tuple[str | None, ...], code: str) -> None:
    with pytest.raises(GovgraphError) as caught:
        Asked.read(*given)
    assert caught.value.code == code


def test_no_days_are_no_window() -> None:
    assert Asked.read(None, None, None) is None
    assert window(None, None) is None


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
