"""How much is known of what the shapes expect: for each kind of thing and each of its properties.

The shapes say what a thing of a class may, should and must have. What a thing lacks is a gap; where
a note of the data says that the source does not state something of it, the gap is a noted one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

import polars as pl
from pyoxigraph import NamedNode

from govgraph import resources
from govgraph.engine.base import Engine, Row
from govgraph.governance.answer import Answer, Coverage
from govgraph.validation.paths import Predicate
from govgraph.validation.reading import read_shapes
from govgraph.validation.shapes import ClassTarget, Count, Property, Shape
from govgraph.validation.triples import Triples
from govgraph.vocabulary import PROLOGUE, SH

#: How strongly a property is expected, the strongest first.
LEVELS = ("must", "should", "may")
#: How a thing of any kind comes to be at a place.
_WHERE = """gov:place|gov:adopter|gov:inCommunity|(org:postIn/gov:place)|(gov:onPost/org:postIn/gov:place)
  |(gov:funder/gov:place)|(gov:recipient/gov:place)|(gov:targetOf/gov:place)|(gov:inProject/gov:place)
  |(gov:about/gov:place)|(gov:awardedTo/gov:place)"""
#: What is missing by the word of a note, and the properties that would have stated it.
_MISSING = {
    "amount": "amount lower upper",
    "date": "start end date founded dissolved created abolished asOf fiscalYear year",
}
_SPEAKS_OF = " ".join(f'("{w}" gov:{p})' for w, ps in _MISSING.items() for p in ps.split())
_AT = f"{{{{ ?x gov:parentPlace* %(place)s }} UNION {{ ?x {_WHERE} ?site . ?site gov:parentPlace* %(place)s }}}}"
_THINGS = """SELECT ?class (COUNT(DISTINCT ?x) AS ?n) WHERE {
  VALUES ?class { %s } ?x a ?class . %s } GROUP BY ?class"""
_KNOWN = """SELECT ?class ?p (COUNT(DISTINCT ?x) AS ?n) WHERE {
  VALUES (?class ?p) { %s } ?x a ?class ; ?p ?value . %s } GROUP BY ?class ?p"""
_NOTED = f"""SELECT ?class ?p (COUNT(DISTINCT ?x) AS ?n)
  (GROUP_CONCAT(DISTINCT STR(?note)) AS ?notes) WHERE {{
  ?note gov:missingProperty ?missing ; gov:about ?x .
  VALUES (?missing ?p) {{ {_SPEAKS_OF} }} VALUES ?class {{ %s }} ?x a ?class . %s
  FILTER NOT EXISTS {{ ?x ?p ?value }} }} GROUP BY ?class ?p"""
_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(("class", "property", "level"), pl.String),
    **dict.fromkeys(("things", "known", "noted"), pl.Int64),
    "source": pl.List(pl.String),
}
Expected = Mapping[tuple[str, str], str]


def coverage(
    engine: Engine, *, kind: str | None = None, place: str | None = None, level: str | None = None
) -> Answer:
    """For each class that has things and each property that its shape expects: things, how many
    have the property, how many lack it, and of how many of these a data note says so.

    `kind` is the IRI of one class, `place` takes only what is at a place or below it, `level` is
    must, should or may. Columns: class, property, level, things, known, gaps, noted, share (0 to 1),
    source (the notes).
    """
    wanted = {
        (class_, property_): found
        for (class_, property_), found in expectations().items()
        if kind in (None, class_) and level in (None, found)
    }
    frame = _frame(engine, wanted, place)
    known, total = int(frame["known"].sum()), int(frame["things"].sum())
    zh, en = (
        f"形状所期望的 {total} 处中有 {known} 处有记载",
        f"{known} of {total} values that the shapes expect are recorded",
    )
    return Answer(frame, [Coverage("expected-values", known, total, zh, en)])


@cache
def expectations() -> Expected:
    """What the shipped shapes expect: (class, property) -> must, should or may, in their order."""
    shapes = read_shapes(Triples.read(sorted(resources.folder("shapes").glob("*.ttl"))))
    found: dict[tuple[str, str], str] = {}
    for class_, property_, level in (each for shape in shapes for each in _of_shape(shape)):
        key = class_, property_
        found[key] = min(found.get(key, level), level, key=LEVELS.index)
    return found


def _of_shape(shape: Shape) -> Iterator[tuple[str, str, str]]:
    classes = [target.iri.value for target in shape.targets if isinstance(target, ClassTarget)]
    for constraint in shape.constraints:
        if isinstance(constraint, Property) and isinstance(constraint.shape.path, Predicate):
            for class_ in classes:
                yield class_, constraint.shape.path.iri.value, _level(constraint.shape)


def _level(shape: Shape) -> str:
    needed = any(
        isinstance(c, Count) and c.name == "MinCount" and c.limit > 0 for c in shape.constraints
    )
    if not needed:
        return "may"
    return "must" if shape.severity == f"{SH}Violation" else "should"


def _frame(engine: Engine, wanted: Expected, place: str | None) -> pl.DataFrame:
    at = _AT % {"place": NamedNode(place)} if place else ""
    classes = " ".join(f"<{class_}>" for class_ in dict.fromkeys(c for c, _ in wanted))
    pairs = " ".join(f"(<{class_}> <{property_}>)" for class_, property_ in wanted)
    things = {row["class"].value: _n(row) for row in _asked(engine, _THINGS, classes, at)}
    known = {_pair(row): _n(row) for row in _asked(engine, _KNOWN, pairs, at)}
    noted = {_pair(row): row for row in _asked(engine, _NOTED, classes, at)}
    rows = [
        {
            "class": class_,
            "property": p,
            "level": level,
            "things": things[class_],
            "known": known.get((class_, p), 0),
            "noted": _n(noted[class_, p]) if (class_, p) in noted else 0,
            "source": sorted(noted[class_, p]["notes"].value.split())
            if (class_, p) in noted
            else [],
        }
        for (class_, p), level in wanted.items()
        if things.get(class_)
    ]
    gaps, share = pl.col("things") - pl.col("known"), pl.col("known") / pl.col("things")
    made = pl.DataFrame(rows, schema=_SCHEMA)
    return made.with_columns(gaps=gaps, share=share).sort("class", "property")


def _pair(row: Row) -> tuple[str, str]:
    return row["class"].value, row["p"].value


def _n(row: Row) -> int:
    return int(row["n"].value)


def _asked(engine: Engine, query: str, values: str, at: str) -> list[Row]:
    return engine.select(PROLOGUE + query % (values, at)) if values else []
