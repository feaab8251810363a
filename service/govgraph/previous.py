"""The release that a build may take over from, and what in it still holds.

A table is taken over if its file and all metadata of its folder are unchanged; everything, only if
the code that would make it is the same. What cannot be told apart is made anew.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from govgraph import __version__, resources
from govgraph.changes import Changes
from govgraph.edits import unedited
from govgraph.errors import GovgraphError
from govgraph.release import Home, Release
from govgraph.validation.reads import ANYTHING
from govgraph.validation.results import ValidationResult
from govgraph.validation.shacl import Judgement
from govgraph_loaders import Ingested, Source, TableReport
from govgraph_loaders.kept import Kept, link

JUDGEMENTS = "validation.json"
_RESOURCES = ("ontology", "shapes", "tables", "queries")
Inputs = Iterable[Mapping[str, Any]]


def code_digest(base: str, versions: Mapping[str, str]) -> str:
    """What the outcome of a build depends on besides its inputs."""
    digest = hashlib.sha256(json.dumps([__version__, base, versions], sort_keys=True).encode())
    for name in _RESOURCES:
        folder = resources.folder(name)
        for path in sorted(p for p in folder.rglob("*") if p.suffix in (".ttl", ".json", ".rq")):
            digest.update(f"{name}/{path.relative_to(folder)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class Previous:
    """A release made by the same code."""

    release: Release

    @classmethod
    def find(cls, home: Home, code: str) -> Previous | None:
        """The current release of a home, if it can be taken over from."""
        try:
            release = home.current()
        except GovgraphError:
            return None
        whole = release.store.is_dir() and (release.path / JUDGEMENTS).is_file()
        return cls(release) if whole and release.manifest.get("code") == code else None

    @property
    def graphs(self) -> dict[str, Path]:
        """The N-Quads file of each graph."""
        named = self.release.manifest["files"].items()
        return {graph: self.release.quads / name for graph, name in named}

    def tables(self, sources: Iterable[Source], inputs: Inputs) -> dict[str, Kept]:
        """Where the tables are, by IRI, whose file and whose folder's metadata are what they
        were."""
        before, now = (_digests(each) for each in (self.release.manifest["inputs"], inputs))
        same = {
            dataset for dataset, _ in now if _metadata(before, dataset) == _metadata(now, dataset)
        }
        graphs = self.graphs
        return {
            source.iri: Kept(unedited(self.release, path), self.release.path / "keys" / path.name)
            for source in sources
            if source.dataset in same
            and before.get(place := (source.dataset, source.path.name)) == now.get(place)
            and (path := graphs.get(source.iri))
        }

    def ingested(self, sources: Sequence[Source], inputs: Inputs, work: Path) -> Ingested | None:
        """All tables as they were, in `work`, if they are the same ones, none has changed and
        nothing was wrong with any: then their keys need not be checked again."""
        kept = self.tables(sources, inputs)
        reports = {table["iri"]: TableReport(**table) for table in self.release.report["tables"]}
        same = {source.iri for source in sources} == kept.keys() == reports.keys()
        if not same or self.release.report["problems"]:
            return None
        shutil.copytree(self.release.path / "keys", work / "keys", copy_function=link)
        (work / "quads").mkdir()
        found = Ingested(reused=set(kept))
        for source in sources:
            old = kept[source.iri].quads
            found.files.append(work / "quads" / old.name)
            found.tables.append(reports[source.iri])
            link(old, found.files[-1])
        return found

    def judgements(self, changes: Changes) -> dict[str, Judgement]:
        """The judgements that hold in spite of changes: of what their shapes read nothing came or
        went, and no result has a place that may have moved."""
        found = json.loads((self.release.path / JUDGEMENTS).read_text("utf-8"))
        tables = {unquote(graph.rpartition("table/")[2]) for graph in changes.graphs}
        return {
            judged.shape: judged
            for judged in map(_judgement, found)
            if not judged.shape.startswith("_:")
            and not _read_of(judged, changes)
            and not any(f"{r.dataset}/{r.table}" in tables for r in judged.results)
            and not changes.speak_of({iri for r in judged.results for iri in (r.focus, r.value)})
        }


def _read_of(judged: Judgement, changes: Changes) -> bool:
    """Whether a judgement rests on anything that came or went."""
    return bool(changes.keys & judged.reads or (changes.keys and ANYTHING in judged.reads))


def write_judgements(judged: Iterable[Judgement], folder: Path) -> None:
    """Keep the judgements of a build for the next one."""
    content = [
        {
            "shape": j.shape,
            "reads": sorted(j.reads),
            "results": [asdict(result) for result in j.results],
        }
        for j in judged
    ]
    (folder / JUDGEMENTS).write_text(json.dumps(content, ensure_ascii=False) + "\n", "utf-8")


def _judgement(item: Mapping[str, Any]) -> Judgement:
    results = tuple(ValidationResult(**result) for result in item["results"])
    return Judgement(item["shape"], frozenset(item["reads"]), results)


def _digests(inputs: Inputs) -> dict[tuple[str, str], str]:
    return {(item["dataset"], item["file"]): item["sha256"] for item in inputs}


def _metadata(digests: Mapping[tuple[str, str], str], dataset: str) -> dict[str, str]:
    """The digests of a dataset's files that are no tables."""
    return {
        file: digest
        for (name, file), digest in digests.items()
        if name == dataset and file.endswith(".json")
    }
