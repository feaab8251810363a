"""How long and how often a post is held: terms, time in post without a break, terms in a row.

Terms run on from one another where the next begins within a day of the end before it. They are
counted from their own first day, also if the model was adopted later; only days under the model can
break it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import polars as pl

from govgraph.governance.rules import cases
from govgraph.governance.rules.cases import Judged, may, sure
from govgraph.governance.rules.practice import LAYER, Practice
from govgraph.governance.rules.spans import DAYS, EDGES, EVER, MAY, ON, SURE
from govgraph.governance.rules.steps import joined, runs, steps

_LIMITS = ("term", "tenure", "terms")
_NEXT = timedelta(days=1)
Days = tuple[str, str]


def judge_terms(asked: pl.DataFrame, practice: Practice) -> Judged:
    """Broken on the days of a term that surely lie beyond what the rule allows."""
    due = practice.due(asked)
    subjects = cases.numbered(due, "place", "person")
    limited = subjects.join(asked.select("demand", *_LIMITS), on="demand")
    held = due.join(limited.drop("untold"), on=["demand", "place", "person"])
    layers = {
        "adoption": practice.adopted(subjects),
        "first": held.select(LAYER),
        "over": _over(held),
    }
    due_may = may("adoption") & may("first")
    found = runs(
        steps(layers),
        cases.status(sure("adoption") & sure("over"), due_may, ~may("over")),
        *cases.doubts(adoption=~sure("adoption"), first=~sure("over")),
    )
    return Judged(subjects, found, cases.evidence(layers["adoption"], layers["first"]))


def _over(held: pl.DataFrame) -> pl.DataFrame:
    """The layer of days beyond a limit, on which a term may be and on which it surely is."""
    parts = [
        beyond(held.drop_nulls(limit), days)
        .filter(pl.col("first") <= pl.col("last"))
        .select("subject", **dict(zip(days, ("first", "last"), strict=True)))
        for limit, beyond in _BEYOND.items()
        for days in (MAY, SURE)
    ]
    return pl.concat([held.select("subject", *DAYS).clear(), *parts], how="diagonal")


def _long_terms(held: pl.DataFrame, days: Days) -> pl.DataFrame:
    begun = held.drop_nulls(days[0])
    return begun.select("subject", first=_after(days[0], "term"), last=days[1])


def _long_tenures(held: pl.DataFrame, days: Days) -> pl.DataFrame:
    limits = held.select("subject", "tenure").unique()
    tenures = joined(held, days).join(limits, on="subject")
    return tenures.select("subject", first=_after("first", "tenure"), last="last")


def _many_terms(held: pl.DataFrame, days: Days) -> pl.DataFrame:
    """From the first day of the term that is one too many, to the end of the terms in a row. A term
    is one of a row if it meets it in every reading, or for MAY in some."""
    begin, end = days if days == MAY else EDGES
    begun = held.select("subject", "terms", begin=begin, end=end)
    rows = begun.join(joined(held, days), on="subject").filter(
        pl.col("begin") <= pl.col("last") + _NEXT, pl.col("end") + _NEXT >= pl.col("first")
    )
    nth = pl.int_range(pl.len()).over("subject", "first")
    excess = rows.sort("subject", "first", "begin").filter(nth == pl.col("terms"))
    return excess.select("subject", "last", first=pl.max_horizontal("begin", "first"))


def _after(first: str, length: str) -> pl.Expr:
    """The first day after a span of time; a month without that day ends with its last."""
    beyond = pl.when(pl.col(first) < ON).then(pl.col(first)).dt.offset_by(pl.col(length))
    return pl.when(pl.col(first) == EVER).then(EVER).otherwise(beyond)


_BEYOND: Mapping[str, Callable[[pl.DataFrame, Days], pl.DataFrame]] = {
    "term": _long_terms,
    "tenure": _long_tenures,
    "terms": _many_terms,
}
