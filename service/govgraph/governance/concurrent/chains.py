"""Sets of posts that one person holds at once, each as large as it gets."""

from __future__ import annotations

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance import appointments, coverings, readings
from govgraph.governance.answer import Answer
from govgraph.governance.concurrent.scope import in_scope
from govgraph.governance.holdings import holdings
from govgraph.governance.labels import labels
from govgraph.governance.overlaps import having
from govgraph.governance.readings import ALWAYS, NEVER, has_core
from govgraph.governance.time import Moment, window

COLUMNS = (
    "person", "number", "posts", "posts_zh", "posts_en", "places", "overlap",
    "certain_from", "certain_to", "possible_from", "possible_to",
    "acting", "ex_officio", "concurrent", "source",
)  # fmt: skip
_KEY = ["person", "post"]


def concurrent_chains(
    engine: Engine,
    *,
    least: int = 3,
    place: str | None = None,
    person: str | None = None,
    model: str | None = None,
    at: Moment | None = None,
    start: Moment | None = None,
    end: Moment | None = None,
) -> Answer:
    """The sets of `least` posts or more that a person held all at once.

    A set is one that no larger set of the same person holds on some day together: those on days
    that are certain (`overlap` is `yes`), and those on days that are possible and are not among
    the former (`unknown`). `place` and `model` keep sets with a post in the place, or one that
    fills a slot of the model; a moment or a window those that then can have been held together.
    Errors: dates-conflict, window-reversed.
    """
    terms = appointments.of_people(engine, person, place)
    found = chains(holdings(terms), least)
    asked = readings.asked(at, window(start, end))
    if asked is not None:
        found = found.with_columns(overlap=asked).filter(pl.col("overlap") != "no")
    kept = in_scope(engine, terms, place, model)
    if kept is not None:
        found = found.filter(pl.col("posts").list.set_intersection(kept).list.len() > 0)
    shown = _named(engine, found).with_columns(readings.intervals())
    order = ["person", "possible_from", "certain_from", "posts_key"]
    return Answer(shown.sort(order).select(COLUMNS), [appointments.dated(terms)])


def chains(held: pl.DataFrame, least: int) -> pl.DataFrame:
    """The largest sets of posts of a person on certain and on possible days, of `least` or more.

    Columns: `person`, `posts` (sorted), `posts_key`, `number`, `overlap`, `places`, FLAGS (true
    if any holding's is), `source`, and BOUNDS, whose core are the certain days together.
    """
    several = having(held, "person", "post", least)
    isles = _isles(several)
    cores = several.filter(has_core()).select(*_KEY, first="start_latest", last="end_earliest")
    sure = _largest(_on_isle(cores, isles)).with_columns(overlap=pl.lit("yes"))
    maybe = _largest(isles.with_columns(first="isle_first", last="isle_last"))
    same = ["person", "posts_key", "isle_first", "isle_last"]
    other = maybe.join(sure, on=same, how="anti").with_columns(
        overlap=pl.lit("unknown"), first=pl.lit(ALWAYS), last=pl.lit(NEVER)
    )
    found = pl.concat([sure, other]).filter(pl.col("number") >= least)
    bounds = {"start_earliest": "isle_first", "start_latest": "first"}
    bounds |= {"end_earliest": "last", "end_latest": "isle_last"}
    return _with_facts(found.rename({old: new for new, old in bounds.items()}), several)


def _isles(held: pl.DataFrame) -> pl.DataFrame:
    """The possible days of each person in each post, so that a post counts once a day."""
    return coverings.possible(held, _KEY).rename({"first": "isle_first", "last": "isle_last"})


def _on_isle(cores: pl.DataFrame, isles: pl.DataFrame) -> pl.DataFrame:
    inside = pl.col("first").is_between("isle_first", "isle_last")
    return cores.join(isles, on=_KEY).filter(inside)


def _largest(units: pl.DataFrame) -> pl.DataFrame:
    """The largest sets of units, of one person and different posts, that have a day in common.

    Sets grow at the beginning of a unit and shrink at the end of one, so a largest one stands at a
    beginning after which an end comes before the next beginning.
    """
    points = units.select("person", at="first").unique()
    there = points.join(units, on="person").filter(pl.col("at").is_between("first", "last"))
    sets = there.group_by("person", "at").agg(
        posts=pl.col("post").unique().sort(),
        last=pl.col("last").min(),
        isle_first=pl.col("isle_first").max(),
        isle_last=pl.col("isle_last").min(),
    )
    same = pl.col("person") == pl.col("person").shift(-1)
    grows = (same & (pl.col("at").shift(-1) <= pl.col("last"))).fill_null(False)
    largest = sets.sort("person", "at").filter(~grows)
    return largest.rename({"at": "first"}).with_columns(
        posts_key=pl.col("posts").list.join(" "), number=pl.col("posts").list.len().cast(pl.Int64)
    )


def _with_facts(found: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """With the places, flags and appointments of the holdings that can have met in a set."""
    numbered = found.with_row_index("chain")
    meant = numbered.select(
        "chain",
        "person",
        pl.col("posts").alias("post"),
        begin="start_earliest",
        finish="end_latest",
    ).explode("post")
    met = meant.join(held, on=_KEY).filter(
        pl.col("start_earliest") <= pl.col("finish"), pl.col("end_latest") >= pl.col("begin")
    )
    facts = met.group_by("chain").agg(
        pl.col("place").drop_nulls().unique().sort().alias("places"),
        pl.col(appointments.FLAGS).any(ignore_nulls=False),
        pl.col("source").list.explode().unique().sort(),
    )
    return numbered.join(facts, on="chain", how="left").drop("chain")


def _named(engine: Engine, found: pl.DataFrame) -> pl.DataFrame:
    """With the labels of the posts, in the order of the posts."""
    numbered = found.with_row_index("chain")
    posts = numbered.select("chain", post="posts").explode("post")
    names = posts.join(
        labels(engine, posts["post"]), left_on="post", right_on="iri", how="left",
        maintain_order="left",
    )  # fmt: skip
    told = names.group_by("chain", maintain_order=True).agg(posts_zh="zh", posts_en="en")
    return numbered.join(told, on="chain", how="left").drop("chain")
