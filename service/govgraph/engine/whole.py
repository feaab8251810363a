"""Oxigraph with every quad in its own graph, for the few queries that need it, and for small releases.

A release's store holds the merge only (docs/adr/0013), so what names graphs is for the columns. A
query that they refuse, and that looks at graphs, is answered here, from the release's N-Quads. Of a
small release all lookups are: memory answers them in less than half the time of a store's files.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from threading import Lock

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, parse

from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.errors import GovgraphError

#: Bytes of N-Quads that may be taken into memory: about half a million quads.
MOST_BYTES = 100 << 20
#: Bytes up to which they are loaded sooner than columns plan some hundred queries.
FEW_BYTES = 20 << 20
#: Bytes up to which a process that serves a release has it all in memory, which takes 0.08 s and
#: 3 MB for each of them that is a million.
SERVED_BYTES = 8 << 20


class WholeEngine(OxigraphEngine):
    """Loads the N-Quads files of a folder with the first query, and keeps them.

    GovgraphError(query-refused) if they are too many for memory.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._loading = folder, Lock()

    @property
    def store(self) -> Store:  # type: ignore[override]
        with self._loading:
            return self._loaded

    @property
    def is_small(self) -> bool:
        return self._bytes() <= FEW_BYTES

    @cached_property
    def is_served(self) -> bool:
        """Whether there is so little that all lookups are answered here, once it is in memory."""
        return self._bytes() <= SERVED_BYTES

    def load(self) -> None:
        """Take the quads into memory, if they are not there already."""
        with self._loading:
            _ = self._loaded

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.nq"))

    def _bytes(self) -> int:
        return sum(path.stat().st_size for path in self._files())

    @cached_property
    def _loaded(self) -> Store:
        if self._bytes() > MOST_BYTES:
            raise GovgraphError(
                "query-refused",
                why="it names graphs in a way that is only supported for small releases",
                why_zh="它以只有小型发布版才支持的方式使用了命名图",
            )
        return load_served(self._files()) if self.is_served else load_whole(self._files())


def load_served(files: list[Path]) -> Store:
    """The same as `load_whole` with the labels of blank nodes as the files have them, in every
    process that serves them: twice the time."""
    store = Store()
    for path in files:
        quads = list(parse(path=path, format=RdfFormat.N_QUADS))
        store.bulk_extend(quads)
        store.bulk_extend(Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in quads)
    return store


def load_whole(files: list[Path]) -> Store:
    """A store in memory that has the quads of N-Quads files in their graphs and in the merge."""
    store = Store()
    for path in files:
        store.bulk_load(path=path, format=RdfFormat.N_QUADS)
    store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
    return store
