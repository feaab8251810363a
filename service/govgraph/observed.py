"""What is known of the request at work, for its log line, its metrics and its problem document."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

#: The header in which a worker tells its keeper what it knows; it never reaches a client.
TOLD = b"govgraph-observed"


@dataclass(slots=True)
class Observed:
    """One request as it goes on. Texts are empty until something is known."""

    id: str
    lane: str = "front"
    """Who answers: front, cache, readers, writer."""
    waited: float = 0.0
    """Seconds in the queue for a process."""
    route: str = ""
    """The template of the path, such as /api/v1/queries/{name}."""
    engine: str = ""
    """The engine that evaluates the query."""
    code: str = ""
    """The code of the error that is answered."""
    ended: str = ""
    """Why a worker was ended for it: late, gone (the client), ending (the service), lost."""

    def told(self) -> bytes:
        """What a worker knows, as the value of its header."""
        return "|".join((self.route, self.engine, self.code)).encode()

    def hear(self, told: bytes) -> None:
        """Take in what a worker has told."""
        self.route, self.engine, self.code = told.decode().split("|")


_current: ContextVar[Observed | None] = ContextVar("observed", default=None)


def begin(observed: Observed) -> None:
    """Make a request the one at work in this context."""
    _current.set(observed)


def current() -> Observed | None:
    """The request at work, None outside of one."""
    return _current.get()


def note(**facts: str | float) -> None:
    """Note facts, named as the fields, of the request at work, if there is one."""
    if (observed := _current.get()) is not None:
        for name, value in facts.items():
            setattr(observed, name, value)
