"""The audit log, HOME/audit.jsonl: who changed what, one numbered JSON line each."""

from __future__ import annotations

import getpass
import json
import mmap
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

from govgraph.access.key import Key
from govgraph.contents import BLOCK, Digesting, Entry
from govgraph.durable import held, sync
from govgraph.errors import GovgraphError

FILE = "audit.jsonl"
Line = dict[str, Any]


class Audit:
    """Lines are appended by one process at a time and are on disk when `record` returns. Their
    order is that of their numbers, whatever the clock did."""

    def __init__(self, home: Path) -> None:
        self.home, self.path = home, home / FILE

    def record(self, action: str, key: Key | None = None, **details: Any) -> Line:
        """Append what was done, by a key, or without one by whoever runs this process. `details`
        are JSON. GovgraphError(audit-failed, audit-unusable), and then nothing is appended."""
        who = {"key": key.id, "name": key.name} if key else {"user": _user()}
        line = {"time": datetime.now(UTC).isoformat(), "action": action, "by": who, **details}
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            with held(self.home / ".audit.lock"):
                return self._append(line)
        except OSError as error:
            raise GovgraphError("audit-failed") from error

    def page(self, limit: int, before: int | None = None) -> list[Line]:
        """The last lines, the newest first; those before a number if it is given.
        GovgraphError(audit-unusable)."""
        lines = (line for line in self._backwards() if before is None or line["number"] < before)
        return list(islice(lines, limit))

    def described(self) -> Entry | None:
        """The log's whole lines up to now, as a backup describes them: they stay as they are while
        others are appended. None if there are none. OSError."""
        if not self.path.exists():
            return None
        with self.path.open("rb") as stream:
            size = _whole_lines(stream)
            stream.seek(0)
            source = Digesting(stream)
            while source.size < size:
                source.read(min(BLOCK, size - source.size))
            return source.entry if size else None

    def _append(self, line: Line) -> Line:
        new = not self.path.exists()
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        with open(descriptor, "r+b", buffering=0) as stream:
            _cut_off(stream)
            last = next(self._backwards(), None)
            numbered = {"number": last["number"] + 1 if last else 1} | line
            _write_all(stream, json.dumps(numbered, ensure_ascii=False).encode() + b"\n")
            os.fsync(descriptor)
        if new:
            sync(self.home)
        return numbered

    def _backwards(self) -> Iterator[Line]:
        """The lines from the last to the first, read from the end of the file.
        GovgraphError(audit-unusable) at one that is none of ours."""
        if not self.path.exists() or not self.path.stat().st_size:
            return
        with (
            self.path.open("rb") as stream,
            mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as text,
        ):
            end = text.rfind(b"\n")
            while end >= 0:
                start = text.rfind(b"\n", 0, end)
                yield _line(text[start + 1 : end])
                end = start


def _line(text: bytes) -> Line:
    try:
        line: Line = json.loads(text)
        if not isinstance(line["number"], int):
            raise TypeError("a line without its number")
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise GovgraphError("audit-unusable") from error
    return line


def _cut_off(stream: IO[bytes]) -> None:
    """Cut off the piece of a line that a crash has left: nobody was told that it was written."""
    whole = _whole_lines(stream)
    if whole != stream.seek(0, os.SEEK_END):
        stream.truncate(whole)
    stream.seek(whole)


def _whole_lines(stream: IO[bytes]) -> int:
    """How many bytes of a file are whole lines."""
    whole = stream.seek(0, os.SEEK_END)
    while whole:
        begin = max(0, whole - (64 << 10))
        stream.seek(begin)
        found = stream.read(whole - begin).rfind(b"\n")
        whole = begin + found + 1
        if found >= 0:
            break
    return whole


def _write_all(stream: IO[bytes], line: bytes) -> None:
    """All of a line or nothing of it: a full disk leaves the log as it was."""
    start, written = stream.tell(), 0
    try:
        while written < len(line):
            written += stream.write(line[written:])
    except OSError:
        stream.truncate(start)
        raise


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return str(os.getuid())
