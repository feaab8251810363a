"""A person's holding of a post over terms that follow each other without a gap.

Two terms are one holding if no reading has a day between them: the second surely begins by the day
after the first surely goes on to. In every reading such terms cover all days from the first start
to the last end, so the bounds of the holding are those of its terms. Only terms that are certain on
some day can be joined so.
"""

from __future__ import annotations

import polars as pl

from govgraph.governance import appointments, coverings, readings

_KEY = ["person", "post"]


def holdings(terms: pl.DataFrame) -> pl.DataFrame:
    """Holdings of appointments as `appointments.read` gives them: the same columns, with
    `source`, the list of appointments, instead of `appointment`; FLAGS are true if any term's is.
    In no order."""
    core = coverings.with_runs(
        terms.filter(readings.has_core()), _KEY, "start_latest", "end_earliest"
    )
    several = pl.col("run").is_duplicated()
    loose = terms.filter(~readings.has_core())
    single = pl.concat([core.filter(~several).drop("run"), loose])
    columns = [name for name in terms.columns if name != "appointment"]
    whole = single.select(*columns, source=pl.concat_list("appointment"))
    many = core.filter(several)
    return pl.concat([whole, _joined(many).select(whole.columns)]) if many.height else whole


def _joined(many: pl.DataFrame) -> pl.DataFrame:
    """One row for each run of several terms."""
    low, high = pl.col("start_earliest", "start_latest"), pl.col("end_earliest", "end_latest")
    joined = many.group_by("run", maintain_order=True).agg(
        pl.col(*_KEY, "body", "place", "slot", "kind").first(),
        low.min(),
        high.max(),
        pl.col(*appointments.FLAGS).any(ignore_nulls=False),
        source=pl.col("appointment"),
    )
    return joined.with_columns(readings.start_text(), readings.end_text())
