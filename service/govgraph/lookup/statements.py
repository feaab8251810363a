"""All that a release says of an entity, fact by fact: from when to when, how it is known, and the
rows, cells and sentences that it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from govgraph.engine.base import Row, Term
from govgraph.errors import GovgraphError
from govgraph.inference.why import why_all
from govgraph.lookup.entities import Context
from govgraph.lookup.facts import FactDocument
from govgraph.vocabulary import GOV, PREFIXES, PROLOGUE

Json = dict[str, Any]
Names = Mapping[str, Mapping[str, str]]
_FACTS = """SELECT DISTINCT ?entity ?p ?o WHERE { ?entity ?p ?o }
ORDER BY ?p ?o LIMIT %d OFFSET %d"""
_COUNT = """SELECT ?entity (COUNT(*) AS ?n) WHERE {
  SELECT DISTINCT ?entity ?p ?o WHERE { ?entity ?p ?o } } GROUP BY ?entity"""
_DATES = """SELECT ?thing ?start ?end WHERE { VALUES ?thing { %s }
  OPTIONAL { ?thing gov:start ?start } OPTIONAL { ?thing gov:end ?end } }"""
_HOW = "SELECT ?entity ?how WHERE { ?entity gov:assertion ?how } ORDER BY ?how"
_STRING = PREFIXES["xsd"] + "string"
#: The columns of the facts as a table.
COLUMNS = (
    "property", "property_zh", "property_en", "value", "value_zh", "value_en", "lang", "datatype",
    "from", "to", "certainty", "rows", "cells", "sentences",
)  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """A property and a value. `start` and `end` are those of the record that joins the two: the
    value if it has no name of its own, such as an appointment, else the entity. `certainty` says
    how it is known: as its row says, or `inferred` if no table states it."""

    property: str
    value: Term
    start: str | None
    end: str | None
    certainty: tuple[str, ...]
    cells: tuple[Json, ...]


@dataclass(frozen=True)
class Statements:
    """Facts of an entity from `offset` on, of `total`, with the labels of all that they name."""

    iri: str
    facts: tuple[Fact, ...]
    total: int
    offset: int
    names: Names


def statements(context: Context, iri: str, limit: int, offset: int = 0) -> Statements:
    """What the release says of an entity. GovgraphError(not-found)."""
    total = _total(context, iri)
    rows = context.select(_FACTS % (limit, offset), entity=iri)
    triples = [Triple(NamedNode(iri), NamedNode(row["p"].value), row["o"]) for row in rows]
    known = why_all(context.engine, triples, explained=0)
    document = FactDocument(context, list(known.values())).as_dict()
    told, names = dict(zip(known, document["facts"], strict=True)), document["labels"]
    ends = [row["o"].value for row in rows if isinstance(row["o"], NamedNode)]
    dates = _dates(context, [iri, *(end for end in ends if end not in names)])
    how = tuple(row["how"].value.removeprefix(GOV) for row in context.select(_HOW, entity=iri))
    facts = tuple(_fact(triple, told.get(triple), dates, iri, how) for triple in triples)
    return Statements(iri, facts, total, offset, names)


def _total(context: Context, iri: str) -> int:
    rows = context.select(_COUNT, entity=iri)
    if not rows or rows[0]["n"].value == "0":
        kind, key = context.split(iri)
        raise GovgraphError("not-found", kind="entity", kind_zh="实体", id=f"{kind}/{key}")
    return int(rows[0]["n"].value)


def _dates(context: Context, things: Iterable[str]) -> dict[str, tuple[str | None, str | None]]:
    """Start and end of the things that have any."""
    ours = [thing for thing in things if thing.startswith(context.base)]
    values = " ".join(str(NamedNode(thing)) for thing in ours)
    rows = context.engine.select(PROLOGUE + _DATES % values) if ours else []
    found = {row["thing"].value: (_text(row, "start"), _text(row, "end")) for row in rows}
    return {thing: both for thing, both in found.items() if any(both)}


def _text(row: Row, name: str) -> str | None:
    return row[name].value if name in row else None


def _fact(
    triple: Triple,
    told: Json | None,
    dates: Mapping[str, tuple[str | None, str | None]],
    iri: str,
    how: tuple[str, ...],
) -> Fact:
    value: Any = triple.object
    own = dates.get(value.value) if isinstance(value, NamedNode) else None
    start, end = own or dates.get(iri, (None, None))
    stated = told is None or told["asserted"]
    cells = tuple(told["cells"]) if told else ()
    return Fact(triple.predicate.value, value, start, end, how if stated else ("inferred",), cells)


# -- as documents --------------------------------------------------------------------------------


def as_json(context: Context, found: Statements) -> Json:
    """The facts as an object: entities with type, key and labels, values with their language."""
    return context.reference(found.iri, _plain(found.names)) | {
        "total": found.total,
        "offset": found.offset,
        "facts": [_object(context, fact, found.names) for fact in found.facts],
    }


def _object(context: Context, fact: Fact, names: Names) -> Json:
    return {
        "property": {"iri": fact.property, "label": names.get(fact.property, {})},
        "value": _value(context, fact.value, names),
        "from": fact.start,
        "to": fact.end,
        "certainty": list(fact.certainty),
        "evidence": list(fact.cells),
    }


def _value(context: Context, term: Term, names: Names) -> Json:
    if isinstance(term, Literal):
        language, datatype = _tags(term)
        return {"value": term.value, "lang": language, "datatype": datatype}
    return context.reference(term.value, _plain(names))


def _plain(names: Names) -> dict[str, dict[str, str]]:
    return {iri: dict(labels) for iri, labels in names.items()}


def _tags(term: Literal) -> tuple[str | None, str | None]:
    """Language and datatype; a plain text has neither."""
    plain = term.language or term.datatype.value == _STRING
    return term.language, None if plain else term.datatype.value


def as_table(found: Statements) -> Iterator[tuple[str | None, ...]]:
    """The facts as rows of text, the headings first; several of a kind are parted by `|`."""
    yield COLUMNS
    for fact in found.facts:
        tags = _tags(fact.value) if isinstance(fact.value, Literal) else (None, None)
        value = "" if isinstance(fact.value, Literal) else fact.value.value
        sentences = [s["iri"] for cell in fact.cells for s in cell["sentences"]]
        yield (
            fact.property, *_both(found.names, fact.property), fact.value.value,
            *_both(found.names, value), *tags, fact.start, fact.end, "|".join(fact.certainty),
            "|".join(dict.fromkeys(cell["iri"] for cell in fact.cells)),
            "|".join(f"{cell['iri']},{cell['column']}" for cell in fact.cells if cell["column"]),
            "|".join(dict.fromkeys(sentences)),
        )  # fmt: skip


def _both(names: Names, iri: str) -> tuple[str | None, str | None]:
    known = names.get(iri, {})
    return known.get("zh") or known.get("und"), known.get("en")
