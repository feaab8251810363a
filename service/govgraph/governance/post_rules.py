"""Breaches of post rules at the scale of a nation: the solutions of the shipped constraints.

`shapes/post-rules.ttl` defines them in SPARQL, which takes minutes for ten thousand communities.
Here they are found as intervals (intervals.py), and where dates are not plain by the constraint's
own query on the part of the graph concerned (days.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, cached_property, partial

import polars as pl
from pyoxigraph import RdfFormat, Store, parse

from govgraph import resources
from govgraph.engine.base import Engine, Row
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.governance import days, frames, intervals, stars
from govgraph.validation.natives import Native, digest
from govgraph.validation.reading import read_shapes
from govgraph.validation.shapes import Sparql
from govgraph.validation.triples import Triples

#: What is answered here: the digests of the shipped constraints, and their kinds of breach.
KINDS = {
    "348715272dbcb3dda0bf22f4bb8a44a47065429c3a91275586b8c32339fb06ee": "fromStart",
    "5fd4363967be0a13ea2cdb217bebc779bfc7ccdf050727d6b10af39ab5907c72": "afterEnd",
    "26a8f7544c7ecc3b5aac5f5be0028a84aca31e7b1d0debe457af8b486f322b00": "mustNot",
}


def natives(engine: Engine) -> Mapping[str, Native]:
    """The shipped constraints' solutions on an engine's graph, by the digest of their queries."""
    judged = Judged(engine)
    return {key: partial(judged.solutions, kind) for key, kind in KINDS.items()}


def breaches(engine: Engine) -> pl.DataFrame:
    """All breaches of an engine's graph, each once: texts of terms in the columns `kind`
    (fromStart, afterEnd, mustNot), `this` (adopter), `value` (appointment), `rule`, `person`,
    `other` (the second appointment, mustNot only) and `day`.

    LookupError if the installation's shapes are not those that are answered here.
    """
    queries, judged = shipped(), Judged(engine)
    return pl.concat(judged.breaches(kind, queries[key]) for key, kind in KINDS.items())


class Judged:
    """One graph's breaches. Its facts are read once, when they are first asked for, and then kept
    only as far as their dates are not plain."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def solutions(self, kind: str, query: Sparql) -> Iterator[Row]:
        """The solutions of a shipped constraint."""
        found = self.breaches(kind, query).drop("kind")
        return frames.rows(found if kind == "mustNot" else found.drop("other"))

    def breaches(self, kind: str, query: Sparql) -> pl.DataFrame:
        """The breaches of one kind in a fixed order; `query` is the constraint that defines it."""
        plain, parts = self._found
        asked = [_asked(kind, query, part) for part in parts]
        return pl.concat([plain.filter(kind=kind), *asked]).unique().sort(intervals.COLUMNS)

    @cached_property
    def _found(self) -> tuple[pl.DataFrame, list[Engine]]:
        plain, parts = days.parted(stars.read(self.engine))
        return intervals.breaches(plain), [_graph(part) for part in parts]


def _graph(facts: stars.Facts) -> Engine:
    store = Store()
    store.extend(parse(stars.turtle(facts), RdfFormat.TURTLE))
    return OxigraphEngine(store)


def _asked(kind: str, query: Sparql, part: Engine) -> pl.DataFrame:
    """A constraint's solutions as breaches."""
    texts = (
        {"kind": kind} | {name: str(term) for name, term in row.items()}
        for row in part.select(query.prologue + query.text)
    )
    return pl.DataFrame(list(texts), schema=dict.fromkeys(intervals.COLUMNS, pl.String))


@cache
def shipped() -> Mapping[str, Sparql]:
    """The SPARQL constraints of the installation's shapes by digest."""
    shapes = read_shapes(Triples.read(sorted(resources.folder("shapes").glob("*.ttl"))))
    found = (c for shape in shapes for c in shape.constraints if isinstance(c, Sparql))
    return {digest(constraint): constraint for constraint in found}
