"""Two posts of one person at once, as the overlap of two holdings."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance import appointments, readings
from govgraph.governance.answer import Answer
from govgraph.governance.concurrent.basis import with_basis
from govgraph.governance.concurrent.scope import in_scope
from govgraph.governance.holdings import holdings
from govgraph.governance.kept import kept
from govgraph.governance.overlaps import counted, overlaps
from govgraph.governance.rules.nearby import nearby
from govgraph.governance.time import Moment, Window, window

COLUMNS = (
    "person", "post", "other_post", "place", "other_place", "start", "end", "overlap",
    "certain_from", "certain_to", "possible_from", "possible_to", "days_least", "days_most",
    "basis", "rule", "basis_from", "basis_to",
    "acting", "other_acting", "ex_officio", "other_ex_officio", "concurrent", "other_concurrent",
    "source", "source_rule",
)  # fmt: skip


def concurrent_posts(
    engine: Engine,
    *,
    place: str | None = None,
    person: str | None = None,
    model: str | None = None,
    slot: Sequence[str] | None = None,
    at: Moment | None = None,
    start: Moment | None = None,
    end: Moment | None = None,
    basis: str | None = None,
) -> Answer:
    """Pairs of posts that one person held at once, each pair of holdings once.

    `overlap` is `yes` if they met in every reading of their dates, else `unknown`; with `at` or
    the window from `start` to `end` it says so of those days alone, and pairs that were surely not
    held together then are left out. `place` keeps pairs with a post in it or below it, `model`
    those with a post that fills a slot of the model, `slot` those whose posts fill slots among
    them. `days_least` and `days_most` count the days together over all readings, null for pairs
    that run on. `basis` as in `concurrent.basis`. Errors: dates-conflict, window-reversed.
    """
    engine = nearby(engine, person=person, place=place)
    terms, met = _met(engine, person, place)
    found = together(met, at, window(start, end))
    scope = in_scope(engine, terms, place, model)
    if scope is not None:
        found = found.filter(pl.col("post").is_in(scope) | pl.col("other_post").is_in(scope))
    if slot:
        found = found.filter(pl.col("slot").is_in(slot) & pl.col("other_slot").is_in(slot))
    shown = with_basis(engine, found)
    if basis is not None:
        shown = shown.filter(basis=basis)
    order = ["person", "start_earliest", "start_latest", "post", "other_post", "source"]
    told = shown.sort(order).with_columns(
        readings.start_text(), readings.end_text(), *readings.intervals(), *counted()
    )
    return Answer(told.select(COLUMNS), [appointments.dated(terms)])


def _met(
    engine: Engine, person: str | None, place: str | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The appointments of a person, or of those who hold a post in a place, and the pairs of
    holdings among them."""
    if person is None:
        terms = appointments.of_people(engine, person, place)
        return terms, overlaps(holdings(terms), "person", "post")
    whose = appointments.reading_for(engine, person)
    terms = appointments.read(engine, {"person": whose})
    return terms.filter(person=person), pairs(engine, person=whose).filter(person=person)


@kept
def pairs(engine: Engine, *, person: str | None = None, place: str | None = None) -> pl.DataFrame:
    """The pairs of holdings, as overlaps gives them, of a person, in a place, or of all."""
    terms = appointments.read(engine, {"person": person, "place": place})
    return overlaps(holdings(terms), "person", "post")


def together(found: pl.DataFrame, at: Moment | None, days: Window | None) -> pl.DataFrame:
    """Pairs with their verdict on the days asked for, without those that are surely not of them.

    Three intervals that meet in pairs have a day in common (Helly's theorem), so a pair that surely
    meets surely meets in a window if its first and last days are on the right sides of it.
    """
    asked = readings.asked(at, days)
    if asked is None:
        return found
    sure = (pl.col("overlap") == "yes") | (at is not None)
    verdict = pl.when((asked == "yes") & ~sure).then(pl.lit("unknown")).otherwise(asked)
    return found.with_columns(overlap=verdict).filter(pl.col("overlap") != "no")
