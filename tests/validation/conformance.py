"""W3C's SHACL test suite as data: each case with the results that it expects."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlparse

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from govgraph.engine.base import Engine, Term
from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.encode import write_quads
from govgraph.engine.columnar.engine import ColumnarEngine
from govgraph.engine.hybrid import HybridEngine
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.errors import GovgraphError
from govgraph.validation import paths, shapes
from govgraph.validation.findings import Finding
from govgraph.validation.reading_paths import read_path
from govgraph.validation.shacl import judge
from govgraph.validation.triples import Triples
from govgraph.vocabulary import SH

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
SHAPES_GRAPH = NamedNode("http://www.w3.org/ns/shacl-test#shapes")


@dataclass(frozen=True)
class Result:
    """What results are compared by. Blank nodes keep their labels: a file is read once."""

    focus: Term | None
    path: paths.Path | None
    value: Term | None
    component: str
    severity: str
    shape: Term | None


@dataclass(frozen=True)
class Case:
    """`expected` is None where validation has to fail."""

    name: str
    data: list[Quad]
    shapes: list[Quad]
    expected: Counter[Result] | None

    def quads(self) -> list[Quad]:
        """The data as default graph, the shapes as a graph by name."""
        named = (Quad(q.subject, q.predicate, q.object, SHAPES_GRAPH) for q in self.shapes)
        return [*self.data, *named]


def cases(folder: Path) -> Iterator[Case]:
    """The cases of a manifest and of those that it includes, in order."""
    yield from _manifest(folder / "manifest.ttl", {})


def _manifest(path: Path, read: dict[Path, list[Quad]]) -> Iterator[Case]:
    graph = Triples(_read(path, read))
    for manifest in graph.subjects(NamedNode(MF + "include")):
        for included in graph.objects(manifest, NamedNode(MF + "include")):
            yield from _manifest(_path(included), read)
    for manifest in graph.subjects(NamedNode(MF + "entries")):
        entries = graph.value(manifest, NamedNode(MF + "entries"))
        assert entries is not None
        for entry in graph.items(entries):
            yield _case(graph, entry, read)


def _case(graph: Triples, entry: Term, read: dict[Path, list[Quad]]) -> Case:
    action = graph.value(entry, NamedNode(MF + "action"))
    result = graph.value(entry, NamedNode(MF + "result"))
    assert action is not None
    assert result is not None
    data, shape = (graph.value(action, NamedNode(SHT + w)) for w in ("dataGraph", "shapesGraph"))
    assert data is not None
    assert shape is not None
    expected = None if result == NamedNode(SHT + "Failure") else _results(graph, result)
    name = urlparse(entry.value).path.rpartition("/tests/")[2]
    return Case(name, _read(_path(data), read), _read(_path(shape), read), expected)


def _results(graph: Triples, report: Term) -> Counter[Result]:
    def one(node: Term, word: str) -> Term | None:
        return graph.value(node, NamedNode(SH + word))

    found: Counter[Result] = Counter()
    for node in graph.objects(report, NamedNode(SH + "result")):
        path, component = one(node, "resultPath"), one(node, "sourceConstraintComponent")
        severity = one(node, "resultSeverity")
        assert component is not None
        assert severity is not None
        found[
            Result(
                one(node, "focusNode"),
                read_path(graph, path) if path is not None else None,
                one(node, "value"),
                component.value,
                severity.value,
                one(node, "sourceShape"),
            )
        ] += 1
    return found


def result(finding: Finding) -> Result:
    """A finding as the suite would state it."""
    return Result(
        finding.focus, finding.path, finding.value, shapes.component(finding.constraint),
        finding.shape.severity, finding.shape.term,
    )  # fmt: skip


def _path(node: Term) -> Path:
    return Path(unquote(urlparse(node.value).path))


def _read(path: Path, read: dict[Path, list[Quad]]) -> list[Quad]:
    """A file's triples, with blank nodes named for the file."""
    if path not in read:
        number = len(read)

        def own(term: Term) -> Term:
            return BlankNode(f"f{number}{term.value}") if isinstance(term, BlankNode) else term

        read[path] = [
            Quad(own(q.subject), q.predicate, own(q.object), DefaultGraph())
            for q in parse(path=path, format=RdfFormat.TURTLE, base_iri=path.as_uri())
        ]
    return read[path]


def columns(case: Case, folder: Path) -> Engine:
    """The columns of a case, with Oxigraph for what they do not compile."""
    store = Store()
    store.extend(case.quads())
    write_quads(case.quads(), folder / "columns", merged=False)
    analytical = ColumnarEngine(Columns(folder / "columns"))
    return HybridEngine(OxigraphEngine(store), analytical, "columns")


def main(suite: Path) -> int:
    """Run a suite on the columns, which keep every term as written; 1 if a case fails."""
    passed = failed = 0
    for case in cases(suite):
        with TemporaryDirectory() as folder:
            engine = columns(case, Path(folder))
            try:
                found: Counter[Result] | None = Counter(
                    map(result, judge(engine, Triples(case.shapes), SHAPES_GRAPH))
                )
            except GovgraphError as error:
                found = None if error.code == "shape-refused" else Counter({str(error): 1})
        good = found == case.expected
        passed, failed = passed + good, failed + (not good)
        if not good:
            print(f"FAIL {case.name}")
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return bool(failed)


if __name__ == "__main__":
    if not Path(sys.argv[1]).is_dir():
        print(f"no suite at {sys.argv[1]}\n0 passed, 0 failed, 1 skipped")
        sys.exit(0)
    sys.exit(main(Path(sys.argv[1]).resolve()))
