"""What the bench asks of an engine: load once, start and stop often, answer within a limit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from bench.data import Query
from bench.process import Step


class Unfinished(Exception):
    """The query did not end within its limit."""


class Failed(Exception):
    """The engine refused the query, or broke."""


class Absent(Exception):
    """The engine is not on this machine; the message says what is missing."""


@dataclass(frozen=True)
class Reply:
    """A serialised answer, and the seconds from the question to its last byte."""

    seconds: float
    body: bytes


@dataclass
class Load:
    """How an engine's data came to be: the steps, bytes on disk, and what else is known."""

    steps: list[Step] = field(default_factory=list)
    disk: dict[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {"steps": [step.as_dict() for step in self.steps], "disk": self.disk}

    @classmethod
    def from_dict(cls, given: dict[str, Any]) -> Load:
        return cls([Step(**step) for step in given["steps"]], given["disk"])


class Engine(Protocol):
    """One way to have queries answered.

    `restarts` says whether a start is cheap enough to precede each query, so that there is a cold
    run of each.
    """

    restarts: bool

    def start(self) -> None:
        """Start the process that answers."""

    def stop(self) -> None:
        """End it, whatever it is doing; nothing if it does not run."""

    def ask(self, query: Query, limit: float) -> Reply:
        """An answer. Unfinished or Failed; the engine then has to be stopped."""

    def memory(self) -> int:
        """Peak memory of the process that answers, bytes; 0 if it does not run."""
