"""What the entities of two releases are: their types, whether both know them, their names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl
from pyoxigraph import NamedNode

from govgraph.engine.base import Engine
from govgraph.governance import frames, terms
from govgraph.governance.labels import labels
from govgraph.vocabulary import PROLOGUE

_BATCH = 200
_TYPES = """SELECT ?subject ?type ?broader WHERE { VALUES ?subject { %s } ?subject a ?type
  OPTIONAL { ?subject a ?narrower . ?narrower rdfs:subClassOf ?type
    FILTER (?narrower != ?type) BIND (true AS ?broader) } }"""
#: Entities that have no label of their own are named by two others.
_TWO = """SELECT ?subject ?one ?other ?way ?start ?end WHERE { VALUES ?subject { %s }
  { ?subject org:member ?one ; gov:onPost ?other BIND ("term" AS ?way) }
  UNION { ?subject gov:adopter ?one ; gov:adoptedModel ?other BIND ("adoption" AS ?way) }
  OPTIONAL { ?subject gov:start ?start } OPTIONAL { ?subject gov:end ?end } }"""
_WAYS = {
    "term": ("{}任{}（{}至{}）", "{} as {} ({} to {})"),
    "adoption": ("{}采用{}（{}至{}）", "{} adopting {} ({} to {})"),
}
_COLUMNS = ("subject", "one", "other", "way", "start", "end")
_UNDATED = ("未说明", "not stated")


@dataclass(frozen=True)
class Entities:
    """`types`: subject, `types` (all of them), `type` (the narrowest), `old` and `new`, whether
    the release has the entity. `engines` are asked for names, the first that knows one."""

    engines: tuple[Engine, Engine]
    types: pl.DataFrame

    @classmethod
    def read(cls, before: Engine, after: Engine, subjects: Iterable[str]) -> Entities:
        wanted = sorted(subjects)
        found = [
            _asked(engine, _TYPES, wanted, ("subject", "type", "broader")).with_columns(
                side=pl.lit(side)
            )
            for engine, side in ((before, "old"), (after, "new"))
        ]
        narrowest = pl.col("type").filter(pl.col("broader").is_null())
        types = (
            pl.concat(found)
            .group_by("subject")
            .agg(
                types=pl.col("type").unique().sort(),
                type=narrowest.sort().first(),
                old=(pl.col("side") == "old").any(),
                new=(pl.col("side") == "new").any(),
            )
        )
        return cls((after, before), types)

    def names(self, iris: Iterable[str | None]) -> pl.DataFrame:
        """`iri`, `zh`, `en`: labels, or for terms of office and adoptions who and what they join;
        what neither release names keeps the last part of its IRI."""
        wanted = sorted({iri for iri in iris if iri})
        newer, older = (self._names(engine, wanted) for engine in self.engines)
        known = newer.filter("named")
        return pl.concat([known, older.join(known, on="iri", how="anti")]).drop("named")

    def _names(self, engine: Engine, wanted: list[str]) -> pl.DataFrame:
        joined = _asked(engine, _TWO, wanted, _COLUMNS)
        plain = labels(engine, {*wanted, *joined["one"], *joined["other"]})
        composed = [_composed(joined, plain, way) for way in _WAYS]
        found = pl.concat([*composed, plain]).unique("iri", keep="first", maintain_order=True)
        return found.filter(pl.col("iri").is_in(wanted))


def _composed(joined: pl.DataFrame, plain: pl.DataFrame, way: str) -> pl.DataFrame:
    both = joined.filter(way=way).join(plain, left_on="one", right_on="iri").join(
        plain, left_on="other", right_on="iri", suffix="_other"
    )  # fmt: skip
    (zh, en), dates = _WAYS[way], pl.col("start", "end")
    spoken = [
        both.with_columns(dates.fill_null(undated)).select(
            iri="subject", text=pl.format(text, name, f"{name}_other", "start", "end")
        )
        for text, name, undated in zip((zh, en), ("zh", "en"), _UNDATED, strict=True)
    ]
    return pl.DataFrame(
        {"iri": spoken[0]["iri"], "zh": spoken[0]["text"], "en": spoken[1]["text"]}
    ).with_columns(named=pl.lit(True))


def _asked(engine: Engine, query: str, iris: list[str], columns: tuple[str, ...]) -> pl.DataFrame:
    """The rows of a query for some entities, as plain texts."""
    found = [pl.DataFrame(schema=dict.fromkeys(columns, pl.String))]
    for start in range(0, len(iris), _BATCH):
        values = " ".join(str(NamedNode(iri)) for iri in iris[start : start + _BATCH])
        rows = frames.frame(engine, PROLOGUE + query % values, frames.terms())
        found.append(rows.select(terms.plain(name) for name in columns))
    return pl.concat(found)
