"""What became of each rule in each place: the worst that a day of it was."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.rules.cases import STATUSES
from govgraph.governance.rules.judge import verdict
from govgraph.governance.rules.selection import Selection, touching
from govgraph.governance.terms import iri
from govgraph.governance.time import Moment


def worst(
    engine: Engine, *, model: str, places: Sequence[str], at: Moment | None = None
) -> pl.DataFrame:
    """`place`, `rule`, `status` for some places and each rule of a model that applies there: broken
    on some day, or else open on some day, or else kept; with `at` on the days of that moment."""
    judged = verdict(engine)
    demands = Selection(model=model).demands(judged).select("demand", "rule")
    wanted = pl.DataFrame(
        {"place": [f"<{place}>" for place in places]},
        {"place": judged.judged.subjects.schema["place"]},
    )
    subjects = judged.judged.subjects.join(wanted, on="place", how="semi").join(
        demands, on="demand"
    )
    runs = touching(judged.judged.runs.join(subjects, on="subject"), at, None, None)
    found = runs.group_by("place", "rule").agg(pl.col("status").min())
    names = dict(enumerate(STATUSES))
    return found.select(
        iri("place"), "rule", pl.col("status").replace_strict(names, return_dtype=pl.String)
    ).sort("place", "rule")
