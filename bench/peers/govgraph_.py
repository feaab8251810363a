"""govgraph on a release: over HTTP and in process, its engine chosen or forced."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

from pyoxigraph import QueryResultsFormat, RdfFormat

from bench.client import Client
from bench.data import Nation, Query
from bench.endpoint import Endpoint
from bench.engine import Load
from bench.process import Server, disk_bytes, free_port
from bench.release import make_release
from bench.worker import Answer, Worker
from govgraph.engine.base import Engine as GovgraphEngine
from govgraph.engine.base import Formats
from govgraph.engine.hybrid import Choice
from govgraph.http.state import Releases
from govgraph.release import Home
from govgraph.settings import Settings

FORMATS: Formats = {
    "select": QueryResultsFormat.JSON,
    "ask": QueryResultsFormat.JSON,
    "graph": RdfFormat.N_TRIPLES,
}
#: Above the limit of the bench, which then ends the query for every engine alike.
SECONDS = 600


def load(folder: Path, nation: Nation) -> Load:
    """Make the release."""
    steps = list(make_release(folder, nation))
    release = Home(folder).current()
    disk = {"store": disk_bytes(release.store), "columns": disk_bytes(release.columns)}
    return Load(steps, disk)


class Served(Endpoint):
    """`govgraph serve`, the engine chosen by estimated work."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def launch(self) -> tuple[Server, Client]:
        port = free_port()
        argv: list[str | Path] = [sys.executable, "-m", "govgraph.cli", "serve"]
        argv += ["--home", self.folder, "--port", str(port)]
        given = {"GOVGRAPH_ENGINE": "auto", "GOVGRAPH_QUERY_SECONDS": str(SECONDS)}
        given |= {"GOVGRAPH_CACHE": "0", "GOVGRAPH_CLIENT_SECONDS": str(SECONDS * 100)}
        log = self.folder / "serve.log"
        return Server(argv, port, log, environment=os.environ | given), Client(port, "/sparql")


class InProcess(Worker):
    """The engine that the service uses, called directly; the answer is serialised."""

    restarts = True

    def __init__(self, folder: Path, choice: Choice) -> None:
        super().__init__(partial(open_engine, folder, choice))


def open_engine(home: Path, choice: Choice) -> Answer:
    """Open the current release of a home as the service does."""
    opened = Releases(Settings(home=home, engine=choice, query_seconds=SECONDS)).open()
    return partial(_answer, opened.engine)


def _answer(engine: GovgraphEngine, query: Query) -> bytes:
    return engine.answer(query.text, FORMATS).body()
