"""How often kinds of posts are held by one person at once, and for how many days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance import appointments
from govgraph.governance.answer import Answer
from govgraph.governance.concurrent.basis import BASES, with_basis
from govgraph.governance.concurrent.scope import in_scope
from govgraph.governance.holdings import holdings
from govgraph.governance.overlaps import overlaps
from govgraph.governance.readings import ALWAYS, BOUNDS, NEVER
from govgraph.governance.slots import models
from govgraph.governance.time import Moment, Window, window

_BY = ("model", "place", "year")
_SIDES = ("kind", "post", "slot", "place")


def post_matrix(
    engine: Engine,
    *,
    by: Sequence[str] | None = None,
    place: str | None = None,
    model: str | None = None,
    start: Moment | None = None,
    end: Moment | None = None,
) -> Answer:
    """How often each two kinds of posts are joined in one person.

    A kind is the slot that a post fills, else the role, else the post itself. `by` splits the
    counts by `model` (of the slots), `place` (of the first kind's post) and `year`. A row counts
    the `people`, the `places` and the `pairs` of posts that can have been held at once, the
    `certain` and the `formal` ones (or implied by rules together) among the pairs, and the days
    over all readings, from `days_least` to `days_most`. Days are counted from `first` to `last`:
    the window, and where it is open the first and the last day that a date of an appointment
    names, so that what runs on is counted to the end of what the data knows. Errors:
    window-reversed.
    """
    terms = appointments.read(engine, {})
    limits = _limits(terms, start, end)
    found = overlaps(holdings(terms), "person", "post")
    kept = in_scope(engine, terms, place, model)
    if kept is not None:
        found = found.filter(pl.col("post").is_in(kept) | pl.col("other_post").is_in(kept))
    told = _ordered(with_basis(engine, found))
    groups = [name for name in _BY if name in (by or ())]
    if "model" in groups:
        told = told.join(models(engine), on="slot", how="left")
    parts = _clipped(_years(told, limits) if "year" in groups else _whole(told, limits))
    return Answer(_counted(parts, groups), [appointments.dated(terms)])


def _limits(terms: pl.DataFrame, start: Moment | None, end: Moment | None) -> tuple[date, date]:
    """The first and the last day that is counted."""
    asked = window(start, end) or Window(NEVER, ALWAYS)
    days = pl.concat([terms[name] for name in BOUNDS])
    named = days.filter((days > NEVER) & (days < ALWAYS))
    low, high = (named.min(), named.max()) if len(named) else (NEVER, ALWAYS)
    first = asked.first if asked.first > NEVER else low
    last = asked.last if asked.last < ALWAYS else high
    assert isinstance(first, date)
    assert isinstance(last, date)
    return first, last


def _ordered(found: pl.DataFrame) -> pl.DataFrame:
    """Each pair with the lesser kind first."""
    swapped = pl.col("kind") > pl.col("other_kind")
    return found.with_columns(
        pl.when(swapped).then(other).otherwise(one).alias(name)
        for side in _SIDES
        for one, other, name in (
            (pl.col(side), pl.col(f"other_{side}"), side),
            (pl.col(f"other_{side}"), pl.col(side), f"other_{side}"),
        )
    )


def _whole(told: pl.DataFrame, limits: tuple[date, date]) -> pl.DataFrame:
    return told.with_columns(first=pl.lit(limits[0]), last=pl.lit(limits[1]))


def _years(told: pl.DataFrame, limits: tuple[date, date]) -> pl.DataFrame:
    """Each pair once for each year that it can fall in, with the days of that year."""
    years = pl.DataFrame({"year": range(limits[0].year, limits[1].year + 1)}).with_columns(
        first=pl.max_horizontal(pl.date(pl.col("year"), 1, 1), pl.lit(limits[0])),
        last=pl.min_horizontal(pl.date(pl.col("year"), 12, 31), pl.lit(limits[1])),
    )
    return told.join_where(
        years, pl.col("start_earliest") <= pl.col("last"), pl.col("end_latest") >= pl.col("first")
    )


def _clipped(parts: pl.DataFrame) -> pl.DataFrame:
    """The pairs that can fall between `first` and `last`, with the days and the verdict there."""
    met = parts.filter(
        pl.col("start_earliest") <= pl.col("last"), pl.col("end_latest") >= pl.col("first")
    )
    return met.with_columns(
        days_least=pl.max_horizontal(0, _at_most("days_least", "start_latest", "end_earliest")),
        days_most=_at_most("days_most", "start_earliest", "end_latest"),
        certain=(pl.col("overlap") == "yes")
        & (pl.col("start_latest") <= pl.col("last"))
        & (pl.col("end_earliest") >= pl.col("first")),
    )


def _at_most(days: str, start: str, end: str) -> pl.Expr:
    """The days of a pair within limits: the least of all lengths from a start to an end."""
    lengths = [(pl.col("last") - pl.col(start)), (pl.col(end) - pl.col("first"))]
    lengths.append(pl.col("last") - pl.col("first"))
    return pl.min_horizontal(days, *(span.dt.total_days() + 1 for span in lengths))


def _counted(parts: pl.DataFrame, groups: Sequence[str]) -> pl.DataFrame:
    missing = [pl.lit(None, _TYPES[name]).alias(name) for name in _BY if name not in groups]
    key = ["kind", "other_kind", *groups]
    counts = parts.group_by(key).agg(
        pl.col("first").min(),
        pl.col("last").max(),
        people=pl.col("person").n_unique(),
        places=pl.col("place").drop_nulls().n_unique(),
        pairs=pl.struct("person", "post", "other_post").n_unique(),
        certain=pl.struct("person", "post", "other_post").filter("certain").n_unique(),
        formal=pl.struct("person", "post", "other_post").filter(_required()).n_unique(),
        days_least=pl.col("days_least").sum(),
        days_most=pl.col("days_most").sum(),
        source=pl.col("source").list.explode().unique().sort(),
    )
    columns = ["kind", "other_kind", *_BY, "people", "places", "pairs", "certain", "formal"]
    columns += ["days_least", "days_most", "first", "last", "source"]
    numbers = ["people", "places", "pairs", "certain", "formal", "days_least", "days_most"]
    return counts.with_columns(*missing, pl.col(numbers).cast(pl.Int64)).select(columns).sort(
        "pairs", *key, descending=[True] + [False] * len(key), nulls_last=True
    )  # fmt: skip


def _required() -> pl.Expr:
    return pl.col("basis").is_in([BASES[0], "implied"])


_TYPES = {"model": pl.String, "place": pl.String, "year": pl.Int64}
