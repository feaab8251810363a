"""From dataset folders to a published release: the one way a fact takes.

read and convert -> check keys -> load -> infer -> validate -> index -> publish. Each step hands
its result on; only the last one changes what is served.
"""

from __future__ import annotations

import gc
import hashlib
import json
import platform
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse, serialize

from govgraph import __version__, resources
from govgraph.documents import check_documents
from govgraph.engine import merge
from govgraph.engine.columnar.plain import write_anywhere
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.errors import GovgraphError
from govgraph.inference.run import infer
from govgraph.lookup.search import write_index
from govgraph.release import Home, Release
from govgraph.settings import Settings
from govgraph.validation.coordinates import Coordinates
from govgraph.validation.results import ValidationResult
from govgraph.validation.shacl import validate
from govgraph.vocabulary import CSVW, ONTOLOGY_GRAPH, RDF, is_inferred
from govgraph_loaders import Ingested, Problem, Source, find_sources, ingest

STEPS = ("read", "load", "infer", "validate", "columns", "index", "publish")
#: called with a step's name and a count: 0 as the step begins, then rows or triples done
Notify = Callable[[str, int], None]
TABLES_GRAPH = "graph/tables"


@dataclass
class Build:
    """What a build came to. `release` is None when the data was refused, or only checked."""

    ingested: Ingested = field(default_factory=Ingested)
    results: list[ValidationResult] = field(default_factory=list)
    max_rejects: int = 0
    inferred: dict[str, int] = field(default_factory=dict)
    labels: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    documents: list[Problem] = field(default_factory=list)
    report_path: Path | None = None
    release: Release | None = None

    @property
    def refused(self) -> bool:
        """Rows beyond the allowed number were rejected, a table could not be read at all, a
        document has changed, or a shape of severity Violation is broken."""
        whole = any(p.severity == "error" and p.row is None for p in self.ingested.problems)
        changed = any(p.severity == "error" for p in self.documents)
        broken = any(result.severity == "error" for result in self.results)
        return whole or changed or broken or self.ingested.rejected > self.max_rejects

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with rows, tables and documents."""
        return [*self.ingested.problems, *self.documents]

    @property
    def quads(self) -> int:
        return sum(table.quads for table in self.ingested.tables)

    def report(self) -> dict[str, Any]:
        """The report as JSON; `problems` and `validation` share their coordinate fields."""
        found: list[Problem | ValidationResult] = [*self.problems, *self.results]
        return {
            "refused": self.refused,
            "rows_read": sum(t.rows_read for t in self.ingested.tables),
            "rows_loaded": sum(t.rows_loaded for t in self.ingested.tables),
            "rows_rejected": self.ingested.rejected,
            "quads": self.quads,
            "inferred": self.inferred,
            "seconds": self.seconds,
            "counts": {
                s: sum(p.severity == s for p in found) for s in ("error", "warning", "info")
            },
            "tables": [table.as_dict() for table in self.ingested.tables],
            "problems": [problem.as_dict() for problem in self.problems],
            "validation": [result.as_dict() for result in self.results],
        }


def _silent(_step: str, _count: int) -> None:
    """No progress is shown."""


def build(
    datasets: Sequence[Path],
    settings: Settings,
    *,
    publish: bool = True,
    max_rejects: int = 0,
    notify: Notify = _silent,
) -> Build:
    """Build a release from dataset folders, or only check them.

    A refused build changes nothing but the reports folder, where its report is written.
    GovgraphError(not-a-dataset, dataset-repeated, home-unusable, build-busy).
    """
    home = Home(settings.home)
    with home.workshop() if publish else _scratch() as work:
        return _Builder(datasets, settings, home, work, notify).run(publish, max_rejects)


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder outside the home for a build that is only a check."""
    with TemporaryDirectory(prefix="govgraph-") as folder:
        yield Path(folder)


class _Builder:
    def __init__(
        self, datasets: Sequence[Path], settings: Settings, home: Home, work: Path, notify: Notify
    ) -> None:
        self.datasets, self.settings, self.home, self.work = datasets, settings, home, work
        self.notify = notify
        self.build = Build()
        self.sources: list[Source] = []
        self.graph_files: dict[str, Path] = {}
        self.inferred_files: dict[str, Path] = {}

    def run(self, publish: bool, max_rejects: int) -> Build:
        self.build.max_rejects = max_rejects
        release_id = self._prepare(publish)
        gc.collect()  # closes the store, which garbage of the validation may still hold
        if release_id:
            with self._step("publish"):
                self.build.release = self.home.publish(self.work, release_id)
        elif publish:
            self._keep_report()
        return self.build

    def _prepare(self, publish: bool) -> str | None:
        """Fill the work folder; return the id of the release that it may become, None if none.

        The store is not held on: nothing may write to a release after its rename.
        """
        with self._step("read"):
            self._read()
        with self._step("load"):
            store = self._load()
        with self._step("infer"):
            self._infer(store)
        with self._step("validate"):
            self._validate(store)
        if self.build.refused or not publish:
            return None
        with self._step("columns"):
            self._write_columns()
        with self._step("index"):
            return self._describe(store)

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        self.notify(name, 0)
        start = time.perf_counter()
        yield
        self.build.seconds[name] = round(time.perf_counter() - start, 3)

    def _read(self) -> None:
        problems = self._find_sources()
        quads = self.work / "quads"
        self.build.ingested = ingest(self.sources, quads, lambda _, rows: self.notify("read", rows))
        self.build.ingested.problems[:0] = problems
        self.graph_files = {
            report.iri: path
            for report, path in zip(
                self.build.ingested.tables, self.build.ingested.files, strict=True
            )
        }
        self._describe_tables(quads / "tables.nq")
        self._copy_ontology(quads / "ontology.nq")

    def _find_sources(self) -> list[Problem]:
        """Find all tables; return what is wrong with the folders."""
        problems: list[Problem] = []
        names: set[str] = set()
        for folder in self.datasets:
            if not folder.is_dir():
                raise GovgraphError("not-a-dataset", path=folder)
            found, wrong = find_sources(folder, resources.folder("tables"), base=self.settings.base)
            name = folder.resolve().name
            if not found and not wrong:
                raise GovgraphError("not-a-dataset", path=folder)
            if name in names:
                raise GovgraphError("dataset-repeated", name=name)
            names.add(name)
            self.sources += found
            problems += wrong
        return problems

    def _describe_tables(self, path: Path) -> None:
        """What each table is and which property each column states, as a graph of its own."""
        graph = NamedNode(self.settings.base + TABLES_GRAPH)
        self.graph_files[graph.value] = path
        with path.open("wb") as stream:
            for source in self.sources:
                serialize(
                    (Quad(*triple, graph) for triple in _table_triples(source)),
                    stream,
                    RdfFormat.N_QUADS,
                )

    def _copy_ontology(self, path: Path) -> None:
        graph = NamedNode(ONTOLOGY_GRAPH)
        with path.open("wb") as stream:
            for module in sorted(resources.folder("ontology").glob("*.ttl")):
                quads = parse(path=module, format=RdfFormat.TURTLE, rename_blank_nodes=True)
                named = (Quad(q.subject, q.predicate, q.object, graph) for q in quads)
                serialize(named, stream, RdfFormat.N_QUADS)

    def _load(self) -> Store:
        store = Store(str(self.work / "store"))
        for graph, path in self.graph_files.items():
            merge.load(store, path, graph)
            self.notify("load", 1)
        merge.extend(
            store, parse(path=self.work / "quads" / "ontology.nq", format=RdfFormat.N_QUADS)
        )
        store.optimize()
        return store

    def _infer(self, store: Store) -> None:
        rules = sorted((resources.folder("queries") / "rules").glob("*.rq"))
        self.build.inferred = infer(store, rules, self.settings.base)
        for graph in store.named_graphs():
            if isinstance(graph, NamedNode) and is_inferred(graph.value):
                name = graph.value.rpartition("/")[2]
                path = self.work / "quads" / f"inferred.{name}.nq"
                self.inferred_files[graph.value] = path
                serialize(store.quads_for_pattern(None, None, None, graph), path, RdfFormat.N_QUADS)

    def _write_columns(self) -> None:
        ontology = {ONTOLOGY_GRAPH: self.work / "quads" / "ontology.nq"}
        files = self.graph_files | ontology | self.inferred_files
        write_anywhere(files, self.work / "columns")

    def _validate(self, store: Store) -> None:
        shapes = sorted(resources.folder("shapes").glob("*.ttl"))
        engine = OxigraphEngine(store)
        self.build.results = validate(engine, shapes, Coordinates(engine, self.sources))
        if self.settings.documents:
            checks = check_documents(engine, self.settings.documents)
            self.build.documents = [check.problem for check in checks if check.problem]

    def _keep_report(self) -> None:
        """A refused build leaves its report where a person can find it."""
        folder = self.home.path / "reports"
        folder.mkdir(exist_ok=True)
        taken = {path.stem for path in folder.iterdir()}
        self.build.report_path = folder / f"{_free(self._stamp(), taken)}.json"
        _write_json(self.build.report_path, self.build.report())
        self._write_problems(self.build.report_path.with_suffix(".jsonl"))

    def _describe(self, store: Store) -> str:
        """Write the label index, the report and the manifest; return the release's id."""
        self.build.labels = write_index(
            OxigraphEngine(store), self.settings.base, self.work / "labels.sqlite"
        )
        store.optimize()
        store.flush()
        self._write_problems(self.work / "problems.jsonl")
        _write_json(self.work / "report.json", self.build.report())
        inputs = self._inputs()
        digest = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:8]
        taken = {release.id for release in self.home.releases()}
        release_id = _free(f"{self._stamp()}-{digest}", taken)
        _write_json(self.work / "manifest.json", self._manifest(release_id, inputs, store))
        return release_id

    def _stamp(self) -> str:
        return datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")

    def _write_problems(self, path: Path) -> None:
        problems: list[Problem | ValidationResult] = [*self.build.problems, *self.build.results]
        with path.open("w", encoding="utf-8") as stream:
            for found in problems:
                stream.write(json.dumps(found.as_dict(), ensure_ascii=False) + "\n")

    def _inputs(self) -> list[dict[str, Any]]:
        inputs = []
        for folder in self.datasets:
            for path in sorted(p for p in folder.iterdir() if p.is_file()):
                content = path.read_bytes()
                digest = hashlib.sha256(content).hexdigest()
                inputs.append(
                    {
                        "dataset": folder.resolve().name,
                        "file": path.name,
                        "bytes": len(content),
                        "sha256": digest,
                    }
                )
        return inputs

    def _manifest(
        self, release_id: str, inputs: list[dict[str, Any]], store: Store
    ) -> dict[str, Any]:
        counted = OxigraphEngine(store).select("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
        triples = int(counted[0]["n"].value)
        packages = ("pyoxigraph", "duckdb", "polars", "pyarrow")
        return {
            "id": release_id,
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "base": self.settings.base,
            "inputs": inputs,
            "tables": len(self.build.ingested.tables),
            "rows": sum(t.rows_loaded for t in self.build.ingested.tables),
            "triples": triples,
            "quads": len(store) - triples,
            "asserted": self.build.quads,
            "inferred": self.build.inferred,
            "labels": self.build.labels,
            "graphs": sorted(g.value for g in store.named_graphs()),
            "seconds": self.build.seconds,
            "versions": {"govgraph": __version__, "python": platform.python_version()}
            | {name: version(name) for name in packages},
        }


def _table_triples(source: Source) -> Iterator[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
    """CSVW's description of a table, columns named by their RFC 7111 fragments."""
    table = NamedNode(source.iri)
    yield table, NamedNode(RDF + "type"), NamedNode(CSVW + "Table")
    yield table, NamedNode(CSVW + "url"), Literal(source.path.name)
    yield table, NamedNode("http://purl.org/dc/terms/isPartOf"), Literal(source.dataset)
    yield table, NamedNode("http://purl.org/dc/terms/title"), Literal(source.table.title)
    for number, column in enumerate(source.table.columns, start=1):
        node = NamedNode(f"{source.iri}#col={number}")
        yield table, NamedNode(CSVW + "column"), node
        yield node, NamedNode(CSVW + "name"), Literal(column.name)
        yield node, NamedNode(CSVW + "propertyUrl"), Literal(column.property.text)


def _free(name: str, taken: Collection[str]) -> str:
    """The name, or the first of name-1, name-2 … that is not taken."""
    names = (f"{name}-{n}" if n else name for n in range(len(taken) + 1))
    return next(name for name in names if name not in taken)


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
