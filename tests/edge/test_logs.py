"""Lines of the log: one an event, whatever a request brings."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextvars import copy_context

import pytest

from govgraph.edge import logs
from govgraph.edge.lines import Kind, RequestLines
from govgraph.edge.logs import configure, requests_log
from govgraph.observed import Observed, begin

HOSTILE = 'x\n{"level": "error", "event": "forged"}\r\n\x1b[2J\x00\u2028\x85"\\'

SILENT: RequestLines = logs._requests


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    logs._requests = SILENT


def written(format: str, level: str = "info") -> io.StringIO:
    stream = io.StringIO()
    configure(level, format, stream)  # type: ignore[arg-type]
    return stream


def lines(stream: io.StringIO) -> list[str]:
    return stream.getvalue().splitlines()


def test_json_says_what_happened_field_by_field() -> None:
    stream = written("json")
    logging.getLogger("govgraph.x").warning("it happened %d times", 3, extra={"path": HOSTILE})
    (line,) = lines(stream)
    found = json.loads(line)
    assert (found["event"], found["level"]) == ("it happened 3 times", "warning")
    assert found["path"] == HOSTILE
    assert found["timestamp"].endswith("Z")
    assert line.isascii()
    assert line.isprintable()


def test_text_is_one_line_too() -> None:
    stream = written("text")
    logging.getLogger("govgraph.x").info("request", extra={"path": "/a", "agent": HOSTILE})
    (line,) = lines(stream)
    assert " info request path=/a agent=" in line
    assert line.isprintable()
    assert json.loads(line.partition("agent=")[2]) == HOSTILE


@pytest.mark.parametrize("format", ["json", "text"])
def test_a_traceback_stays_below_its_line(format: str) -> None:
    stream = written(format)
    try:
        raise ValueError(HOSTILE)
    except ValueError:
        logging.getLogger("govgraph").exception("failed")
    first, *more = lines(stream)
    assert "failed" in first
    assert all(line.startswith("    ") and line.isprintable() for line in more)
    assert "ValueError" in stream.getvalue()
    assert "Traceback" in stream.getvalue()


def test_the_request_at_work_is_named() -> None:
    stream = written("json")
    log = logging.getLogger("govgraph.x")

    def work() -> None:
        begin(Observed("abc"))
        log.info("inside")

    copy_context().run(work)
    log.info("outside")
    inside, outside = map(json.loads, lines(stream))
    assert inside["request_id"] == "abc"
    assert "request_id" not in outside


def test_the_level_counts() -> None:
    stream = written("json", "error")
    logging.getLogger("govgraph").warning("not this")
    logging.getLogger("govgraph").error("this")
    assert [json.loads(line)["event"] for line in lines(stream)] == ["this"]


def test_on_a_terminal_it_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    for terminal in (True, False):
        stream = io.StringIO()
        monkeypatch.setattr(stream, "isatty", lambda t=terminal: t)
        configure("info", "auto", stream)
        logging.getLogger("govgraph").info("hello")
        assert lines(stream)[0].startswith("{") is not terminal


@pytest.mark.parametrize("format", ["json", "text"])
def test_the_line_of_a_request_is_as_safe(format: str) -> None:
    stream = written(format)
    kind = Kind("a", "GET", HOSTILE, 200, "front", "ok", "", "")
    requests_log().write(kind, {"request_id": HOSTILE})
    (line,) = lines(stream)
    assert "request" in line
    assert line.isprintable()
    assert line.isascii()


def test_a_program_that_sets_nothing_up_is_silent(capfd: pytest.CaptureFixture[str]) -> None:
    logs._requests = SILENT
    assert not requests_log().wanted
    assert capfd.readouterr() == ("", "")
