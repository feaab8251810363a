"""Changes between two dates: who took or left which post, what came and went, and how surely."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance import appointments, frames, readings, terms
from govgraph.governance.answer import Answer, Coverage
from govgraph.governance.differences.kinds import KINDS, LEFT, TOOK, Kind
from govgraph.governance.differences.wording import worded
from govgraph.governance.holdings import holdings
from govgraph.governance.kept import kept
from govgraph.governance.places import below
from govgraph.governance.readings import ALWAYS, NEVER
from govgraph.governance.time import Moment, window
from govgraph.vocabulary import PROLOGUE

COLUMNS = (
    "kind", "certain", "date", "first", "last", "subject", "object", "place",
    "amount", "currency", "sentence_zh", "sentence_en", "source",
)  # fmt: skip
_VARIABLES = (
    "kind", "thing", "subject", "object", "place", "date", "year", "since", "until",
)  # fmt: skip
_NODES = ("thing", "subject", "object", "place")
#: A flow without a date belongs to its fiscal year.
_YEAR = "OPTIONAL { ?thing gov:date ?date } OPTIONAL { ?thing gov:fiscalYear ?year }"


def changes_between_dates(
    engine: Engine,
    *,
    start: Moment,
    end: Moment,
    place: str | None = None,
    kind: Sequence[str] | None = None,
) -> Answer:
    """What changed on the days from the first of `start` to the last of `end`.

    A change stands on the day that the data states: taking a post on its first day, leaving it on
    its last; a new term without a gap is no change. `certain` is `yes` if it is on one of these
    days in every reading of its date, `unknown` if it can be on others; `first` and `last` are the
    days that it can be on. Amounts that are not known are null. What has no date is in no row: the
    coverage says how much that is. `place` keeps what concerns it or a place below it, `kind` the
    kinds of that name. Errors: window-reversed.
    """
    days = window(start, end)
    assert days is not None
    offices = appointments.read(engine, {"place": place})
    found = pl.concat([_holdings(offices), _others(engine, place)])
    if kind:
        found = found.filter(pl.col("kind").is_in(kind))
    met = found.filter(pl.col("first") <= days.last, pl.col("last") >= days.first)
    sure = (pl.col("first") >= days.first) & (pl.col("last") <= days.last)
    certain = pl.when(sure).then(pl.lit("yes")).otherwise(pl.lit("unknown"))
    shown = worded(engine, met.with_columns(certain=certain)).with_columns(
        pl.when(pl.col(name).is_between(NEVER, ALWAYS, closed="none")).then(name).alias(name)
        for name in ("first", "last")
    )
    order = ["first", "last", "kind", "subject", "object", "source"]
    told = shown.sort(order, nulls_last=True).select(COLUMNS)
    return Answer(told, [appointments.dated(offices), _amounts(told)])


def _holdings(rows: pl.DataFrame) -> pl.DataFrame:
    """Posts taken and left, as the ends of holdings; what runs on has not been left."""
    held = holdings(rows)
    taken, left = held.filter(pl.col("start").is_not_null()), held.filter(_ended())
    sides = [
        (TOOK, taken, "start", "start_earliest", "start_latest"),
        (LEFT, left, "end", "end_earliest", "end_latest"),
    ]
    return pl.concat(
        side.select(
            kind=pl.lit(kind.name), subject="person", object="post", place="place", date=date,
            first=first, last=last, source="source",
        )
        for kind, side, date, first, last in sides
    )  # fmt: skip


def _ended() -> pl.Expr:
    return pl.col("end").is_not_null() & (pl.col("end_earliest") < ALWAYS)


def _others(engine: Engine, place: str | None) -> pl.DataFrame:
    """Changes of all other kinds that a date states."""
    found = _stated(engine)
    return found if place is None else found.filter(pl.col("place").is_in(below(engine, place)))


@kept
def _stated(engine: Engine) -> pl.DataFrame:
    return _dated(frames.frame(engine, _QUERY, frames.terms()))


def _branch(kind: Kind) -> str:
    """The things of a kind that have a date."""
    dated = f"?thing gov:{kind.date} ?date FILTER (STR(?date) != '..')"
    if kind.name == "money":
        dated = f"{_YEAR} FILTER (BOUND(?date) || BOUND(?year))"
    limits = {"since": kind.since, "until": kind.until}
    others = "".join(
        f" OPTIONAL {{ ?thing gov:{name} ?{limit} }}" for limit, name in limits.items() if name
    )
    return f"{{ {kind.facts} {dated}{others} BIND ('{kind.name}' AS ?kind) }}"


#: One text for all questions, so that it is parsed once.
_QUERY = (
    f"{PROLOGUE}SELECT DISTINCT {' '.join(f'?{name}' for name in _VARIABLES)}"
    f" WHERE {{ {' UNION '.join(map(_branch, KINDS))} }}"
)


def _dated(found: pl.DataFrame) -> pl.DataFrame:
    """The changes with `first` and `last`, the days that each can be on: none before what it
    follows (`since`), none after what follows it (`until`)."""
    texts = ("kind", "date", "year", "since", "until")
    plain = found.select(*map(terms.iri, _NODES), *map(terms.lexical, texts)).with_columns(
        pl.coalesce("date", "year").alias("date")
    )
    low, high = readings.earliest, readings.latest
    return plain.select(
        "kind", "subject", "object", "place", "date",
        first=pl.max_horizontal(low(plain, "date"), low(plain, "since")),
        last=pl.min_horizontal(high(plain, "date"), high(plain, "until")),
        source=pl.concat_list("thing"),
    )  # fmt: skip


def _amounts(told: pl.DataFrame) -> Coverage:
    money = told.filter(kind="money")
    known, total = money["amount"].count(), money.height
    return Coverage(
        "amounts-known",
        known,
        total,
        f"{total} 笔资金中 {known} 笔有金额",
        f"{known} of {total} flows have an amount",
    )
