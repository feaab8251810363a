"""Appointments as rows: who held which post of which body where, between which days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
from pyoxigraph import NamedNode

from govgraph.engine.base import Engine
from govgraph.governance import frames, readings, terms
from govgraph.governance.answer import Coverage
from govgraph.governance.excerpt import is_large
from govgraph.governance.kept import kept
from govgraph.vocabulary import PROLOGUE

#: A filter of the query for each thing that appointments may be asked of.
_ONLY = {
    "person": "VALUES ?person {{ {} }} ?appointment org:member ?person .",
    "post": "VALUES ?post {{ {} }} ?appointment gov:onPost ?post .",
    "place": "{} ?of gov:place ?inside . ?post org:postIn ?of . ?appointment gov:onPost ?post .",
}
#: People of one place whose appointments are asked for by name; of more, all are read.
_NAMED = 500
#: Appointments that are all read to tell of one person or post.
FEW = 2_000
_QUERY = """SELECT ?appointment ?person ?post ?body ?place ?slot ?role ?start ?end
  ?acting ?ex_officio ?concurrent
WHERE {
  %s
  ?appointment gov:onPost ?post ; org:member ?person .
  OPTIONAL { ?post org:postIn ?body OPTIONAL { ?body gov:place ?place } }
  OPTIONAL { ?post gov:fillsPostSlot ?slot }
  OPTIONAL { ?appointment org:role ?role }
  OPTIONAL { ?appointment gov:start ?start }
  OPTIONAL { ?appointment gov:end ?end }
  OPTIONAL { ?appointment gov:acting ?acting }
  OPTIONAL { ?appointment gov:exOfficio ?ex_officio }
  OPTIONAL { ?appointment gov:heldConcurrently ?concurrent }
}"""
FLAGS = ("acting", "ex_officio", "concurrent")
_NODES = ("appointment", "person", "post", "body", "place", "slot", "role")


def read(engine: Engine, only: Mapping[str, str | Sequence[str] | None]) -> pl.DataFrame:
    """The appointments of a `person`, to a `post`, to bodies in a `place` and below it: all of
    these that are given, each one IRI or several.

    Columns: `appointment`, `person`, `post`, `body`, `place`, `slot`, `kind` (the slot, else the
    role, else the post itself), `start`, `end` (EDTF), FLAGS (null is not stated) and
    `readings.BOUNDS`. One row each; those that end before they start are left out.
    """
    return _read(engine, _filters(only))


def reading_for(engine: Engine, iri: str) -> str | None:
    """Whose appointments are read to tell of one person or post: where there are few, everyone's
    (None), which is read and put in order once; else only its own."""
    return iri if is_large(engine, "gov:onPost", FEW) else None


@kept
def _read(engine: Engine, filters: str) -> pl.DataFrame:
    found = frames.frame(engine, PROLOGUE + _QUERY % filters, frames.terms())
    plain = found.with_columns(
        *map(terms.iri, _NODES),
        *map(terms.lexical, ("start", "end")),
        *map(terms.truth, FLAGS),
    )
    kind = pl.coalesce("slot", "role", "post").alias("kind")
    return readings.bounded(_once(plain).with_columns(kind).drop("role"))


def of_people(engine: Engine, person: str | None, place: str | None) -> pl.DataFrame:
    """All appointments, wherever, of a person, or of those who hold a post in a place or below it;
    of all others too if those are many."""
    if place is None or person is not None:
        return read(engine, {"person": person})
    people = read(engine, {"place": place})["person"].unique().sort()
    if len(people) > _NAMED:
        return read(engine, {})
    return read(engine, {"person": people.to_list() or [NOBODY]})


#: An IRI that nobody has.
NOBODY = "urn:nobody"


def _once(rows: pl.DataFrame) -> pl.DataFrame:
    """One row of each appointment, also where a property has two values; the least of them."""
    if rows["appointment"].is_unique().all():
        return rows
    return rows.sort(pl.all()).unique("appointment", keep="first", maintain_order=True)


def _filters(only: Mapping[str, str | Sequence[str] | None]) -> str:
    given = {name: [iris] if isinstance(iris, str) else iris for name, iris in only.items() if iris}
    return "\n  ".join(_ONLY[name].format(_listed(name, iris)) for name, iris in given.items())


def _listed(name: str, iris: Sequence[str]) -> str:
    """Terms for VALUES; of places, the pattern that leads to those below any of them."""
    nodes = [str(NamedNode(iri)) for iri in iris]
    if name != "place":
        return " ".join(nodes)
    return " UNION ".join(f"{{ ?inside gov:parentPlace* {node} }}" for node in nodes)


def dated(rows: pl.DataFrame) -> Coverage:
    """How many of some appointments have a start."""
    known, total = rows["start"].count(), rows.height
    return Coverage(
        "appointments-dated",
        known,
        total,
        f"{total} 次任职中 {known} 次有开始时间",
        f"{known} of {total} appointments have a start",
    )
