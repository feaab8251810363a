"""People joined to the posts that they hold."""

from __future__ import annotations

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance import appointments, readings
from govgraph.governance.answer import Answer
from govgraph.governance.holdings import holdings
from govgraph.governance.networks.model import Network, named
from govgraph.governance.time import Moment, window

COLUMNS = ("person", "post", "body", "place", "start", "end", "held", *appointments.FLAGS, "source")


def people_posts(
    engine: Engine,
    *,
    place: str | None = None,
    at: Moment | None = None,
    start: Moment | None = None,
    end: Moment | None = None,
) -> Answer:
    """Each holding of a post: who, which, from when to when.

    Terms without a gap are one row. `held` says of the days asked for whether the post was held
    then, `yes` or `unknown`; without such days it is `yes` if some day is certain. `place` keeps
    posts in it and below it. Errors: dates-conflict, window-reversed.
    """
    terms = appointments.read(engine, {"place": place})
    found = holdings(terms)
    asked = readings.asked(at, window(start, end))
    told = pl.when(readings.has_core()).then(pl.lit("yes")).otherwise(pl.lit("unknown"))
    judged = found.with_columns(held=told if asked is None else asked).filter(
        pl.col("held") != "no"
    )
    order = ["person", *readings.BOUNDS, "post", "source"]
    return Answer(judged.sort(order).select(COLUMNS), [appointments.dated(terms)])


def people(engine: Engine, **asked: object) -> Network:
    """`people_posts` as a network of two kinds of nodes; its parameters."""
    answer = people_posts(engine, **asked)  # type: ignore[arg-type]
    links = answer.frame.select(
        pl.exclude("person", "post", "source", "body", "place"),
        source="person", target="post", weight=pl.lit(1, pl.Int64),
    )  # fmt: skip
    sides = {"person": links["source"], "post": links["target"]}
    nodes = [named(engine, ids, kind) for kind, ids in sides.items()]
    return Network("people-posts", pl.concat(nodes), links, answer.coverage)
