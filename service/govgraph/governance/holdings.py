"""A person's holding of a post over terms that follow each other without a gap.

Two terms are one holding if no reading has a day between them: the second surely begins by the day
after the first surely goes on to. In every reading such terms cover all days from the first start
to the last end, so the bounds of the holding are those of its terms.
"""

from __future__ import annotations

import polars as pl

from govgraph.governance import appointments, readings
from govgraph.governance.readings import DAY

_KEY = ["person", "post"]


def holdings(terms: pl.DataFrame) -> pl.DataFrame:
    """Holdings of appointments as `appointments.read` gives them: the same columns, with
    `source`, the list of appointments, instead of `appointment`; FLAGS are true if any term's is.
    Sorted by person, post and start."""
    numbered = _numbered(terms)
    many = numbered.filter(pl.len().over(*_KEY, "run") > 1)
    single = numbered.join(many, on="appointment", how="anti", maintain_order="left")
    columns = [name for name in terms.columns if name != "appointment"]
    whole = single.select(*columns, source=pl.concat_list("appointment"))
    joined = [_joined(many).select(whole.columns)] if many.height else []
    return pl.concat([whole, *joined]).sort(*_KEY, *readings.BOUNDS, "source")


def _numbered(terms: pl.DataFrame) -> pl.DataFrame:
    """The terms with the number of their `run`: those with a certain day are joined by their
    cores, the others stand alone."""
    ordered = terms.sort(*_KEY, "start_latest", "end_earliest", "appointment")
    core = ordered.filter(readings.has_core())
    loose = ordered.filter(~readings.has_core())
    reached = pl.col("end_earliest").cum_max().shift().over(_KEY)
    apart = pl.col("start_latest") > reached + DAY
    runs = core.with_columns(run=apart.fill_null(True).cast(pl.Int64).cum_sum().over(_KEY))
    return pl.concat([runs, loose.with_columns(run=-pl.int_range(1, pl.len() + 1))])


def _joined(many: pl.DataFrame) -> pl.DataFrame:
    """One row for each run of several terms."""
    low, high = pl.col("start_earliest", "start_latest"), pl.col("end_earliest", "end_latest")
    joined = many.group_by(*_KEY, "run", maintain_order=True).agg(
        pl.col("body", "place", "slot", "kind").first(),
        low.min(),
        high.max(),
        pl.col(*appointments.FLAGS).any(ignore_nulls=False),
        source=pl.col("appointment"),
    )
    return joined.with_columns(readings.start_text(), readings.end_text())
