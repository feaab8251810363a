"""How rules are kept, per model and place."""

from __future__ import annotations

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.answer import Answer
from govgraph.governance.rules.cases import BROKEN, CANNOT_BE_TOLD, KEPT, STATUSES
from govgraph.governance.rules.coverage import coverage
from govgraph.governance.rules.judge import verdict
from govgraph.governance.rules.nearby import nearby
from govgraph.governance.rules.selection import Selection, touching
from govgraph.governance.terms import iri
from govgraph.governance.time import Moment

#: What `summary` counts, by status.
COUNTS = {BROKEN: "broken", CANNOT_BE_TOLD: "cannot_be_told", KEPT: "kept"}
COLUMNS = ("model", "place", "cases", *COUNTS.values(), "source")


def summary(
    engine: Engine,
    *,
    model: str | None = None,
    place: str | None = None,
    rule: str | None = None,
    rule_type: str | None = None,
    at: Moment | None = None,
) -> Answer:
    """The cases of each model in each place (COLUMNS), by the worst that became of each: broken on
    some day, or else open on some day, or else kept; with `at`, on the days of that moment.

    A place that is bound by a model but has nobody and no post to be judged has null counts: it is
    not known to keep the rules. `source` are the adoptions.
    """
    judged = verdict(nearby(engine, place=place))
    asked = Selection(model, place, rule, rule_type)
    demands = asked.demands(judged)
    subjects = asked.subjects(judged, demands).join(demands.select("demand", "model"), on="demand")
    adopted = touching(
        asked.adoptions(judged).rename({"may_first": "first", "may_last": "last"}), at, None, None
    ).select("place", "adopter", iri("model"), source=iri("fact"))
    places = ["model", "place"]
    silent = adopted.join(adopted.join(subjects, on=places, how="semi"), on="source", how="anti")
    runs = touching(judged.judged.runs.join(subjects, on="subject"), at, None, None)
    rows = [
        adopted.join(_counted(runs), on=places),
        silent.filter(pl.col("place") == pl.col("adopter")),
    ]
    found = pl.concat(rows, how="diagonal").sort("source").group_by(places)
    counts = pl.col("cases", *COUNTS.values()).first()
    shown = found.agg(counts, pl.col("source").unique(maintain_order=True)).with_columns(
        iri("place")
    )
    return Answer(shown.select(COLUMNS).sort(places), coverage(judged, asked, subjects))


def _counted(runs: pl.DataFrame) -> pl.DataFrame:
    """`model`, `place`, `cases` and the counts, where there are cases."""
    worst = runs.group_by("subject").agg(pl.col("model", "place").first(), pl.col("status").min())
    counts = {
        name: (pl.col("status") == STATUSES.index(status)).sum().cast(pl.Int64)
        for status, name in COUNTS.items()
    }
    return worst.group_by("model", "place").agg(cases=pl.len().cast(pl.Int64), **counts)
