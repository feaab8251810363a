"""A person's posts one after another, with what was held beside each and the days without any."""

from __future__ import annotations

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance import appointments, readings
from govgraph.governance.answer import Answer
from govgraph.governance.holdings import holdings
from govgraph.governance.kept import kept
from govgraph.governance.overlaps import overlaps
from govgraph.governance.readings import ALWAYS, BOUNDS, has_core
from govgraph.governance.tenure.gaps import gap_text, gaps
from govgraph.governance.time import Moment, window

COLUMNS = (
    "kind", "person", "post", "body", "place", "slot", "start", "end", "certain",
    "certain_from", "certain_to", "possible_from", "possible_to",
    "beside_certain", "beside_possible", *appointments.FLAGS, "source",
)  # fmt: skip


def person_career(
    engine: Engine, *, person: str, start: Moment | None = None, end: Moment | None = None
) -> Answer:
    """A person's holdings in order (`kind` post) and the gaps between them (`kind` gap).

    Terms in one post without a gap are one row. `beside_certain` counts the holdings of other posts
    that surely met it, `beside_possible` those that can have. `certain` is `yes` for a gap that is
    one in every reading of the dates, else `unknown`; for a post, whether some day is certain. A
    window keeps what can fall in it. Errors: window-reversed.
    """
    whose = appointments.reading_for(engine, person)
    terms = appointments.read(engine, {"person": whose}).filter(person=person)
    found = _careers(engine, whose).filter(person=person)
    asked = readings.asked(None, window(start, end))
    if asked is not None:
        found = found.filter(asked != "no")
    shown = found.with_columns(readings.intervals()).sort(
        *BOUNDS[:2], "kind", *BOUNDS[2:], "post", "source"
    )
    return Answer(shown.select(COLUMNS), [appointments.dated(terms)])


_ROW = [name for name in COLUMNS if not name.startswith(("certain_", "possible_"))]
_ROW += BOUNDS


@kept
def _careers(engine: Engine, person: str | None) -> pl.DataFrame:
    """The rows of a person, or of everyone, in no order."""
    held = holdings(appointments.read(engine, {"person": person}))
    return pl.concat([_held(held).select(_ROW), _gaps(held).select(_ROW)])


def _held(held: pl.DataFrame) -> pl.DataFrame:
    numbered = held.with_row_index("holding")
    pairs = overlaps(numbered, "person", "post")
    sides = pl.concat(pairs.select(holding=side, overlap="overlap") for side in _SIDES)
    beside = sides.group_by("holding").agg(
        beside_certain=(pl.col("overlap") == "yes").sum(), beside_possible=pl.len()
    )
    certain = pl.when(has_core()).then(pl.lit("yes")).otherwise(pl.lit("unknown"))
    return numbered.join(beside, on="holding", how="left").with_columns(
        pl.col("beside_certain", "beside_possible").fill_null(0).cast(pl.Int64),
        kind=pl.lit("post"),
        certain=certain,
    )


_SIDES = ("holding", "other_holding")


def _gaps(held: pl.DataFrame) -> pl.DataFrame:
    """The days without a post from the first certain start to the last possible end of each."""
    begun = pl.col("start_latest").filter(pl.col("start_latest") < ALWAYS).min()
    life = held.group_by("person").agg(first=begun, last=pl.col("end_latest").max()).drop_nulls()
    texts = ("post", "body", "place", "slot")
    return gaps(held, life, life, "person").with_columns(
        *gap_text(),
        *(pl.lit(None, pl.String).alias(name) for name in texts),
        *(pl.lit(None, pl.Boolean).alias(name) for name in appointments.FLAGS),
        *(pl.lit(None, pl.Int64).alias(name) for name in ("beside_certain", "beside_possible")),
        kind=pl.lit("gap"),
        source=pl.lit([], dtype=pl.List(pl.String)),
    )
