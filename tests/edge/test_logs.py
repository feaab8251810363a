"""Lines of the log: one an event, whatever a request brings."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from contextvars import copy_context
from select import PIPE_BUF
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govgraph.edge import logs
from govgraph.edge.lines import JSON, Kind, RequestLines, _pieces
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


def write(log: RequestLines, kind: Kind, facts: dict[str, object]) -> None:
    log.write(SimpleNamespace(line=lambda: (kind, facts)))


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
    write(requests_log(), kind, {"request_id": HOSTILE})
    (line,) = lines(stream)
    assert "request" in line
    assert line.isprintable()
    assert line.isascii()


def test_lines_of_a_moment_are_written_together_and_none_is_lost() -> None:
    stream = written("json")
    kind = Kind("a", "GET", "/", 200, "front", "ok", "", "")

    async def asked() -> None:
        requests_log().gather(asyncio.get_running_loop())
        for number in range(50):
            write(requests_log(), kind, {"bytes": number})
        assert not stream.getvalue()
        while not stream.getvalue():
            await asyncio.sleep(0.01)
        assert [json.loads(line)["bytes"] for line in lines(stream)] == [*range(50)]
        write(requests_log(), kind, {})
        requests_log().gather(None)
        assert len(lines(stream)) == 51

    asyncio.run(asked())
    write(requests_log(), kind, {})
    assert len(lines(stream)) == 52
    stream.close()
    write(requests_log(), kind, {})  # nobody reads it, and nothing ends


def test_a_piece_that_is_not_taken_does_not_hold_the_others_up() -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            if '"bytes": 3,' in text:
                raise BlockingIOError
            return super().write(text)

    stream = Full()
    log = RequestLines(logging.INFO, JSON, stream)
    kind = Kind("a", "GET", "/", 200, "front", "ok", "", "")

    async def asked() -> None:
        log.gather(asyncio.get_running_loop())
        for number in range(60):
            write(log, kind, {"bytes": number, "request_id": "x" * 100})
        log.gather(None)

    asyncio.run(asked())
    assert json.loads(stream.getvalue().splitlines()[-1])["bytes"] == 59


@given(st.lists(st.integers(1, 6000), max_size=30))
def test_a_pipe_takes_lines_whole(lengths: list[int]) -> None:
    given_ = ["x" * (length - 1) + "\n" for length in lengths]
    pieces = list(_pieces(given_))
    assert "".join(pieces) == "".join(given_)
    assert all(len(piece) <= PIPE_BUF or piece.count("\n") == 1 for piece in pieces)
    assert all(piece.endswith("\n") for piece in pieces)


def test_a_program_that_sets_nothing_up_is_silent(capfd: pytest.CaptureFixture[str]) -> None:
    logs._requests = SILENT
    assert not requests_log().wanted
    assert capfd.readouterr() == ("", "")
