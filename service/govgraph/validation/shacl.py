"""Validation of a whole graph by SHACL shapes, each result with the coordinates of its cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from pyoxigraph import BlankNode, NamedNode

from govgraph.engine.base import Engine, Term
from govgraph.validation import paths, shapes
from govgraph.validation.coordinates import Coordinates, Fact
from govgraph.validation.evaluate import Evaluator
from govgraph.validation.findings import Finding
from govgraph.validation.messages import messages
from govgraph.validation.natives import Natives, no_natives
from govgraph.validation.reading import read_shapes
from govgraph.validation.reads import Reader
from govgraph.validation.results import SEVERITIES, ValidationResult, code_of
from govgraph.validation.shapes import Shape
from govgraph.validation.triples import Triples
from govgraph.vocabulary import RDFS

#: What the evaluator itself has read before any shape: which classes are below which.
HIERARCHY = frozenset([f"<{RDFS}subClassOf>"])


@dataclass(frozen=True)
class Judgement:
    """What came of one shape of the shapes graph, and what that rests on (reads.py). `kept` says
    that it was taken over from an earlier release."""

    shape: str
    reads: frozenset[str]
    results: tuple[ValidationResult, ...]
    kept: bool = False


def validate(
    engine: Engine,
    shape_files: Iterable[Path],
    places: Coordinates,
    natives: Natives = no_natives,
) -> list[ValidationResult]:
    """Judge the merge of all graphs of an engine, inferences and ontology included.

    `natives` answer the constraints whose very queries they know; SPARQL answers all others.
    Results come in a stable order. GovgraphError(shape-refused) if a shape cannot be evaluated.
    """
    return in_order(judgements(engine, shape_files, places, natives=natives))


def in_order(judged: Iterable[Judgement]) -> list[ValidationResult]:
    """The results of all shapes, each once, in a stable order."""
    return sorted(
        {result: None for judgement in judged for result in judgement.results},
        key=lambda r: (
            r.table or "", r.row or 0, r.focus, r.path or "", r.code, r.value or "", r.message_en,
        ),
    )  # fmt: skip


def judgements(
    engine: Engine,
    shape_files: Iterable[Path],
    places: Coordinates,
    earlier: Mapping[str, Judgement] = MappingProxyType({}),
    *,
    natives: Natives = no_natives,
) -> list[Judgement]:
    """Judge each shape, but for those of which an `earlier` judgement is known to hold still.

    GovgraphError(shape-refused), natives: as for `validate`.
    """
    reader = Reader(engine)
    evaluator: Evaluator | None = None
    found: list[tuple[Shape, list[Finding], frozenset[str]]] = []
    kept: list[Judgement] = []
    for shape in _read(tuple((path, path.read_bytes()) for path in sorted(shape_files))):
        if shape.name in earlier:
            kept.append(replace(earlier[shape.name], kept=True))
            continue
        evaluator = evaluator or Evaluator(reader, natives=natives)
        reader.begin()
        findings = list(evaluator.findings(shape))
        found.append((shape, findings, reader.reads | HIERARCHY))
    places.look_up(fact for _, findings, _ in found for f in findings for fact in _facts(f))
    fresh = [
        Judgement(
            shape.name, reads, tuple({_result(finding, places): None for finding in findings})
        )
        for shape, findings, reads in found
    ]
    return [*fresh, *kept]


@lru_cache(1)
def _read(files: tuple[tuple[Path, bytes], ...]) -> list[Shape]:
    """The shapes of files with what is in them: a service that is written to judges by the same
    ones again and again."""
    return read_shapes(Triples.read(path for path, _ in files))


def judge(
    engine: Engine,
    graph: Triples,
    shapes_graph: NamedNode | None = None,
    natives: Natives = no_natives,
) -> Iterator[Finding]:
    """The findings of a shapes graph. GovgraphError(shape-refused) before anything is evaluated."""
    roots = read_shapes(graph)
    evaluator = Evaluator(engine, shapes_graph, natives)
    for shape in roots:
        yield from evaluator.findings(shape)


def _fact(finding: Finding) -> Fact:
    """What a finding is about: a value by a property, or the node alone."""
    path = finding.path.iri if isinstance(finding.path, paths.Predicate) else None
    return Fact(finding.focus, path, finding.value)


def _facts(finding: Finding) -> Iterator[Fact]:
    """The facts that may give its place."""
    yield _fact(finding)
    if finding.path is None and finding.value is not None:
        yield Fact(finding.value)


def _result(finding: Finding, places: Coordinates) -> ValidationResult:
    place = places.find(_fact(finding))
    if finding.path is None and finding.value is not None:
        # a finding about what the value names, such as an appointment
        named = places.find(Fact(finding.value))
        place = named if named.row else place
    words = {language: places.short(text) for language, text in messages(finding).items()}
    component = shapes.component(finding.constraint)
    severity = finding.shape.severity.rpartition("#")[2]
    return ValidationResult(
        code_of(component), SEVERITIES.get(severity, "error"), place.dataset, place.table, place.row,
        place.line, place.column, _text(finding.value), words.get("zh", ""), words.get("en", ""),
        _label(finding.focus), _path(finding.path), component, finding.shape.name,
    )  # fmt: skip


def _path(path: paths.Path | None) -> str | None:
    """A property by its IRI, any other path in SPARQL."""
    if path is None or isinstance(path, paths.Predicate):
        return path.iri.value if path else None
    return paths.sparql(path)


def _label(term: Term) -> str:
    return term.value if isinstance(term, NamedNode | BlankNode) else str(term)


def _text(term: Term | None) -> str | None:
    return None if term is None else term.value
