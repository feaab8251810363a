"""Logs: one line an event, JSON for machines and text for people, to standard error.

Whatever a request brings is written so that it stays inside its field: JSON escapes it, and text is
quoted as JSON where it is not plain.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from govgraph.observed import current

#: Seconds that the line of a request may wait for others.
MOMENT = 0.02
Format = Literal["auto", "json", "text"]
_PLAIN = re.compile(r"[\w./:;,+*@%~=()\[\]{}<>'-]+", re.ASCII)
_JSON = json.JSONEncoder(default=str).encode
_TEXT = json.encoder.encode_basestring_ascii
_FIRST = ("timestamp", "level", "event")
_TIME = structlog.processors.TimeStamper(fmt="iso", utc=True)


def configure(level: str, format: Format = "auto", stream: TextIO | None = None) -> None:
    """Send what this process logs, its libraries included, to a stream: standard error."""
    stream = stream or sys.stderr
    text = format == "text" or (format == "auto" and stream.isatty())
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        _TIME,
        _request,
        structlog.processors.format_exc_info,
    ]
    last: Processor = _as_text if text else _as_json
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in ("httpx", "httpcore", "asyncio", "uvicorn"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    global _requests
    _requests = RequestLines(root.level, _as_text if text else _flat, stream)


class RequestLines:
    """Lines of requests, written in one go: the chain that other lines pass through takes as long
    as a lookup's whole way through the front."""

    def __init__(self, level: int, last: Processor, stream: TextIO) -> None:
        self.wanted = level <= logging.INFO
        self._last, self._stream = last, stream
        self._loop: asyncio.AbstractEventLoop | None = None
        self._held: list[str] = []

    def gather(self, loop: asyncio.AbstractEventLoop) -> None:
        """From now on, write the lines of a moment in one go; a busy service has many of them. The
        last ones are written by `flush`."""
        self._loop = loop

    def write(self, facts: Mapping[str, object]) -> None:
        """The line of a request that is over."""
        event = {"timestamp": _now(), "level": "info", "event": "request", **facts}
        self._held.append(str(self._last(None, "info", event)) + "\n")
        if self._loop is None:
            self.flush()
        elif len(self._held) == 1:
            self._loop.call_later(MOMENT, self.flush)

    def flush(self) -> None:
        """Write the lines that are held. What takes no more of them ends no request."""
        held, self._held = "".join(self._held), []
        with suppress(OSError, ValueError):
            self._stream.write(held)
            self._stream.flush()


def _now() -> str:
    """The time as the other lines have it, from one second to the next by its last digits."""
    seconds, nanoseconds = divmod(time.time_ns(), 10**9)
    return f"{_second(seconds)}.{nanoseconds // 1000:06}Z"


@lru_cache(4)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def requests_log() -> RequestLines:
    """The log of requests; silent in a program that has not called `configure`."""
    return _requests


def _request(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The id of the request at work, on every line that is written meanwhile."""
    observed = current()
    if observed is not None and observed.id:
        event.setdefault("request_id", observed.id)
    return event


def _as_json(_: WrappedLogger, __: str, event: EventDict) -> str:
    return _JSON(_ordered(event))


def _flat(_: WrappedLogger, __: str, event: EventDict) -> str:
    """The same for texts and numbers, of which a request's line consists; it takes a third."""
    parts = [
        f'"{name}": {_TEXT(value) if isinstance(value, str) else value}'
        for name, value in event.items()
    ]
    return "{" + ", ".join(parts) + "}"


def _as_text(_: WrappedLogger, __: str, event: EventDict) -> str:
    trace = event.pop("exception", None)
    said = _ordered(event)
    head = " ".join(_plain(said.pop(name, "")) for name in _FIRST)
    line = " ".join((head, *(f"{name}={_plain(value)}" for name, value in said.items())))
    return line + "".join(f"\n    {json.dumps(text)[1:-1]}" for text in _lines(trace))


def _ordered(event: EventDict) -> dict[str, Any]:
    first: dict[str, Any] = {name: event.pop(name) for name in _FIRST if name in event}
    first.update(event)
    return first


def _plain(value: object) -> str:
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text)


def _lines(trace: str | None) -> list[str]:
    return trace.splitlines() if trace else []


_requests = RequestLines(logging.CRITICAL, _flat, sys.stderr)
