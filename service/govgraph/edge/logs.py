"""Logs: one line an event, JSON for machines and text for people, to standard error.

Whatever a request brings is written so that it stays inside its field: JSON escapes it, and text is
quoted as JSON where it is not plain.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from govgraph.edge.lines import JSON, TEXT, RequestLines, plain
from govgraph.observed import current

Format = Literal["auto", "json", "text"]
_JSON = json.JSONEncoder(default=str).encode
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
    _requests = RequestLines(root.level, TEXT if text else JSON, stream)


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


def _as_text(_: WrappedLogger, __: str, event: EventDict) -> str:
    trace = event.pop("exception", None)
    said = _ordered(event)
    head = " ".join(plain(said.pop(name, "")) for name in _FIRST)
    line = " ".join((head, *(f"{name}={plain(value)}" for name, value in said.items())))
    return line + "".join(f"\n    {json.dumps(text)[1:-1]}" for text in _lines(trace))


def _ordered(event: EventDict) -> dict[str, Any]:
    first: dict[str, Any] = {name: event.pop(name) for name in _FIRST if name in event}
    first.update(event)
    return first


def _lines(trace: str | None) -> list[str]:
    return trace.splitlines() if trace else []


_requests = RequestLines(logging.CRITICAL, JSON, sys.stderr)
