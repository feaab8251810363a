"""Answers as people and programs read them: entities with their labels, values as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

import polars as pl
from pyoxigraph import Literal, NamedNode

from govgraph.catalog.entry import Column, Entry
from govgraph.catalog.run import Result
from govgraph.engine.base import Engine
from govgraph.lookup.entities import Context
from govgraph.vocabulary import PREFIXES, PROLOGUE

Json = dict[str, Any]
Labels = Mapping[str, Mapping[str, str]]
#: What names an entity, the best first: flows have a purpose, documents a title.
_NAMING = ("skos:prefLabel", "dcterms:title", "gov:purpose", "rdfs:label")
#: A filter, for Oxigraph joins two VALUES before it looks anything up: it would read all labels.
_LABELS = """SELECT ?entity ?p ?label WHERE {
  VALUES ?entity { %s } ?entity ?p ?label FILTER(?p IN (%s)) }"""
_ALL = "SELECT ?entity ?p ?label WHERE {{ VALUES ?p {{ {} }} ?entity ?p ?label }}".format(
    " ".join(_NAMING)
)
_ANY = ", ".join(_NAMING)
_RANK = {
    PREFIXES[prefix] + name: rank
    for rank, (prefix, _, name) in enumerate(naming.partition(":") for naming in _NAMING)
}
#: Beyond so many entities their labels are read in one go, with everyone else's.
_MANY = 2000
_BATCH = 500


def labels(engine: Engine, iris: Iterable[str]) -> dict[str, dict[str, str]]:
    """What names each entity, by language (`und` for none)."""
    wanted = {iri for iri in iris if _is_iri(iri)}
    batches = [sorted(wanted)[n : n + _BATCH] for n in range(0, len(wanted), _BATCH)]
    queries = (
        [_ALL]
        if len(wanted) > _MANY
        else [_LABELS % (" ".join(f"<{i}>" for i in batch), _ANY) for batch in batches]
    )
    found: dict[str, dict[str, tuple[int, str]]] = {}
    for query in queries:
        for row in engine.select(PROLOGUE + query):
            if row["entity"].value in wanted and isinstance(row["label"], Literal):
                _keep(found.setdefault(row["entity"].value, {}), row)
    return {iri: {lang: text for lang, (_, text) in named.items()} for iri, named in found.items()}


def _keep(named: dict[str, tuple[int, str]], row: Mapping[str, Any]) -> None:
    label = row["label"]
    candidate = _RANK[row["p"].value], label.value
    language = label.language or "und"
    if language not in named or candidate < named[language]:
        named[language] = candidate


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def of_frame(context: Context, entry: Entry, frame: pl.DataFrame) -> Labels:
    """The labels of all entities of a frame."""
    columns = [column.name for column in entry.shown if column.type == "entity"]
    iris = {iri for name in columns for iri in frame[name].to_list()} - {None}
    return labels(context.engine, iris)


def rows(context: Context, entry: Entry, frame: pl.DataFrame) -> list[Json]:
    """The rows of a frame as JSON: an entity is `{iri, type, id, label}`, a gap is null."""
    named = of_frame(context, entry, frame)

    def entity(iri: str) -> Json:
        return context.reference(iri, named)  # type: ignore[arg-type]

    readers = [(column.name, _reader(column, entity)) for column in entry.shown]
    shown = frame.select([name for name, _ in readers])
    return [
        {
            name: None if value is None else read(value)
            for (name, read), value in zip(readers, row, strict=True)
        }
        for row in shown.iter_rows()
    ]


def _reader(column: Column, entity: Callable[[str], Json]) -> Callable[[Any], Any]:
    if column.type == "entity":
        return entity
    if column.type == "date":
        return lambda day: day.isoformat()
    return _number if column.type == "decimal" else lambda value: value


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def flat(context: Context, result: Result) -> pl.DataFrame:
    """The whole answer as a table: entities as IRI and label in zh and en, unless the entry has
    columns of its own for these, lists joined by `|`."""
    entry, frame = result.entry, result.frame
    named = of_frame(context, entry, frame)
    own = {column.name for column in entry.shown}
    columns: list[pl.Series] = []
    for column in entry.shown:
        values = frame[column.name]
        columns.append(values.list.join("|") if column.type == "list" else values)
        if column.type == "entity":
            labelled = [_labelled(values, lang, named) for lang in ("zh", "en")]
            columns += [texts for texts in labelled if texts.name not in own]
    return pl.DataFrame(columns)


def _labelled(values: pl.Series, language: str, named: Labels) -> pl.Series:
    texts = [named.get(iri, {}).get(language) if iri else None for iri in values]
    return pl.Series(f"{values.name}_{language}", texts, pl.String)


def about(entry: Entry) -> Json:
    """What the header says of an entry."""
    return {
        "name": entry.name,
        "topic": entry.topic,
        "title": {"zh": entry.title_zh, "en": entry.title_en},
        "description": {"zh": entry.description_zh, "en": entry.description_en},
        "parameters": [_declared(p) for p in entry.parameters],
        "columns": [_declared(column) for column in entry.shown],
        "chart": dict(entry.chart),
    }


def _declared(thing: Any) -> Json:
    """A parameter or column without what it does not say."""
    said = {key: value for key, value in vars(thing).items() if value not in (None, (), False)}
    heading = {"zh": said.pop("zh"), "en": said.pop("en")}
    return said | {"title": heading}


def document(context: Context, result: Result) -> Json:
    """A result as JSON: what was asked, the columns, the rows, what they rest on."""
    return {
        "query": result.entry.name,
        "parameters": dict(result.given),
        "columns": about(result.entry)["columns"],
        "rows": rows(context, result.entry, result.frame),
        "coverage": [vars(said) for said in result.coverage],
    }
