"""What happens when the columns give up a query: it goes to Oxigraph after all."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Self

from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.stream import Chunks
from govgraph.errors import GovgraphError

log = logging.getLogger("govgraph")


class Fallback:
    """The columns' chunks; those of Oxigraph if the columns give up before their first."""

    def __init__(self, chunks: Chunks, otherwise: Callable[[], Chunks]) -> None:
        self._chunks, self._otherwise = chunks, otherwise
        self._begun = self._closed = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        try:
            chunk = next(self._chunks)
        except NotCompiled as error:
            if self._begun:
                raise GovgraphError("query-failed") from error
            log_return(error)
            chunk = next(self._turned())
        self._begun = True
        return chunk

    def close(self) -> None:
        self._closed = True
        self._chunks.close()

    def _turned(self) -> Chunks:
        self._chunks = self._otherwise()
        if self._closed:
            self._chunks.close()
        return self._chunks


_FORESEEN = ("NotCompiled", "Conversion Error", "Out of Range Error")


def log_return(error: NotCompiled) -> None:
    """A query that turned out not to be answerable exactly goes to Oxigraph after all. The SQL
    itself raises NotCompiled for values that it cannot treat exactly; another error is worth a
    line in the log."""
    if error.__cause__ and not any(word in str(error) for word in _FORESEEN):
        log.warning("columns gave up: %s", error)
