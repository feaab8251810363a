"""Who holds posts in which bodies, with the days that a holding surely and possibly covers."""

from __future__ import annotations

from datetime import date

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.kept import kept
from govgraph.governance.money import cells

#: Before and after everything.
NEVER, ALWAYS = date(1, 1, 1), date(9999, 12, 31)
_QUERY = """SELECT ?appointment ?person ?post ?body ?start ?end ?s1 ?s2 ?e1 ?e2 WHERE {
  ?appointment gov:onPost ?post ; org:member ?person . ?post org:postIn ?body .
  OPTIONAL { ?appointment gov:start ?start } OPTIONAL { ?appointment gov:end ?end }
  OPTIONAL { ?appointment gov:startEarliest ?s1 } OPTIONAL { ?appointment gov:startLatest ?s2 }
  OPTIONAL { ?appointment gov:endEarliest ?e1 } OPTIONAL { ?appointment gov:endLatest ?e2 }
}"""


@kept
def holdings(engine: Engine) -> pl.DataFrame:
    """`appointment`, `person`, `post`, `body`, `start`, `end` (EDTF) and four days: every day from
    `sure_from` to `sure_to` is surely held (none if they are the wrong way round), every day from
    `maybe_from` to `maybe_to` possibly. Semantics of `governance.time.Span.holds`."""
    found = cells.read(engine, _QUERY).with_columns(
        *map(cells.iri, ("appointment", "person", "post", "body")),
        *map(cells.text, ("start", "end")),
        *map(cells.day, ("s1", "s2", "e1", "e2")),
    )
    return found.with_columns(covered()).drop("s1", "s2", "e1", "e2").unique()


def covered() -> list[pl.Expr]:
    """The four days, from `end` and the bounds `s1`, `s2` of the start and `e1`, `e2` of the end.

    Without a start nothing is sure before the last possible end; a start without an end runs on.
    """
    s1, s2, e1, e2 = map(pl.col, ("s1", "s2", "e1", "e2"))
    ended = e1.is_not_null() & e2.is_not_null()
    open_end = pl.col("end").is_null() | (pl.col("end") == "..")
    begun = pl.when(ended).then(pl.min_horizontal(s2, e2)).otherwise(s2)
    until = pl.when(ended).then(pl.max_horizontal(e1, s1)).otherwise(e1)
    return [
        begun.fill_null(ALWAYS).alias("sure_from"),
        pl.when(open_end).then(pl.lit(ALWAYS)).otherwise(until.fill_null(NEVER)).alias("sure_to"),
        s1.fill_null(NEVER).alias("maybe_from"),
        e2.fill_null(ALWAYS).alias("maybe_to"),
    ]


def bodies_within(engine: Engine, roots: pl.Series, *, parts: bool) -> pl.DataFrame:
    """`root`, `body`, `distance`: bodies with those that are part of them (org:subOrganizationOf),
    0 for itself; without `parts`, only themselves."""
    found = added = (
        pl.DataFrame({"root": roots, "body": roots})
        .unique()
        .with_columns(distance=pl.lit(0, pl.Int64))
    )
    if not parts:
        return found
    query = "SELECT ?part ?body WHERE { ?part org:subOrganizationOf ?body }"
    links = cells.read(engine, query).select(cells.iri("part"), cells.iri("body")).drop_nulls()
    while added.height:
        below = added.join(links, on="body").select(
            "root", body="part", distance=pl.col("distance") + 1
        )
        added = below.unique(["root", "body"]).join(found, on=["root", "body"], how="anti")
        found = pl.concat([found, added])
    return found
