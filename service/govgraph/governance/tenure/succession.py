"""The holders of a post one after another, with the days between them and the days together."""

from __future__ import annotations

import polars as pl
from pyoxigraph import NamedNode

from govgraph.engine.base import Engine
from govgraph.governance import appointments, readings
from govgraph.governance.answer import Answer
from govgraph.governance.holdings import holdings
from govgraph.governance.overlaps import overlaps
from govgraph.governance.readings import ALWAYS, BOUNDS, has_core
from govgraph.governance.tenure.gaps import gap_text, gaps
from govgraph.governance.time import Moment, window
from govgraph.vocabulary import PROLOGUE

COLUMNS = (
    "kind", "post", "person", "other_person", "start", "end", "certain",
    "certain_from", "certain_to", "possible_from", "possible_to",
    *appointments.FLAGS, "source",
)  # fmt: skip
_LIFE = """SELECT ?post ?created ?abolished WHERE {
  OPTIONAL { ?post gov:created ?created } OPTIONAL { ?post gov:abolished ?abolished } }"""


def post_succession(
    engine: Engine, *, post: str, start: Moment | None = None, end: Moment | None = None
) -> Answer:
    """A post's holders in order (`kind` held), when it was vacant, when two held it at once.

    Terms of one person without a gap are one row. `certain` is `yes` for a vacancy or an overlap
    that is one in every reading of the dates, else `unknown`; for a holder, whether some day is
    certain. Vacancies are looked for from the post's creation, or else from its first holder, to
    its abolition. A window keeps what can fall in it. Errors: window-reversed.
    """
    terms = appointments.read(engine, {"post": post})
    held = holdings(terms)
    rows = [_held(held), _overlaps(held), _vacant(held, *_life(engine, post, held))]
    found = pl.concat(row.select(_ROW) for row in rows)
    asked = readings.asked(None, window(start, end))
    if asked is not None:
        found = found.filter(asked != "no")
    order = pl.col("kind").replace_strict({"held": 0, "overlap": 1, "vacant": 2})
    shown = found.with_columns(readings.intervals(), post=pl.lit(post)).sort(
        *BOUNDS[:2], order, *BOUNDS[2:], "person", "other_person", nulls_last=True
    )
    return Answer(shown.select(COLUMNS), [appointments.dated(terms)])


_ROW = ["kind", "person", "other_person", "start", "end", "certain"]
_ROW += [*appointments.FLAGS, *BOUNDS, "source"]


def _held(held: pl.DataFrame) -> pl.DataFrame:
    certain = pl.when(has_core()).then(pl.lit("yes")).otherwise(pl.lit("unknown"))
    return held.with_columns(
        kind=pl.lit("held"), other_person=pl.lit(None, pl.String), certain=certain
    )


def _overlaps(held: pl.DataFrame) -> pl.DataFrame:
    """Two people in the post at once."""
    found = overlaps(held, "post", "person")
    return found.with_columns(
        readings.start_text(),
        readings.end_text(),
        *(pl.col(name) | pl.col(f"other_{name}") for name in appointments.FLAGS),
        kind=pl.lit("overlap"),
        certain="overlap",
    )


def _vacant(held: pl.DataFrame, life: pl.DataFrame, sure: pl.DataFrame) -> pl.DataFrame:
    nobody = [pl.lit(None, pl.String).alias(name) for name in ("person", "other_person")]
    nothing = [pl.lit(None, pl.Boolean).alias(name) for name in appointments.FLAGS]
    return gaps(held, life, sure, "post").with_columns(
        *gap_text(),
        *nobody,
        *nothing,
        kind=pl.lit("vacant"),
        source=pl.lit([], dtype=pl.List(pl.String)),
    )


def _life(engine: Engine, post: str, held: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The days on which the post can be there, and those on which it surely is, a row or none.

    A post whose creation is not stated is there from the day on which it surely has a holder."""
    stated = engine.select(PROLOGUE + _LIFE, {"post": NamedNode(post)})[0]
    texts = (stated[name].value if name in stated else ".." for name in _STATED)
    created, abolished = (None if text == ".." else readings.days_of(text) for text in texts)
    begun = held.filter(pl.col("start_latest") < ALWAYS)["start_latest"].min()
    first, sure_first = created or (begun, begun)
    sure_last, last = abolished or (ALWAYS, ALWAYS)
    return _days(post, first, last), _days(post, sure_first, sure_last)


def _days(post: str, first: object, last: object) -> pl.DataFrame:
    row = pl.DataFrame({"post": [post], "first": [first], "last": [last]}, schema=_SCHEMA)
    return row.filter(pl.col("first") <= pl.col("last"))


_STATED = ("created", "abolished")
_SCHEMA = {"post": pl.String, "first": pl.Date, "last": pl.Date}
