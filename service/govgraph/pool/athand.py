"""What the front answers itself: queries about one thing, from a file of the release.

No engine runs for them. The query's text is taken apart in linear time, what is stated of the thing is
read where it lies, and no more than so many triples of it; nothing in a request can make that long,
large or deep. All else that is asked is a worker's.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from govgraph.edge.lookup import coded, lookup_headers, plain
from govgraph.engine.things.answer import answer
from govgraph.engine.things.layout import FILE
from govgraph.engine.things.query import Shape, about
from govgraph.engine.things.read import Things
from govgraph.errors import GovgraphError
from govgraph.pool.reply import Kept
from govgraph.release import Home

JSON = "application/sparql-results+json"
_TAKES_JSON = frozenset({JSON, "application/*", "*/*", ""})


class AtHand:
    """Answers about the things of the release that is served."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._name: str | None = None
        self._things: Things | None = None

    def answer(self, thing: str, shape: Shape, accepted: str) -> Kept | None:
        """The answer, without its length, to what is asked of a thing by a client that accepts these
        codings; None if it is a worker's to give."""
        things = self._served()
        text = answer(things, thing, shape) if things else None
        if text is None:
            return None
        try:
            coding, body = coded(text.encode(), accepted)
        except GovgraphError:
            return None
        assert self._name
        return Kept(200, lookup_headers(self._name, JSON, coding, "things"), body)

    def _served(self) -> Things | None:
        """The things of the release that is served by now, None if it has no file of them."""
        name = self.home.served.name()
        if name != self._name:
            try:
                self._name, self._things = name, _opened(self.home.get(name).columns)
            except (GovgraphError, OSError):
                return None  # for this time
        return self._things


def _opened(folder: Path) -> Things | None:
    """The things of a folder, None if it was written without them, or by another version."""
    if folder.is_dir() and not (folder / FILE).exists():
        return None
    try:
        return Things(folder)
    except ValueError:
        return None


def asked(query: bytes) -> tuple[str, Shape] | None:
    """The thing that a query is about, and what it asks of it; None if it is about no one thing."""
    try:
        return about(query.decode())
    except UnicodeDecodeError:
        return None


def accepted(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """The codings that a client accepts; None if its headers ask for more than our answers in JSON."""
    found = plain(headers)
    if found is None or not _takes_json(found.get(b"accept", b"")):
        return None
    return found.get(b"accept-encoding", b"").decode("latin-1")


@lru_cache(256)
def _takes_json(accept: bytes) -> bool:
    """Whether JSON is what a client likes best, told without weighing its wishes."""
    wishes = {part.strip().lower() for part in accept.decode("latin-1").split(",")}
    return b";" not in accept and not _TAKES_JSON.isdisjoint(wishes)
