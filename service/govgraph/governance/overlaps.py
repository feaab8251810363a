"""Two holdings at once: of one person in two posts, or of two people in one post."""

from __future__ import annotations

import polars as pl

from govgraph.governance.readings import ALWAYS, BOUNDS, NEVER


def overlaps(held: pl.DataFrame, same: str, unlike: str) -> pl.DataFrame:
    """The pairs of holdings with the `same` and different `unlike`, the lesser one first, that
    meet in some reading of their dates.

    Columns: those of a holding, with BOUNDS of the days together and the `source` of both; those of
    the other, beginning with `other_`; `overlap`, `yes` if they meet in every reading, else
    `unknown`; `days_least` and `days_most` over all readings, which stay numbers where the pair has
    no limit.
    """
    several = having(held, same, unlike, 2).drop("start", "end")
    other = several.select(same, pl.exclude(same).name.prefix("other_"))
    met = several.join(other, on=same).filter(
        pl.col(unlike) < pl.col(f"other_{unlike}"),
        pl.col("start_earliest") <= pl.col("other_end_latest"),
        pl.col("other_start_earliest") <= pl.col("end_latest"),
    )
    found = met.with_columns(
        *_together(),
        *_days(),
        overlap=pl.when(_surely()).then(pl.lit("yes")).otherwise(pl.lit("unknown")),
        source=pl.concat_list("source", "other_source"),
    )
    return found.drop("other_source", *(f"other_{name}" for name in BOUNDS))


def having(held: pl.DataFrame, same: str, unlike: str, least: int) -> pl.DataFrame:
    """The holdings of those that have `least` different ones or more."""
    counts = held.group_by(same).agg(different=pl.col(unlike).n_unique())
    return held.join(counts.filter(pl.col("different") >= least), on=same, how="semi")


def _together() -> list[pl.Expr]:
    """The bounds of the first and of the last day together."""
    low, high = BOUNDS[:2], BOUNDS[2:]
    return [
        *(pl.max_horizontal(name, f"other_{name}").alias(name) for name in low),
        *(pl.min_horizontal(name, f"other_{name}").alias(name) for name in high),
    ]


def _surely() -> pl.Expr:
    """Whether they meet in every reading: neither can start after the other ends."""
    return (pl.col("start_latest") <= pl.col("other_end_earliest")) & (
        pl.col("other_start_latest") <= pl.col("end_earliest")
    )


def _days() -> list[pl.Expr]:
    """The fewest and the most days together. In a reading they are the least of four lengths, end
    less start and one: of each holding, and from the start of either to the end of the other. A
    holding has a day at least, however uncertain it is."""
    across = [
        _length("start_latest", "other_end_earliest"),
        _length("other_start_latest", "end_earliest"),
    ]
    own = [
        pl.max_horizontal(pl.lit(1), _length(f"{side}start_latest", f"{side}end_earliest"))
        for side in ("", "other_")
    ]
    least = pl.max_horizontal(pl.lit(0), pl.min_horizontal(*across, *own))
    most = [
        _length(f"{start}start_earliest", f"{end}end_latest")
        for start in ("", "other_")
        for end in ("", "other_")
    ]
    return [least.alias("days_least"), pl.min_horizontal(*most).alias("days_most")]


def _length(start: str, end: str) -> pl.Expr:
    return (pl.col(end) - pl.col(start)).dt.total_days() + 1


def counted() -> list[pl.Expr]:
    """The counts of days as a caller sees them: null where the pair has no limit."""
    first, last = pl.col("start_earliest"), pl.col("end_latest")
    unlimited = (first == NEVER) | (last == ALWAYS)
    return [
        pl.when(pl.col("end_earliest") < ALWAYS).then("days_least").alias("days_least"),
        pl.when(~unlimited).then("days_most").alias("days_most"),
    ]
