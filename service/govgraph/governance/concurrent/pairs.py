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
from govgraph.governance.readings import ALWAYS, BOUNDS, NEVER
from govgraph.governance.time import Moment, window

#: What a pair says of each of its posts; the second one's columns begin with `other_`.
SIDE = ("post", "kind", "slot", "body", "place", *appointments.FLAGS)
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
    terms = appointments.read(engine, {"person": person})
    found = _judged(pairs(holdings(terms)), at, start, end)
    kept = in_scope(engine, terms, place, model)
    if kept is not None:
        found = found.filter(pl.col("post").is_in(kept) | pl.col("other_post").is_in(kept))
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


def pairs(held: pl.DataFrame) -> pl.DataFrame:
    """The pairs of holdings of one person in two posts that some reading has at once.

    Columns: `person`, SIDE twice, `source`, `overlap`, BOUNDS of the days together, and
    `days_least`, `days_most`, which stay numbers where the pair has no limit.
    """
    columns = [*SIDE, *BOUNDS, "source"]
    several = held.filter(pl.col("post").n_unique().over("person") > 1).select("person", *columns)
    other = several.select("person", pl.col(columns).name.prefix("other_"))
    both = several.join(other, on="person").filter(
        pl.col("post") < pl.col("other_post"),
        pl.max_horizontal("start_earliest", "other_start_earliest")
        <= pl.min_horizontal("end_latest", "other_end_latest"),
    )
    return both.with_columns(
        *_together(),
        *_days(),
        overlap=pl.when(_surely()).then(pl.lit("yes")).otherwise(pl.lit("unknown")),
        source=pl.concat_list("source", "other_source"),
    ).drop("other_source", *(f"other_{name}" for name in BOUNDS))


def _together() -> list[pl.Expr]:
    """The bounds of the first and of the last day together."""
    low, high = BOUNDS[:2], BOUNDS[2:]
    return [
        *(pl.max_horizontal(name, f"other_{name}").alias(name) for name in low),
        *(pl.min_horizontal(name, f"other_{name}").alias(name) for name in high),
    ]


def _surely() -> pl.Expr:
    """Whether they meet in every reading: neither can start after the other ends."""
    return (pl.col("start_latest") <= pl.col("other_end_earliest")) & (
        pl.col("other_start_latest") <= pl.col("end_earliest")
    )


def _days() -> list[pl.Expr]:
    """The fewest and the most days together. In a reading they are the least of four lengths, end
    less start and one: of each holding, and from the start of either to the end of the other. A
    holding has a day at least, however uncertain it is."""
    across = [
        _length("start_latest", "other_end_earliest"),
        _length("other_start_latest", "end_earliest"),
    ]
    own = [
        pl.max_horizontal(pl.lit(1), _length(f"{side}start_latest", f"{side}end_earliest"))
        for side in ("", "other_")
    ]
    least = pl.max_horizontal(pl.lit(0), pl.min_horizontal(*across, *own))
    most = [
        _length(f"{start}start_earliest", f"{end}end_latest")
        for start in ("", "other_")
        for end in ("", "other_")
    ]
    return [least.alias("days_least"), pl.min_horizontal(*most).alias("days_most")]


def counted() -> list[pl.Expr]:
    """The counts of days as a caller sees them: null where the pair has no limit."""
    first, last = pl.col("start_earliest"), pl.col("end_latest")
    unlimited = (first == NEVER) | (last == ALWAYS)
    return [
        pl.when(pl.col("end_earliest") < ALWAYS).then(pl.col("days_least")).alias("days_least"),
        pl.when(~unlimited).then(pl.col("days_most")).alias("days_most"),
    ]


def _length(start: str, end: str) -> pl.Expr:
    return (pl.col(end) - pl.col(start)).dt.total_days() + 1


def _judged(
    found: pl.DataFrame, at: Moment | None, start: Moment | None, end: Moment | None
) -> pl.DataFrame:
    """Pairs with their verdict on the days asked for, without those that are surely not of them.

    Three intervals that meet in pairs have a day in common (Helly), so a pair that surely meets
    meets a window surely if both its first and its last day can be on the right sides of it.
    """
    asked = readings.asked(at, window(start, end))
    if asked is None:
        return found
    sure = pl.col("overlap") == "yes" if at is None else pl.lit(True)
    verdict = pl.when((asked == "yes") & ~sure).then(pl.lit("unknown")).otherwise(asked)
    return found.with_columns(overlap=verdict).filter(pl.col("overlap") != "no")
