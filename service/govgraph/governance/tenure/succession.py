"""The holders of a post one after another, with the days between them and the days together."""

from __future__ import annotations

from datetime import date

import polars as pl
from pyoxigraph import NamedNode

from govgraph.engine.base import Engine, Row
from govgraph.governance import appointments, readings
from govgraph.governance.answer import Answer
from govgraph.governance.holdings import holdings
from govgraph.governance.kept import kept
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
  { ?post gov:created ?any } UNION { ?post gov:abolished ?any }
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
    which = appointments.reading_for(engine, post)
    terms = appointments.read(engine, {"post": which}).filter(post=post)
    found = _successions(engine, which).filter(post=post)
    asked = readings.asked(None, window(start, end))
    if asked is not None:
        found = found.filter(asked != "no")
    order = pl.col("kind").replace_strict({"held": 0, "overlap": 1, "vacant": 2})
    shown = found.with_columns(readings.intervals()).sort(
        *BOUNDS[:2], order, *BOUNDS[2:], "person", "other_person", nulls_last=True
    )
    return Answer(shown.select(COLUMNS), [appointments.dated(terms)])


_ROW = ["kind", "post", "person", "other_person", "start", "end", "certain"]
_ROW += [*appointments.FLAGS, *BOUNDS, "source"]


@kept
def _successions(engine: Engine, post: str | None) -> pl.DataFrame:
    """The rows of a post, or of all, in no order."""
    held = holdings(appointments.read(engine, {"post": post}))
    rows = [_held(held), _overlaps(held), _vacant(held, *_lives(engine, post, held))]
    return pl.concat(row.select(_ROW) for row in rows)


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


def _lives(
    engine: Engine, post: str | None, held: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The days on which each post can be there, and those on which it surely is, a row or none.

    A post whose creation is not stated is there from the day on which it surely has a holder."""
    sure = held.filter(pl.col("start_latest") < ALWAYS).group_by("post")
    begun = dict(sure.agg(pl.col("start_latest").min()).iter_rows())
    stated = _stated(engine, post)
    life, surely = [], []
    for each in {*begun, *stated}:
        created, abolished = stated.get(each, (None, None))
        first, sure_first = created or (begun.get(each), begun.get(each))
        sure_last, last = abolished or (ALWAYS, ALWAYS)
        life.append((each, first, last))
        surely.append((each, sure_first, sure_last))
    return _days(life), _days(surely)


def _stated(engine: Engine, post: str | None) -> dict[str, tuple[_Stated, _Stated]]:
    """The days that the creation and the abolition can be of, of posts that state any."""
    rows = engine.select(PROLOGUE + _LIFE, {"post": NamedNode(post)} if post else {})
    found: dict[str, tuple[_Stated, _Stated]] = {}
    for row in rows:
        iri = post or row["post"].value
        found.setdefault(iri, (_bounds(row, "created"), _bounds(row, "abolished")))
    return found


def _bounds(row: Row, name: str) -> _Stated:
    text = row[name].value if name in row else ".."
    return None if text == ".." else readings.days_of(text)


def _days(rows: list[tuple[str, date | None, date]]) -> pl.DataFrame:
    found = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    return found.filter(pl.col("first") <= pl.col("last"))


_Stated = tuple[date, date] | None
_SCHEMA = {"post": pl.String, "first": pl.Date, "last": pl.Date}
