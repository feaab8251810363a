"""Expected appointments beside real ones: which of them were made, and on which days."""

from __future__ import annotations

from typing import Any

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.answer import Answer, Coverage
from govgraph.governance.rules.cases import BROKEN, CANNOT_BE_TOLD, KEPT, STATUSES
from govgraph.governance.rules.judge import Verdict, verdict
from govgraph.governance.rules.selection import Selection, touching
from govgraph.governance.rules.spans import EVER, ON
from govgraph.governance.terms import iri
from govgraph.governance.time import Moment
from govgraph.vocabulary import PROLOGUE

#: What became of an expected appointment, by what became of the rule.
MET = {KEPT: "met", BROKEN: "not met", CANNOT_BE_TOLD: "cannot be told"}
COLUMNS = (
    "expected", "rule", "place", "person", "slot", "because", "status", "from", "to", "source",
)  # fmt: skip
_EXPECTED = """SELECT ?expected ?rule ?person ?slot ?because WHERE {
  ?expected a gov:ExpectedAppointment ; gov:expectedMember ?person ; gov:becauseOf ?rule ;
    prov:wasDerivedFrom ?because ; gov:expectedPostSlot|gov:expectedBodySlot ?slot }"""


def met(
    engine: Engine,
    *,
    model: str | None = None,
    place: str | None = None,
    rule: str | None = None,
    at: Moment | None = None,
) -> Answer:
    """What became of each expected appointment (COLUMNS), on the days of the appointment `because`
    of which it is expected in `place`: met, not met, cannot be told. Rows by rule, place, person and
    day; `from` and `to` as in findings.check. The expected ones stand in a graph of their own."""
    judged, asked = verdict(engine), Selection(model, place, rule)
    demands = asked.demands(judged)
    subjects = asked.subjects(judged, demands).join(demands.select("demand", "rule"), on="demand")
    found = touching(_days(judged, subjects, _expected(engine)), at, None, None)
    first, last = pl.col("first"), pl.col("last")
    shown = found.with_columns(
        pl.when(first > EVER).then(first).alias("from"),
        pl.when(last < ON).then(last).alias("to"),
        status=pl.col("status").replace_strict(
            {n: MET[status] for n, status in enumerate(STATUSES)}, return_dtype=pl.String
        ),
        source=pl.concat_list("rule", "because"),
    )
    order = ("rule", "place", "person", "expected", "slot", "from")
    return Answer(shown.select(COLUMNS).sort(order, nulls_last=False), [_coverage(shown)])


def _expected(engine: Engine) -> pl.DataFrame:
    rows = engine.select(PROLOGUE + _EXPECTED)
    names = ("expected", "rule", "person", "slot", "because")
    cells: dict[str, list[Any]] = {name: [row[name].value for row in rows] for name in names}
    return pl.DataFrame(cells, dict.fromkeys(names, pl.String)).unique()


def _days(judged: Verdict, subjects: pl.DataFrame, expected: pl.DataFrame) -> pl.DataFrame:
    """The runs of the cases that expect something, cut to the days of what makes them expect it."""
    facts = judged.judged.facts.join(subjects.select("subject"), on="subject", how="semi")
    named = subjects.with_columns(iri("place"), iri("person"))
    reasons = facts.with_columns(because=iri("fact")).drop("fact").join(expected, on="because")
    cases = reasons.join(named, on=["subject", "rule", "person"])
    cut = cases.join(judged.judged.runs, on="subject").with_columns(
        first=pl.max_horizontal("first", "may_first"), last=pl.min_horizontal("last", "may_last")
    )
    return cut.filter(pl.col("first") <= pl.col("last"))


def _coverage(shown: pl.DataFrame) -> Coverage:
    total = shown["expected"].n_unique()
    untold = shown.filter(status=MET[CANNOT_BE_TOLD])["expected"].n_unique()
    return Coverage(
        "expected-told", total - untold, total,
        f"{total}项应有任职中，{total - untold}项可以判断是否任职",
        f"Of {total} expected appointments it can be told of {total - untold} whether they were made",
    )  # fmt: skip
