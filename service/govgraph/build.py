"""From dataset folders to a published release: the one way a fact takes.

read, convert, check keys -> infer -> encode as columns -> validate -> index -> load into Oxigraph ->
publish. Each step hands its result on; only the last one changes what is served.
"""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pyoxigraph import Store

from govgraph import __version__, resources
from govgraph.changes import Changes
from govgraph.documents import check_documents
from govgraph.edits import Edits
from govgraph.engine import merge
from govgraph.engine.base import Engine
from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.encode import Stats
from govgraph.engine.columnar.engine import ColumnarEngine
from govgraph.engine.columnar.growing import Growing
from govgraph.engine.columnar.plain import scratch, write_anywhere
from govgraph.engine.hybrid import Choice, HybridEngine
from govgraph.engine.temporary import own_folder
from govgraph.engine.whole import WholeEngine
from govgraph.errors import GovgraphError
from govgraph.governance import post_rules
from govgraph.inference.draft import infer_draft
from govgraph.inputs import (
    describe_inputs,
    find_tables,
    write_ontology_graph,
    write_tables_graph,
)
from govgraph.lookup.search import write_index
from govgraph.lookup.statistics import dataset_iri, statistics, write_statistics
from govgraph.previous import Previous, code_digest, write_judgements
from govgraph.release import Home, Release
from govgraph.retention import retain
from govgraph.settings import Settings
from govgraph.sources import keep
from govgraph.validation.coordinates import Coordinates
from govgraph.validation.results import ValidationResult
from govgraph.validation.shacl import Judgement, in_order, judgements
from govgraph.vocabulary import ONTOLOGY_GRAPH
from govgraph_loaders import Ingested, Problem, Source, ingest
from govgraph_loaders.described import described
from govgraph_loaders.kept import link

STEPS = ("read", "infer", "columns", "validate", "index", "load", "publish")
THREADS = 2
#: Quads that may come and go for the store before to be changed rather than loaded anew.
PATCHED = 200_000
_TIME = "%Y%m%dT%H%M%SZ"
_PACKAGES = ("pyoxigraph", "duckdb", "polars", "pyarrow")
#: called with a step's name and a count: 0 as the step begins, then rows or triples done
Notify = Callable[[str, int], None]
#: says of the tables, once they have been read, whether they will do
Accept = Callable[[Ingested], bool]


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
    #: Whether who asked for the build will not have what was read.
    unwanted: bool = False
    #: What lies over the tables: quads added and removed by updates.
    edits: Mapping[str, Any] = field(default_factory=dict)
    #: Tables, as dataset/file, that came over HTTP since the folders were given; and those of them
    #: that the folders now given have otherwise, so that what was sent is replaced.
    sent: Collection[str] = ()
    replaced: list[str] = field(default_factory=list)
    #: Tables that were taken over from the release before, as were the judgements of shapes that
    #: nothing that changed could touch, and its store but for the changes.
    shapes_kept: int = 0
    shapes_judged: int = 0
    store_patched: bool = False
    report_path: Path | None = None
    release: Release | None = None

    @property
    def refused(self) -> bool:
        """Rows beyond the allowed number were rejected, a table could not be read at all, a
        document has changed, or a shape of severity Violation is broken."""
        whole = any(p.severity == "error" and p.row is None for p in self.ingested.problems)
        changed = any(p.severity == "error" for p in self.documents)
        broken = any(result.severity == "error" for result in self.results)
        rejected = self.unwanted or self.ingested.rejected > self.max_rejects
        return whole or changed or broken or rejected

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
            "edits": dict(self.edits),
            "replaced": self.replaced,
            "taken_over": {
                "tables": len(self.ingested.reused),
                "shapes": self.shapes_kept,
                "shapes_judged": self.shapes_judged,
                "store": self.store_patched,
            },
            "seconds": self.seconds,
            "counts": {
                s: sum(p.severity == s for p in found) for s in ("error", "warning", "info")
            },
            "tables": [table.as_dict() for table in self.ingested.tables],
            "problems": [problem.as_dict() for problem in self.problems],
            "validation": [result.as_dict() for result in self.results],
        }


def anything(_ingested: Ingested) -> bool:
    """Takes tables as they are."""
    return True


def _silent(_step: str, _count: int) -> None:
    """No progress is shown."""


def build(
    datasets: Sequence[Path],
    settings: Settings,
    *,
    publish: bool = True,
    max_rejects: int = 0,
    notify: Notify = _silent,
    edits: bool = True,
) -> Build:
    """Build a release from dataset folders, or only check them. The edits of the release that is
    served are carried over, unless they are left out.

    A refused build changes nothing but the reports folder, where its report is written.
    GovgraphError(not-a-dataset, dataset-repeated, home-unusable, build-busy).
    """
    home = Home(settings.home)
    with home.workshop() if publish else _scratch() as work:
        before = _current(home)
        carried = Edits.of(before) if before and edits else Edits()
        folders = keep(datasets, work, before) if publish else datasets
        done = build_in(
            work, folders, carried, settings,
            publish=publish, max_rejects=max_rejects, notify=notify,
        )  # fmt: skip
        if publish and done.refused:
            _keep_report(done, home)
        return done


def build_in(
    work: Path,
    datasets: Sequence[Path],
    edits: Edits,
    settings: Settings,
    *,
    publish: bool = True,
    max_rejects: int = 0,
    notify: Notify = _silent,
    accept: Accept = anything,
    sent: Collection[str] = (),
) -> Build:
    """Build in a home's workshop, from dataset folders in it and the edits that lie over them.
    `sent` tells which tables came over HTTP."""
    builder = _builder(settings)(datasets, edits, settings, work, notify, accept)
    builder.note_sent(sent)
    return builder.run(publish, max_rejects)


def _builder(settings: Settings) -> type[Builder]:
    if settings.engine != "remote":
        return Builder
    from govgraph.remote_build import RemoteBuilder

    return RemoteBuilder


def _current(home: Home) -> Release | None:
    try:
        return home.current()
    except GovgraphError:
        return None


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder outside the home for a build that is only a check."""
    with TemporaryDirectory(dir=own_folder()) as folder:
        yield Path(folder)


class Builder:
    """One build in its work folder. `graphs` are the N-Quads files by the graph that each holds."""

    def __init__(
        self,
        datasets: Sequence[Path],
        edits: Edits,
        settings: Settings,
        work: Path,
        notify: Notify,
        accept: Accept,
    ) -> None:
        self.datasets, self.edits, self.settings, self.work = datasets, edits, settings, work
        self.notify, self.accept, self.home = notify, accept, Home(settings.home)
        self.build = Build(edits=edits.about())
        self.sources: list[Source] = []
        self.graphs: dict[str, Path] = {}
        self.stats: Stats = {}
        self.inputs = describe_inputs(path for path in datasets if path.is_dir())
        self.versions = {"python": platform.python_version()} | {n: version(n) for n in _PACKAGES}
        self.code = code_digest(settings.base, self.versions)
        self.previous = Previous.find(self.home, self.code)

    def note_sent(self, sent: Collection[str]) -> None:
        """Note which tables came over HTTP, and which of those before are replaced."""
        before = _current(self.home)
        then, now = (
            {f"{item['dataset']}/{item['file']}": item["sha256"] for item in inputs}
            for inputs in (before.manifest["inputs"] if before else (), self.inputs)
        )
        known = before.manifest.get("sent", ()) if before else ()
        self.build.sent = sorted(sent)
        self.build.replaced = [n for n in known if n not in sent and then.get(n) != now.get(n)]

    def run(self, publish: bool, max_rejects: int) -> Build:
        self.build.max_rejects = max_rejects
        release_id = self._prepare(publish)
        if release_id:
            with self._step("publish"):
                self.build.release = self._publish(release_id)
                retain(self.home, self.settings)
        return self.build

    def _publish(self, release_id: str) -> Release:
        return self.home.publish(self.work, release_id)

    def _prepare(self, publish: bool) -> str | None:
        """Fill the work folder; return the id of the release that it may become, None if none."""
        with self._step("read"):
            self._read()
        with self._step("infer"):
            self._infer()
        with self._step("columns"):
            self.stats = write_anywhere(self.graphs, self.work / "columns")
        with self._opened() as (columns, engine), self._compared() as changes:
            with self._step("validate"):
                self._validate(engine, changes)
            if self.build.refused or not publish:
                return None
            with self._step("index"):
                self.build.labels = write_index(
                    engine, self.settings.base, self.work / "labels.sqlite"
                )
                write_statistics(
                    statistics(engine, self.settings.base, self._described()), self.work
                )
            with self._step("load"):
                self._load(changes, columns)
        return self._describe()

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        self.notify(name, 0)
        start = time.perf_counter()
        yield
        self.build.seconds[name] = round(time.perf_counter() - start, 3)

    def _read(self) -> None:
        self.sources, problems = find_tables(self.datasets, self.settings.base)
        quads, before = self.work / "quads", self.previous
        taken = before.ingested(self.sources, self.inputs, self.work) if before else None
        self.build.ingested = taken or ingest(
            self.sources,
            quads,
            lambda _, rows: self.notify("read", rows),
            reuse=before.tables(self.sources, self.inputs) if before else {},
            keep=self.work / "keys",
        )
        self.build.ingested.problems[:0] = problems
        self.build.unwanted = not self.accept(self.build.ingested)
        tables, files = self.build.ingested.tables, self.build.ingested.files
        self.graphs = {table.iri: path for table, path in zip(tables, files, strict=True)}
        described = quads / "tables.nq"
        self.graphs[write_tables_graph(self.sources, self.settings.base, described)] = described
        self.graphs[ONTOLOGY_GRAPH] = ontology = quads / "ontology.nq"
        if before:
            link(before.graphs[ONTOLOGY_GRAPH], ontology)
        else:
            write_ontology_graph(ontology)
        self.graphs = self.edits.apply(self.graphs, self.work)

    def _infer(self) -> None:
        """What follows is found on a draft of the columns, which goes when that is done."""
        rules = sorted((resources.folder("queries") / "rules").glob("*.rq"))
        with scratch(self.work) as folder:
            write_anywhere(self.graphs, folder / "draft", draft=True)
            with closing(Growing(folder / "draft")) as draft:
                found = infer_draft(draft, rules, self.settings.base, self.work / "quads")
        self.build.inferred = found.counts
        self.graphs |= found.files

    @contextmanager
    def _opened(self) -> Iterator[tuple[Columns, Engine]]:
        """The columns; what they cannot answer goes to Oxigraph, in memory, and what is sooner done
        there if there is little."""
        whole = WholeEngine(self.work / "quads")
        with Columns(self.work / "columns", threads=THREADS) as columns:
            choice: Choice = "auto" if whole.is_small else "columns"
            yield columns, HybridEngine(whole, ColumnarEngine(columns), choice)

    @contextmanager
    def _compared(self) -> Iterator[Changes | None]:
        """What differs from the release before, if that can be taken over from."""
        if self.previous is None:
            yield None
            return
        with (
            scratch(self.work) as folder,
            Changes(self.previous.graphs, self.graphs, folder) as changes,
        ):
            yield changes

    def _validate(self, engine: Engine, changes: Changes | None) -> None:
        shapes = sorted(resources.folder("shapes").glob("*.ttl"))
        earlier: dict[str, Judgement] = {}
        if self.previous and changes:
            earlier = self.previous.judgements(changes)
        places = Coordinates(engine, self.sources, self.edits.triples)
        judged = judgements(engine, shapes, places, earlier, natives=post_rules.natives)
        write_judgements(judged, self.work)
        self.build.results = in_order(judged)
        self.build.shapes_kept = sum(judgement.kept for judgement in judged)
        self.build.shapes_judged = len(judged) - self.build.shapes_kept
        if self.settings.documents:
            checks = check_documents(engine, self.settings.documents)
            self.build.documents = [check.problem for check in checks if check.problem]

    def _described(self) -> dict[str, str]:
        """What the metadata of each dataset says of it."""
        names = {folder: folder.resolve().name for folder in self.datasets}
        base = self.settings.base
        return {name: described(path, dataset_iri(base, name)) for path, name in names.items()}

    def _load(self, changes: Changes | None, columns: Columns) -> None:
        """Oxigraph's store of the merge. It is closed before the rename: nothing may write to a
        release."""
        target = self.work / "store"
        if self.previous and changes and changes.count <= PATCHED and not changes.blank:
            merge.patch(self.previous.release.store, target, changes.went(columns), changes.came())
            self.build.store_patched = True
            return
        store = Store(str(target))
        merge.load(store, self.graphs)
        store.optimize()
        store.flush()

    def _describe(self) -> str:
        """Write the report and the manifest; return the release's id."""
        _write_problems(self.build, self.work / "problems.jsonl")
        _write_json(self.work / "report.json", self.build.report())
        self.edits.write(self.work)
        release_id = self._new_id()
        _write_json(self.work / "manifest.json", self._manifest(release_id))
        return release_id

    def _new_id(self) -> str:
        """An id that no release has, by the time and by what the release is made of."""
        made_of = json.dumps([self.inputs, self.build.edits], sort_keys=True)
        digest = hashlib.sha256(made_of.encode()).hexdigest()[:8]
        return f"{self._next_stamp()}-{digest}"

    def _next_stamp(self) -> str:
        """The time, but later than every release: ids sort as releases came, also where many come
        in a second, or the clock goes back."""
        taken = (*(release.id for release in self.home.releases()), *self.home.gone())
        last = max((name.partition("-")[0] for name in taken), default="")
        if _stamp() > last:
            return _stamp()
        return (datetime.strptime(last, _TIME) + timedelta(seconds=1)).strftime(_TIME)

    def _manifest(self, release_id: str) -> dict[str, Any]:
        return {
            "id": release_id,
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "base": self.settings.base,
            "inputs": self.inputs,
            "edits": self.build.edits,
            "sent": self.build.sent,
            "tables": len(self.build.ingested.tables),
            "rows": sum(t.rows_loaded for t in self.build.ingested.tables),
            "triples": self.stats["triples"],
            "quads": self.stats["quads"],
            "asserted": self.build.quads,
            "inferred": self.build.inferred,
            "labels": self.build.labels,
            "graphs": sorted(graph for graph, path in self.graphs.items() if path.stat().st_size),
            "files": {graph: path.name for graph, path in self.graphs.items()},
            "code": self.code,
            "seconds": self.build.seconds,
            "versions": {"govgraph": __version__} | self.versions,
        }


def _stamp() -> str:
    return datetime.now(UTC).strftime(_TIME)


def _keep_report(build: Build, home: Home) -> None:
    """A refused build leaves its report where a person can find it."""
    folder = home.path / "reports"
    folder.mkdir(exist_ok=True)
    taken = {path.stem for path in folder.iterdir()}
    build.report_path = folder / f"{_free(_stamp(), taken)}.json"
    _write_json(build.report_path, build.report())
    _write_problems(build, build.report_path.with_suffix(".jsonl"))


def _write_problems(build: Build, path: Path) -> None:
    problems: list[Problem | ValidationResult] = [*build.problems, *build.results]
    with path.open("w", encoding="utf-8") as stream:
        for found in problems:
            stream.write(json.dumps(found.as_dict(), ensure_ascii=False) + "\n")


def _free(name: str, taken: Collection[str]) -> str:
    """The name, or the first of name-1, name-2 … that is not taken."""
    names = (f"{name}-{n}" if n else name for n in range(len(taken) + 1))
    return next(name for name in names if name not in taken)


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
