"""The days on which a fact may hold and surely holds are those of `governance.time.Span`."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.governance.engines import on_oxigraph
from tests.governance.rules.small import dated
from tests.governance.worlds import PROLOGUE

from govgraph.governance.rules.facts import read
from govgraph.governance.time import Moment, Span

STARTS = [
    None,
    "2012",
    "2012-06",
    "2012-06-15",
    "2012-06-15/2012-07-02",
    "../2012-06",
    "2011/..",
    "201X",
]
ENDS = [
    None,
    "..",
    "/..",
    "2012",
    "2012-06",
    "2012-06-15",
    "2013-01",
    "../2013-01",
    "2012-06/..",
    "2014?",
]
DAYS = st.dates(date(2009, 12, 1), date(2015, 2, 1))


def spanned(start: str | None, end: str | None) -> dict[str, date | None]:
    """The days of an appointment with these dates."""
    graph = on_oxigraph(
        f"{PROLOGUE}:fact gov:onPost :post ; org:member :an .\n"
        + dated(":fact", start, end).replace('" .', '"^^edtf:EDTF .')
    )
    return read(graph)["holding"].row(0, named=True)


@given(st.sampled_from(STARTS), st.sampled_from(ENDS), DAYS)
def test_each_day_is_yes_no_or_unknown_as_a_span_says(
    start: str | None, end: str | None, day: date
) -> None:
    days = spanned(start, end)
    may_first, may_last = days["may_first"], days["may_last"]
    assert may_first is not None
    assert may_last is not None
    sure = (
        days["sure_first"] and days["sure_last"] and days["sure_first"] <= day <= days["sure_last"]
    )
    told = "yes" if sure else "unknown" if may_first <= day <= may_last else "no"
    assert told == Span(start, end).holds(Moment(day, day, day.isoformat()))


@pytest.mark.parametrize(("start", "end"), [("2014", "2012"), ("2012-06-16", "2012-06-15")])
def test_an_end_before_the_start_leaves_everything_between_open(start: str, end: str) -> None:
    days = spanned(start, end)
    assert days["sure_first"] is None
    assert days["may_first"] is not None
    assert days["may_last"] is not None
    assert days["may_last"] - days["may_first"] >= timedelta(days=1)
