"""Days on which nobody holds a post, or a person holds none, as rows of their own."""

from __future__ import annotations

import polars as pl

from govgraph.governance import coverings
from govgraph.governance.readings import ALWAYS, BOUNDS, NEVER


def gaps(held: pl.DataFrame, life: pl.DataFrame, sure: pl.DataFrame, key: str) -> pl.DataFrame:
    """The gaps of each `key` in its life, as `coverings.vacancies` finds them: `key`, `certain`
    (`yes` or `unknown`) and BOUNDS, whose first and last days are those of the gap and whose core
    is empty where it is not certain."""
    found = coverings.vacancies(held, life, sure, [key])
    yes = pl.col("vacant") == "yes"
    return found.select(
        key,
        certain="vacant",
        start_earliest="first",
        start_latest=pl.when(yes).then("first").otherwise(pl.lit(ALWAYS)),
        end_earliest=pl.when(yes).then("last").otherwise(pl.lit(NEVER)),
        end_latest="last",
    )


def gap_text() -> list[pl.Expr]:
    """The first and the last day of a gap as EDTF; null without a beginning, `..` if it runs on."""
    first, last = BOUNDS[0], BOUNDS[3]
    day = [pl.col(name).dt.to_string("%Y-%m-%d") for name in (first, last)]
    return [
        pl.when(pl.col(first) > NEVER).then(day[0]).alias("start"),
        pl.when(pl.col(last) < ALWAYS).then(day[1]).otherwise(pl.lit("..")).alias("end"),
    ]
