"""Whether facts held at a date, over columns, as for one span."""

from __future__ import annotations

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from govgraph.governance.models.practice import held
from govgraph.governance.time import Span, moment
from govgraph_loaders import edtf

texts = st.sampled_from(["2019", "2020", "2020-02", "2020-02-29", "2020-03", "2020-12-31", "2021"])
SCHEMA = {"fact": pl.Int64, "end": pl.String} | dict.fromkeys(("s1", "s2", "e1", "e2"), pl.Date)


def bounds(text: str | None) -> tuple[date | None, date | None]:
    return edtf.bounds(text) if text else (None, None)


def judged(spans, at):
    rows = [
        (number, span.end, *bounds(span.start), *bounds(span.end))
        for number, span in enumerate(spans)
    ]
    frame = held(pl.DataFrame(rows, schema=SCHEMA, orient="row"), at)
    return dict(zip(frame["fact"], frame["verdict"], strict=True))


@given(
    st.lists(st.builds(Span, st.none() | texts, st.none() | st.just("..") | texts)),
    texts.map(moment),
)
def test_it_is_the_verdict_of_each_span(spans, at):
    expected = {number: span.holds(at) for number, span in enumerate(spans)}
    assert judged(spans, at) == {n: verdict for n, verdict in expected.items() if verdict != "no"}


def test_without_a_date_everything_is_kept_and_nothing_judged():
    frame = held(pl.DataFrame({"fact": [1], "end": [None]}), None)
    assert frame["verdict"].to_list() == [None]
