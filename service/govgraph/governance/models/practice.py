"""What is recorded of places: adoptions, bodies and posts that fill slots, appointments, flows.

Facts are frames, so that a place may be a province: one row for each fact, `place` being the place
that was asked for. Columns of a term's text become plain texts here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance import frames, terms
from govgraph.governance.kept import kept
from govgraph.governance.models.nearby import nearby
from govgraph.governance.models.nodes import listed
from govgraph.governance.time import Moment
from govgraph.vocabulary import PROLOGUE

_SPAN = """
  OPTIONAL { ?fact gov:startEarliest ?s1 ; gov:startLatest ?s2 }
  OPTIONAL { ?fact gov:end ?end } OPTIONAL { ?fact gov:endEarliest ?e1 ; gov:endLatest ?e2 }
"""
_HOW = "OPTIONAL { ?fact gov:assertion ?how }"
_ADOPTIONS = """
SELECT DISTINCT ?place ?fact ?model ?start ?s1 ?s2 ?end ?e1 ?e2 ?how WHERE {
  VALUES ?place { %s }
  { ?place gov:parentPlace* ?adopter } UNION { ?adopter gov:parentPlace+ ?place }
  ?fact gov:adopter ?adopter ; gov:adoptedModel ?model . OPTIONAL { ?fact gov:start ?start }
""" + _SPAN + _HOW + "}"  # fmt: skip
_BODIES = """
SELECT DISTINCT ?place ?fact ?slot ?s1 ?s2 ?end ?e1 ?e2 ?how WHERE {
  VALUES ?place { %s } ?site gov:parentPlace* ?place .
  ?fact gov:place ?site ; gov:fillsSlot ?slot .
  OPTIONAL { ?fact gov:foundedEarliest ?s1 ; gov:foundedLatest ?s2 }
  OPTIONAL { ?fact gov:dissolved ?end }
  OPTIONAL { ?fact gov:dissolvedEarliest ?e1 ; gov:dissolvedLatest ?e2 }
""" + _HOW + "}"  # fmt: skip
_POSTS = """
SELECT DISTINCT ?place ?fact ?slot ?how WHERE {
  VALUES ?place { %s } ?site gov:parentPlace* ?place .
  ?body gov:place ?site . ?fact org:postIn ?body ; gov:fillsPostSlot ?slot .
""" + _HOW + "}"  # fmt: skip
_APPOINTMENTS = """
SELECT DISTINCT ?place ?fact ?slot ?person ?selection ?s1 ?s2 ?end ?e1 ?e2 ?how WHERE {
  VALUES ?place { %s } ?site gov:parentPlace* ?place .
  ?body gov:place ?site . ?post org:postIn ?body ; gov:fillsPostSlot ?slot .
  ?fact gov:onPost ?post ; org:member ?person . OPTIONAL { ?fact gov:selection ?selection }
""" + _SPAN + _HOW + "}"  # fmt: skip
_FLOWS = """
SELECT DISTINCT ?place ?fact ?year ?amount ?precision ?how WHERE {
  VALUES ?place { %s } ?site gov:parentPlace* ?place . ?end gov:place ?site .
  { ?fact gov:funder ?end } UNION { ?fact gov:recipient ?end } UNION { ?fact gov:forProject ?end }
  ?fact a gov:FundingFlow . OPTIONAL { ?fact gov:fiscalYear ?year }
  OPTIONAL { ?fact gov:amount ?amount } OPTIONAL { ?fact gov:precision ?precision }
""" + _HOW + "}"  # fmt: skip


@dataclass(frozen=True)
class Practice:
    """The facts of some places. Each frame has `place`, `fact`, `how` (the assertion) and
    `verdict`: whether it held at the moment, yes or unknown, null where no moment was asked for.
    """

    adoptions: pl.DataFrame
    bodies: pl.DataFrame
    posts: pl.DataFrame
    appointments: pl.DataFrame
    flows: pl.DataFrame

    def models(self) -> list[str]:
        """The models that are adopted."""
        return sorted(set(self.adoptions["model"].to_list()))

    def slots(self) -> list[str]:
        """The slots that are filled."""
        filled = pl.concat([self.bodies.select("slot"), self.posts.select("slot")])
        return sorted(set(filled["slot"].to_list()))


def practice(engine: Engine, places: Sequence[str], at: Moment | None = None) -> Practice:
    """The facts of places and of all places below them; with a moment, without what did not hold
    then. A post has no dates of its own."""
    values, engine = listed(places), nearby(engine, tuple(sorted(set(places))))
    read = [_read(engine, query % values) for query in (_ADOPTIONS, _BODIES, _APPOINTMENTS)]
    adoptions, bodies, appointments = (held(frame, at) for frame in read)
    posts = _read(engine, _POSTS % values).with_columns(verdict=pl.lit(None, pl.String))
    flows = _of_year(_read(engine, _FLOWS % values), at)
    return Practice(adoptions, bodies, posts, appointments, flows)


@kept
def _read(engine: Engine, query: str) -> pl.DataFrame:
    found = frames.frame(engine, PROLOGUE + query, frames.terms())
    plain = map(terms.plain, found.columns)
    days = [name for name in ("s1", "s2", "e1", "e2") if name in found.columns]
    dates = [pl.col(name).str.to_date(strict=False) for name in days]
    return found.select(plain).with_columns(dates).sort("place", "fact", maintain_order=True)


def held(frame: pl.DataFrame, at: Moment | None) -> pl.DataFrame:
    """The rows that held at a moment or may have, with `verdict`: `Span.holds` over columns.

    Bounds are `s1` to `s2` for the start and `e1` to `e2` for the end; `end` is its text.
    """
    if at is None:
        return frame.with_columns(verdict=pl.lit(None, pl.String))
    both = pl.col("e1").is_not_null() & pl.col("e2").is_not_null()
    start = pl.when(both).then(pl.min_horizontal("s2", "e2")).otherwise("s2")
    end = pl.when(both).then(pl.max_horizontal("s1", "e1")).otherwise("e1")
    no = (pl.lit(at.last) < pl.col("s1")) | (pl.lit(at.first) > pl.col("e2"))
    ends = pl.col("end").is_not_null() & (pl.col("end") != "..")
    open_start = start.is_null() | (pl.lit(at.first) < start)
    open_end = ends & (end.is_null() | (pl.lit(at.last) > end))
    verdict = (
        pl.when(no.fill_null(value=False))
        .then(pl.lit("no"))
        .when(open_start | open_end)
        .then(pl.lit("unknown"))
        .otherwise(pl.lit("yes"))
    )
    return frame.with_columns(verdict=verdict).filter(pl.col("verdict") != "no")


def _of_year(flows: pl.DataFrame, at: Moment | None) -> pl.DataFrame:
    """Flows of the years of a moment; a flow without a year may be of any."""
    if at is None:
        return flows.with_columns(verdict=pl.lit(None, pl.String))
    year = pl.col("year").str.slice(0, 4).cast(pl.Int64, strict=False)
    verdict = pl.when(year.is_null()).then(pl.lit("unknown")).otherwise(pl.lit("yes"))
    kept = year.is_null() | year.is_between(at.first.year, at.last.year)
    return flows.with_columns(verdict=verdict).filter(kept)
