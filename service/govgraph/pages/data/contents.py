"""/data: what the release holds and comes from, how to have all of it, and where the rest is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from pyoxigraph import NamedNode, RdfFormat, parse

from govgraph.http.common import in_thread
from govgraph.pages.common import Shown
from govgraph.pages.frame import respond
from govgraph.pages.page import Page
from govgraph.pages.vocabulary.ontology import ontology
from govgraph.pages.vocabulary.store import graph
from govgraph.vocabulary import PREFIXES

router = APIRouter(include_in_schema=False)
#: Classes that are shown; VoID has all of them.
CLASSES = 20
#: Vocabularies of terms and of tables: their classes are about the data's form, not in it.
_FORM = tuple(PREFIXES[name] for name in ("owl", "rdf", "rdfs", "csvw"))
_LICENCE = NamedNode(PREFIXES["dcterms"] + "license")


@dataclass(frozen=True)
class Dataset:
    """A data set of a release: its tables that have rows, their rows read and loaded, those that
    came over HTTP, the bytes of its files, and the licence that its metadata states."""

    name: str
    tables: tuple[Mapping[str, Any], ...]
    sent: int
    bytes: int
    licence: str | None

    @property
    def rows(self) -> int:
        return sum(table["rows_loaded"] for table in self.tables)

    @property
    def rejected(self) -> int:
        return sum(table["rows_rejected"] for table in self.tables)


@router.get("/data")
async def data(request: Request, page: Shown) -> Response:
    """The part's first page."""
    return await in_thread(request, lambda: _drawn(page))


def _drawn(page: Page) -> Response:
    assert page.opened is not None
    release, found = page.opened.release, page.opened.statistics
    counts = {
        iri: number["entities"]
        for iri, number in found.classes.items()
        if not iri.startswith(_FORM)
    }
    classes = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return respond(
        "data.html", page, "data", release=release, manifest=release.manifest,
        report=release.report, datasets=_datasets(page),
        classes=[(ontology().classes.get(iri), iri, number) for iri, number in classes[:CLASSES]],
        left_out=max(0, len(classes) - CLASSES), licences=_licences(),
    )  # fmt: skip


def _datasets(page: Page) -> list[Dataset]:
    assert page.opened is not None
    manifest, report = page.opened.release.manifest, page.opened.release.report
    sizes, sent = Counter[str](), Counter[str]()
    for item in manifest["inputs"]:
        sizes[item["dataset"]] += item["bytes"]
    for name in manifest.get("sent", ()):
        sent[name.partition("/")[0]] += 1
    tables: dict[str, list[Mapping[str, Any]]] = {name: [] for name in sizes}
    for table in report["tables"]:
        if table["rows_read"]:
            tables.setdefault(table["dataset"], []).append(table)
    described = page.opened.statistics.described
    return [
        Dataset(n, tuple(those), sent[n], sizes[n], _licence(described.get(n, "")))
        for n, those in tables.items()
    ]


def _licence(described: str) -> str | None:
    """The licence in a data set's description, which is N-Triples."""
    quads = parse(described, RdfFormat.N_TRIPLES)
    return next((q.object.value for q in quads if q.predicate == _LICENCE), None)


def _licences() -> list[str]:
    """The licences that the ontology's files state."""
    quads = graph("ontology").quads_for_pattern(None, _LICENCE, None)
    return sorted({quad.object.value for quad in quads if isinstance(quad.object, NamedNode)})
