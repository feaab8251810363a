"""What there is in a release, in numbers: its size, its classes and properties, its graphs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

from govgraph.engine.base import Engine, Row
from govgraph.release import Release

#: The file of a release that keeps them.
STATISTICS = "statistics.json"
_EXAMPLES = 5
_SIZE = """SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)
WHERE { ?s ?p ?o }"""
_PROPERTIES = """SELECT ?term (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects)
  (COUNT(DISTINCT ?o) AS ?objects)
WHERE { ?s ?term ?o } GROUP BY ?term"""
_CLASSES = "SELECT ?term (COUNT(DISTINCT ?s) AS ?entities) WHERE { ?s a ?term } GROUP BY ?term"
_GRAPHS = "SELECT ?term (COUNT(*) AS ?triples) WHERE { GRAPH ?term { ?s ?p ?o } } GROUP BY ?term"
_ENTITIES = """SELECT (COUNT(DISTINCT ?s) AS ?entities)
WHERE { ?s ?p ?o FILTER(ISIRI(?s) && STRSTARTS(STR(?s), "%s")) }"""
_ONE = 'SELECT ?s WHERE { ?s a <%s> FILTER(STRSTARTS(STR(?s), "%s")) } ORDER BY ?s LIMIT 1'
Counts = Mapping[str, int]


@dataclass(frozen=True)
class Statistics:
    """Counts over the merge of all graphs. Classes, properties and graphs are named by their IRIs;
    `entities` are subjects below the release's base."""

    size: Counts
    classes: Mapping[str, Counts]
    properties: Mapping[str, Counts]
    graphs: Mapping[str, Counts]
    examples: list[str]
    described: Mapping[str, str]
    """What the metadata of each dataset says of it, as N-Triples."""


def statistics(engine: Engine, base: str, described: Mapping[str, str]) -> Statistics:
    """The statistics of what an engine holds, by one query for each kind."""
    (size,) = engine.select(_SIZE)
    (entities,) = engine.select(_ENTITIES % base)
    classes = _by_term(engine.select(_CLASSES))
    return Statistics(
        _numbers(size) | _numbers(entities),
        classes,
        _by_term(engine.select(_PROPERTIES)),
        _by_term(engine.select(_GRAPHS)),
        _examples(engine, base, classes),
        described,
    )


def _examples(engine: Engine, base: str, classes: Mapping[str, Counts]) -> list[str]:
    """An entity of each of the largest classes that have any below the base."""
    found: list[str] = []
    for iri in sorted(classes, key=lambda iri: (-classes[iri]["entities"], iri)):
        for row in engine.select(_ONE % (iri, base)):
            found.append(row["s"].value)
        if len(set(found)) == _EXAMPLES:
            break
    return sorted(set(found))


def _by_term(rows: list[Row]) -> dict[str, Counts]:
    found = {row["term"].value: _numbers(row) for row in rows}
    return {iri: found[iri] for iri in sorted(found)}


def _numbers(row: Row) -> dict[str, int]:
    return {name: int(term.value) for name, term in row.items() if name != "term"}


def write_statistics(found: Statistics, folder: Path) -> None:
    """Keep the statistics of a release with it."""
    content = json.dumps(asdict(found), ensure_ascii=False)
    (folder / STATISTICS).write_text(content + "\n", "utf-8")


def statistics_of(release: Release, engine: Engine) -> Statistics:
    """The statistics that a release keeps; counted now for one that was built before they were."""
    path = release.path / STATISTICS
    if path.is_file():
        return Statistics(**json.loads(path.read_text("utf-8")))
    return statistics(engine, release.manifest["base"], {})


def dataset_iri(base: str, name: str) -> str:
    """The IRI of a dataset folder, of which a release may have several."""
    return f"{base}dataset/{quote(name, safe='')}"
