"""Posts that nobody holds at a date."""

from __future__ import annotations

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance import appointments, coverings, frames, readings, terms
from govgraph.governance.answer import Answer, Coverage
from govgraph.governance.places import below
from govgraph.governance.readings import ALWAYS, BOUNDS
from govgraph.governance.slots import of_model
from govgraph.governance.time import Moment
from govgraph.vocabulary import PROLOGUE

COLUMNS = (
    "post", "body", "place", "slot", "vacant", "recorded", "last_holder", "last_end", "source",
)  # fmt: skip
_POSTS = """SELECT ?post ?body ?place ?slot ?created ?abolished WHERE {
  ?post a org:Post
  OPTIONAL { ?post org:postIn ?body OPTIONAL { ?body gov:place ?place } }
  OPTIONAL { ?post gov:fillsPostSlot ?slot }
  OPTIONAL { ?post gov:created ?created } OPTIONAL { ?post gov:abolished ?abolished } }"""


def vacant_posts(
    engine: Engine, *, at: Moment, place: str | None = None, model: str | None = None
) -> Answer:
    """Posts that nobody held at a date, or perhaps nobody.

    `vacant` is `yes` if no reading of the dates has a holder on any day of the date, `unknown` if
    some have, if no appointment to the post is recorded at all (`recorded` is 0), or if it is not
    known whether the post was there yet; posts that surely had a holder on every day, or did not
    exist, are left out. `last_holder` is who last
    held it before, `last_end` the end of that appointment.
    """
    held = appointments.read(engine, {"place": place})
    posts = _posts(engine, held, at, place, model)
    shown = _judged(posts, held, at).filter(pl.col("vacant") != "no")
    known = posts.join(held, on="post", how="semi").height
    return Answer(shown.sort("post").select(COLUMNS), [_recorded(known, posts.height)])


def _posts(
    engine: Engine, held: pl.DataFrame, at: Moment, place: str | None, model: str | None
) -> pl.DataFrame:
    """The posts asked for, with `exists` at the date. One whose creation is not stated is there
    from the day on which it surely has a holder, and may have been before; one whose abolition is
    not stated goes on."""
    found = frames.frame(engine, PROLOGUE + _POSTS, frames.terms())
    plain = found.select(
        *map(terms.iri, ("post", "body", "place", "slot")),
        *map(terms.lexical, ("created", "abolished")),
    )
    once = plain.sort(pl.all()).unique("post", keep="first", maintain_order=True)
    begun = held.group_by("post").agg(begun=pl.col("start_latest").min())
    created, abolished = pl.col("created").is_null(), pl.col("abolished").is_null()
    life = readings.bounded(once, "created", "abolished").join(begun, on="post", how="left")
    first = pl.when(created).then(pl.col("begun").fill_null(ALWAYS)).otherwise("start_latest")
    last = pl.when(abolished).then(ALWAYS).otherwise("end_earliest")
    posts = life.with_columns(start_latest=first, end_earliest=last).with_columns(
        exists=readings.holds(at)
    )
    if place is not None:
        posts = posts.filter(pl.col("place").is_in(below(engine, place)))
    if model is not None:
        posts = posts.filter(pl.col("slot").is_in(of_model(engine, model)))
    return posts.drop(BOUNDS)


def _judged(posts: pl.DataFrame, held: pl.DataFrame, at: Moment) -> pl.DataFrame:
    """The posts with `vacant`, how many appointments are `recorded`, and the last holder."""
    whole = coverings.certain(held, ["post"]).filter(
        pl.col("first") <= at.first, pl.col("last") >= at.last
    )
    some = held.filter(readings.holds(at) != "no")
    filled, perhaps = (rows["post"].unique().implode() for rows in (whole, some))
    counts = held.group_by("post").agg(recorded=pl.len().cast(pl.Int64))
    found = posts.join(counts, on="post", how="left").join(_last(held, at), on="post", how="left")
    untold = pl.col("recorded").is_null() | pl.col("post").is_in(perhaps)
    return found.with_columns(
        pl.col("recorded").fill_null(0),
        pl.col("source").fill_null(pl.lit([], dtype=pl.List(pl.String))),
        vacant=pl.when((pl.col("exists") == "no") | pl.col("post").is_in(filled))
        .then(pl.lit("no"))
        .when(untold).then(pl.lit("unknown"))
        .otherwise("exists"),
    )  # fmt: skip


def _last(held: pl.DataFrame, at: Moment) -> pl.DataFrame:
    """Who is the last to have held a post before a date: the latest possible end, then start."""
    before = held.filter(pl.col("end_latest") < at.first)
    latest = before.sort("post", *reversed(BOUNDS), "appointment").unique(
        "post", keep="last", maintain_order=True
    )
    return latest.select(
        "post", last_holder="person", last_end="end", source=pl.concat_list("appointment")
    )


def _recorded(known: int, total: int) -> Coverage:
    return Coverage(
        "posts-with-appointments",
        known,
        total,
        f"{total} 个岗位中 {known} 个有任职记录",
        f"{known} of {total} posts have an appointment on record",
    )
