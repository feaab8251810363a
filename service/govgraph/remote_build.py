"""Builds at an endpoint: inference and shapes run there, on graphs apart from those it serves.

The release's folder is made here as ever, but for the engines' files. The endpoint's switch to the
new graphs is one request, between the folder being complete and being named the current one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from govgraph import resources
from govgraph.build import Builder
from govgraph.engine.remote.draft import RemoteDraft
from govgraph.engine.remote.endpoints import Endpoints
from govgraph.engine.remote.engine import RemoteEngine
from govgraph.engine.remote.layout import Layout
from govgraph.engine.remote.store import STEP, RemoteStore
from govgraph.errors import GovgraphError
from govgraph.inference.draft import infer_draft
from govgraph.lookup.search import write_index
from govgraph.lookup.statistics import statistics, write_statistics
from govgraph.release import Release

_TRIPLES = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
_QUADS = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"


class RemoteBuilder(Builder):
    """One build at the endpoint of the settings. Of the release before it takes over no more than
    tables that need not be read again."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.id = super()._new_id()
        self.endpoints = Endpoints(self.settings, STEP)

    def _new_id(self) -> str:
        """It is known from the beginning, for graphs are named by it."""
        return self.id

    @property
    def layout(self) -> Layout:
        """The graphs as far as they are made."""
        made = (graph for graph, path in self.graphs.items() if path.stat().st_size)
        return Layout(self.settings.base, self.id, tuple(sorted(made)), staged=True)

    @property
    def store(self) -> RemoteStore:
        return RemoteStore(self.endpoints, self.layout)

    @property
    def engine(self) -> RemoteEngine:
        """Answers over the graphs that are being made."""
        return RemoteEngine(self.endpoints.query, self.layout)

    def _prepare(self, publish: bool) -> str | None:
        with self._step("read"):
            self._read()
        with self._cleaned():
            with self._step("load"):
                self.store.begin()
                self.store.load(self.graphs, partial(self.notify, "load"))
            with self._step("infer"):
                self._infer()
            with self._step("validate"):
                self._validate(self.engine, None)
            if self.build.refused or not publish:
                self.store.clean()
                return None
            with self._step("index"):
                index = self.work / "labels.sqlite"
                self.build.labels = write_index(self.engine, self.settings.base, index)
                write_statistics(
                    statistics(self.engine, self.settings.base, self._described()), self.work
                )
            self.stats = {"triples": self._count(_TRIPLES), "quads": self._count(_QUADS)}
            return self._describe()

    def _publish(self, release_id: str) -> Release:
        with self._cleaned():
            return self.home.publish(self.work, release_id, self.store.switch)

    @contextmanager
    def _cleaned(self) -> Iterator[None]:
        """What fails leaves nothing at the endpoint, if that can be reached still; else the next
        build takes it away."""
        try:
            yield
        except BaseException:
            nothing = Layout(self.settings.base, self.id, (), staged=True)
            with suppress(GovgraphError):
                RemoteStore(self.endpoints, nothing).clean()
            raise

    def _infer(self) -> None:
        """The axioms' families are inferred there; what rule files give comes here and goes back as
        a graph of its own, for no rule may see it."""
        stated = set(self.graphs)
        rules = sorted((resources.folder("queries") / "rules").glob("*.rq"))
        draft = RemoteDraft(self.engine, self.store)
        found = infer_draft(draft, rules, self.settings.base, self.work / "quads")
        self.build.inferred = found.counts
        self.graphs |= found.files
        computed = {g: path for g, path in found.files.items() if g not in draft.graphs | stated}
        self.store.load(computed, partial(self.notify, "infer"))

    def _count(self, query: str) -> int:
        return int(self.engine.select(query)[0]["n"].value)
