"""rdflib in process: its store is memory, so loading is starting."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from rdflib import Graph

from bench.data import Nation, Query
from bench.engine import Load
from bench.process import Step, cpu_seconds
from bench.worker import Answer, Worker


class Rdflib(Worker):
    """Parses the data when it starts, so it is not restarted for each query."""

    restarts = False

    def __init__(self, nation: Nation) -> None:
        super().__init__(partial(open_graph, nation.triples_file), eager=True)
        self.load = Load()

    def start(self) -> None:
        begin = time.perf_counter()
        super().start()
        assert self._process is not None
        assert self._process.pid is not None
        wall, cpu = time.perf_counter() - begin, cpu_seconds(self._process.pid)
        self.load.steps = [Step("parse", wall, cpu, self.memory())]


def open_graph(path: Path) -> Answer:
    """Parse N-Triples into memory."""
    return partial(_answer, Graph().parse(path, format="nt"))


def _answer(graph: Graph, query: Query) -> bytes:
    result = graph.query(query.text)
    return result.serialize(format="nt" if query.constructs else "json") or b""
