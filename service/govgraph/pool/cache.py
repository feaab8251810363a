"""Answers that are given again: under one release the same request has the same answer."""

from __future__ import annotations

import os
import re
from collections import OrderedDict
from collections.abc import Hashable
from pathlib import Path
from typing import Any, NamedTuple

#: Answers larger than this are not kept.
LARGEST = 1 << 20
#: What the answer to one URL depends on.
_HEADERS = (
    b"host",
    b"accept",
    b"accept-language",
    b"accept-encoding",
    b"if-none-match",
    b"origin",
    b"content-type",
)
_METHODS = ("GET", "HEAD", "POST")
#: Functions whose value is new with each query.
_FRESH = re.compile(rb"(?i)rand|uuid|now|bnode")
_OVERHEAD = 1024


class Kept(NamedTuple):
    """A whole answer."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Cache:
    """The last answers, as far as they fit."""

    def __init__(self, limit: int, home: Path) -> None:
        self.limit, self.current = limit, _Current(home / "current")
        self.size = self.hits = self.misses = 0
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()

    def key(self, scope: dict[str, Any], body: bytes) -> Hashable | None:
        """What a request's answer is kept under; None if it is not kept at all."""
        query = scope["query_string"]
        if not self.limit or scope["method"] not in _METHODS or _is_write(scope["path"]):
            return None
        if _FRESH.search(query) or _FRESH.search(body):
            return None
        told = tuple(pair for pair in map(tuple, scope["headers"]) if pair[0] in _HEADERS)
        url = scope.get("scheme", "http"), scope["raw_path"], query
        return self.current.name(), scope["method"], url, body, told

    def get(self, key: Hashable | None) -> Kept | None:
        found = self._kept.get(key) if key is not None else None
        if found is None:
            self.misses += 1
            return None
        self.hits += 1
        self._kept.move_to_end(key)
        return found

    def put(self, key: Hashable | None, answer: Kept) -> None:
        """Keep an answer that says what release it is of."""
        size = len(answer.body) + _OVERHEAD
        known = any(name == b"etag" for name, _ in answer.headers)
        if key is None or key in self._kept or not known or size > min(LARGEST, self.limit):
            return
        if answer.status not in (200, 304):
            return
        self._kept[key] = answer
        self.size += size
        while self.size > self.limit:
            self.size -= len(self._kept.popitem(last=False)[1].body) + _OVERHEAD


def _is_write(path: str) -> bool:
    return path.startswith(("/update", "/graphs", "/api/v1/datasets"))


class _Current:
    """The name of the current release, read again when its file has been replaced."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stamp: tuple[int, int] | None = None
        self._name = b""

    def name(self) -> bytes:
        try:
            found = os.stat(self.path)
            stamp = found.st_ino, found.st_mtime_ns
            if stamp != self._stamp:
                self._stamp, self._name = stamp, self.path.read_bytes()
        except OSError:
            self._stamp, self._name = None, b""
        return self._name
