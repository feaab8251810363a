"""What a release holds, in numbers, and what its sources leave open."""

from __future__ import annotations

from dataclasses import dataclass

from govgraph.engine.base import Engine
from govgraph.governance.kept import kept
from govgraph.vocabulary import PROLOGUE

#: What is counted: a key of the page's words and the class.
KINDS = {
    "models": "gov:GovernanceModel",
    "places": "gov:Place",
    "organizations": "org:Organization",
    "posts": "org:Post",
    "people": "foaf:Person",
    "appointments": "gov:Appointment",
    "projects": "schema:Project",
    "flows": "gov:FundingFlow",
    "observations": "gov:Observation",
    "documents": "gov:Document",
}
_COUNT = "SELECT ?class (COUNT(DISTINCT ?thing) AS ?n) WHERE { VALUES ?class { %s } ?thing a ?class } GROUP BY ?class"
_AMOUNTS = """SELECT (COUNT(DISTINCT ?flow) AS ?all) (COUNT(DISTINCT ?known) AS ?some) WHERE {
  ?flow a gov:FundingFlow OPTIONAL { ?flow gov:amount ?amount BIND(?flow AS ?known) } }"""
_DATED = """SELECT (COUNT(DISTINCT ?a) AS ?all) (COUNT(DISTINCT ?known) AS ?some) WHERE {
  ?a a gov:Appointment OPTIONAL { ?a gov:start ?start BIND(?a AS ?known) } }"""
_GAPS = """SELECT ?note ?zh ?en (SAMPLE(?about) AS ?thing) WHERE {
  ?note a gov:DataNote ; gov:missingProperty ?missing
  OPTIONAL { ?note gov:about ?about }
  OPTIONAL { ?note skos:note ?zh FILTER(LANG(?zh) = "zh") }
  OPTIONAL { ?note skos:note ?en FILTER(LANG(?en) = "en") } } GROUP BY ?note ?zh ?en ORDER BY ?note LIMIT %d"""


@dataclass(frozen=True)
class Share:
    """How many of all are known."""

    known: int
    all: int


@dataclass(frozen=True)
class Gap:
    """What a source does not state: the note that says so, its text, the entity concerned."""

    note: str
    text: dict[str, str]
    about: str | None


@kept
def counts(engine: Engine) -> dict[str, int]:
    """How many things of each kind there are, by the kind's key."""
    values = " ".join(KINDS.values())
    rows = engine.select(PROLOGUE + _COUNT % values)
    found = {row["class"].value: int(row["n"].value) for row in rows}
    return {key: _number(found, name) for key, name in KINDS.items()}


def _number(found: dict[str, int], name: str) -> int:
    local = name.partition(":")[2]
    return next((n for iri, n in found.items() if iri.endswith(("#" + local, "/" + local))), 0)


@kept
def shares(engine: Engine) -> dict[str, Share]:
    """How many flows have an amount, and how many appointments a start."""
    return {"flows": _share(engine, _AMOUNTS), "appointments": _share(engine, _DATED)}


def _share(engine: Engine, query: str) -> Share:
    (row,) = engine.select(PROLOGUE + query)
    return Share(int(row["some"].value), int(row["all"].value))


@kept
def gaps(engine: Engine, limit: int = 6) -> list[Gap]:
    """The first things that sources do not state."""
    return [
        Gap(
            row["note"].value,
            {lang: row[lang].value for lang in ("zh", "en") if lang in row},
            row["thing"].value if "thing" in row else None,
        )
        for row in engine.select(PROLOGUE + _GAPS % limit)
    ]
