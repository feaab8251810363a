"""Bodies joined by the people who hold posts in both at once."""

from __future__ import annotations

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance import appointments, readings
from govgraph.governance.answer import Answer
from govgraph.governance.concurrent.pairs import pairs, together
from govgraph.governance.networks.model import Network, named
from govgraph.governance.time import Moment, window

COLUMNS = (
    "body", "other_body", "weight", "certain", "people", "start", "end", "days_least", "days_most",
    "source",
)  # fmt: skip


def shared_holders(
    engine: Engine,
    *,
    place: str | None = None,
    at: Moment | None = None,
    start: Moment | None = None,
    end: Moment | None = None,
) -> Answer:
    """Two bodies and the people who held a post in each at once.

    `weight` is the number of such people, `certain` of those for whom it holds in every reading of
    the dates (of the days asked for, with a moment or a window). `start` and `end` are the first
    and the last day that some pair of posts can have, empty without a limit; days are summed over
    pairs of posts and empty if one runs on. `place` keeps bodies in it and below it. Errors:
    dates-conflict, window-reversed.
    """
    terms = appointments.read(engine, {"place": place})
    found = together(pairs(engine, place=place), at, window(start, end))
    return Answer(_joined(found), [appointments.dated(terms)])


def bodies(engine: Engine, **asked: object) -> Network:
    """`shared_holders` as a network; its parameters. Nodes are the bodies that it joins."""
    answer = shared_holders(engine, **asked)  # type: ignore[arg-type]
    links = answer.frame.select(
        pl.col("people").list.join(" "), pl.exclude("people", "source", "body", "other_body"),
        source="body", target="other_body",
    )  # fmt: skip
    nodes = named(engine, pl.concat([links["source"], links["target"]]), "organization")
    return Network("bodies", nodes, links, answer.coverage)


def _joined(found: pl.DataFrame) -> pl.DataFrame:
    apart = found.filter(
        pl.col("body").is_not_null() & pl.col("other_body").is_not_null(),
        pl.col("body") != pl.col("other_body"),
    )
    ends = pl.col("body"), pl.col("other_body")
    ordered = apart.with_columns(
        readings.intervals(), body=pl.min_horizontal(*ends), other_body=pl.max_horizontal(*ends)
    )
    limits = pl.col("possible_from"), pl.col("possible_to")
    counts = ordered.group_by("body", "other_body").agg(
        weight=pl.col("person").n_unique().cast(pl.Int64),
        certain=pl.col("person").filter(pl.col("overlap") == "yes").n_unique().cast(pl.Int64),
        people=pl.col("person").unique().sort(),
        start=pl.when(limits[0].has_nulls()).then(None).otherwise(limits[0].min()),
        end=pl.when(limits[1].has_nulls()).then(None).otherwise(limits[1].max()),
        days_least=pl.when(~limits[1].has_nulls()).then(pl.col("days_least").sum()),
        days_most=pl.when(~limits[1].has_nulls() & ~limits[0].has_nulls()).then(
            pl.col("days_most").sum()
        ),
        source=pl.col("source").list.explode().unique().sort(),
    )
    order = ["weight", "certain", "body", "other_body"]
    return counts.sort(*order, descending=[True, True, False, False]).select(COLUMNS)
