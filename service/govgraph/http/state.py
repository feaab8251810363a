"""Opened releases, shared by all requests of a process."""

from __future__ import annotations

import gc
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock

from govgraph.catalog.entry import Entry
from govgraph.catalog.run import Result, run
from govgraph.catalog.values import Texts
from govgraph.documents import Passages
from govgraph.durable import Hold
from govgraph.engine.base import Engine
from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.engine import ColumnarEngine
from govgraph.engine.hybrid import HybridEngine
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.engine.remote.endpoints import Endpoints
from govgraph.engine.remote.engine import RemoteEngine
from govgraph.engine.remote.layout import Layout
from govgraph.engine.whole import WholeEngine
from govgraph.errors import GovgraphError
from govgraph.http.answers import Answers
from govgraph.lookup.entities import Context
from govgraph.lookup.statistics import Statistics, statistics_of
from govgraph.release import Home, Release
from govgraph.settings import Settings

KEPT_OPEN = 4


@dataclass(frozen=True)
class Opened:
    """A release that is ready for questions."""

    release: Release
    engine: Engine
    context: Context
    answers: Answers
    #: Keeps the release from being removed as long as this is in use.
    hold: Hold | None = None

    def answer(self, entry: Entry, texts: Texts) -> Result:
        """An entry of the catalogue, answered; the same question is answered from memory."""
        key = entry.name, tuple((name, tuple(found)) for name, found in sorted(texts.items()))
        return self.answers.get(key, lambda: run(self.context, entry, texts))

    @cached_property
    def statistics(self) -> Statistics:
        """What there is in the release, in numbers."""
        return statistics_of(self.release, self.engine)

    @property
    def labels(self) -> Path:
        return self.release.path / "labels.sqlite"


class Releases:
    """Opens releases as they are asked for and keeps the last few open.

    The name of the current one is read at each request, so a new release is served at once.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.home = Home(settings.home)
        #: What is to be begun with a release that is opened.
        self.begin: Callable[[Opened], None] = lambda _: None
        self._opened: OrderedDict[tuple[str, bool], Opened] = OrderedDict()
        self._lock = Lock()

    def open(self, release_id: str | None = None) -> Opened:
        """The current release, the one named, or the last one published by a date.

        GovgraphError(no-release, unknown-release, release-gone, no-release-by)."""
        if release_id is None and (served := self._opened.get(self._served())):
            return served
        if release_id:
            return self._kept(self.home.find(release_id))
        try:
            return self._kept(self.home.current())
        except GovgraphError as error:
            if error.code != "release-gone":
                raise
        return self._kept(self.home.current())  # another was published, and that one removed

    def _served(self) -> tuple[str, bool]:
        """What the release that is served is opened as: at the endpoint if that is the engine."""
        return self.home.served.name(), self.settings.engine == "remote"

    def _kept(self, release: Release) -> Opened:
        served = release.id, self.settings.engine == "remote"
        key = served if served == self._served() else (release.id, False)
        with self._lock:
            if key not in self._opened:
                self._opened[key] = opened = self._open(release, key[1])
                self.begin(opened)
            self._opened.move_to_end(key)
            if len(self._opened) > KEPT_OPEN:
                while len(self._opened) > KEPT_OPEN:
                    self._opened.popitem(last=False)
                gc.collect()  # its parts know each other, and its folder may be removed once it is gone
            return self._opened[key]

    def _open(self, release: Release, remote: bool) -> Opened:
        hold = release.hold()
        engine = self._remote(release) if remote else self._engine(release)
        passages = Passages.of(engine, self.settings.documents)
        context = Context(engine, passages, release.manifest["base"])
        return Opened(release, engine, context, Answers(), hold)

    def _remote(self, release: Release) -> Engine:
        """The endpoint, which holds the current release. If it says that it holds another one that
        is here, a build was cut off between the two: what that began is finished."""
        manifest = release.manifest
        layout = Layout(manifest["base"], release.id, tuple(manifest["graphs"]))
        return RemoteEngine(Endpoints(self.settings).query, layout, self.home.follow)

    def _engine(self, release: Release) -> Engine:
        """Both engines; Oxigraph alone for a release built without columns, or with older ones, or
        with neither, as a build at an endpoint leaves it."""
        if not release.store.is_dir():
            return WholeEngine(release.quads)
        oxigraph, whole = OxigraphEngine.open(release.store), WholeEngine(release.quads)
        try:
            columns = Columns(
                release.columns,
                memory_limit=self.settings.query_memory,
                threads=self.settings.query_cores,
                spill_limit=self.settings.query_spill,
            )
        except FileNotFoundError:
            return oxigraph
        columnar = ColumnarEngine(columns, self.settings.query_seconds)
        if self.settings.engine == "spark":
            return self._cluster(HybridEngine(oxigraph, columnar, whole=whole), release)
        choice = "auto" if self.settings.engine == "remote" else self.settings.engine
        return HybridEngine(oxigraph, columnar, choice, whole)

    def _cluster(self, local: HybridEngine, release: Release) -> Engine:
        """GovgraphError(cluster-unavailable) without the extra `spark`, or without the cluster."""
        try:
            from govgraph.engine.spark.cluster import open_cluster
        except ImportError as error:
            raise GovgraphError("cluster-unavailable", why=str(error)) from error
        master, folder = self.settings.spark_master, self.settings.spark_columns
        return open_cluster(local, master, folder, release.id, self.settings.query_seconds)
