"""The log's lines of requests. They are written apart from all others: the chain that those pass
through takes as long as a lookup's whole way through the front.

A busy service makes and writes the lines of a moment together. One by one, between requests, each
takes three times as long, since nothing of what makes it is at hand for the processor by then.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from select import PIPE_BUF
from typing import NamedTuple, Protocol, TextIO

#: Seconds that a line may wait for others.
MOMENT = 0.02
#: Characters of a path and an address with which a part of a line is remembered.
LONGEST = 256
_PLAIN = re.compile(r"[\w./:;,+*@%~=()\[\]{}<>'-]+", re.ASCII)
_QUOTED = json.encoder.encode_basestring_ascii


class Kind(NamedTuple):
    """What many requests have in common; what is empty is left out."""

    client: str
    method: str
    path: str
    status: int
    lane: str
    outcome: str
    engine: str
    release: str


class Form(NamedTuple):
    """How a line is written: its first facts with the time, any other fact, and what stands around
    and between them."""

    opening: str
    fact: Callable[[str, object], str]
    between: str
    end: str


def plain(value: object) -> str:
    """A value in a line of text: quoted as JSON where it is not plain."""
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text)


def _in_json(name: str, value: object) -> str:
    return f'"{name}": {_QUOTED(value) if isinstance(value, str) else value}'


def _in_text(name: str, value: object) -> str:
    return f"{name}={plain(value)}"


JSON = Form('{"timestamp": "%s", "level": "info", "event": "request", ', _in_json, ", ", "}\n")
TEXT = Form("%s info request ", _in_text, " ", "\n")


class Over(Protocol):
    """A request that is over, and has not been told of yet."""

    def line(self) -> tuple[Kind, Mapping[str, object]]:
        """What the log says of it: its kind, and its own facts."""
        ...


class RequestLines:
    """The lines of requests that are over, on a stream."""

    def __init__(self, level: int, form: Form, stream: TextIO) -> None:
        self.wanted = level <= logging.INFO
        self._form, self._stream = form, stream
        self._remembered = lru_cache(1024)(self._joined)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._held: list[tuple[int, Over]] = []

    def gather(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """From now on, write the lines of a moment in one go. None ends it, before the loop does:
        lines that are held are written."""
        self._loop = loop
        self.flush()

    def write(self, over: Over) -> None:
        """The line of a request that is over by now."""
        self._held.append((time.time_ns(), over))
        if self._loop is None:
            self.flush()
        elif len(self._held) == 1:
            self._loop.call_later(MOMENT, self.flush)

    def flush(self) -> None:
        """Write the lines that are held. What takes no more of them ends no request."""
        held, self._held = self._held, []
        for piece in _pieces([self._line(*each) for each in held]):
            with suppress(OSError, ValueError):
                self._stream.write(piece)
                self._stream.flush()

    def _line(self, time_: int, over: Over) -> str:
        form, (kind, facts) = self._form, over.line()
        short = len(kind.path) + len(kind.client) < LONGEST
        same = (self._remembered if short else self._joined)(kind)
        own = form.between.join([same, *[form.fact(name, facts[name]) for name in facts]])
        return form.opening % _timestamp(time_) + own + form.end

    def _joined(self, kind: Kind) -> str:
        facts = kind._asdict().items()
        return self._form.between.join(self._form.fact(*fact) for fact in facts if fact[1] != "")


def _pieces(lines: list[str]) -> Iterator[str]:
    """Lines together, as far as a pipe takes them whole whoever else writes to it. They are ASCII."""
    piece = ""
    for line in lines:
        if piece and len(piece) + len(line) > PIPE_BUF:
            yield piece
            piece = ""
        piece += line
    if piece:
        yield piece


def _timestamp(time_: int) -> str:
    """A time as the other lines have it, from one second to the next by its last digits."""
    seconds, nanoseconds = divmod(time_, 10**9)
    return f"{_second(seconds)}.{nanoseconds // 1000:06}Z"


@lru_cache(4)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
