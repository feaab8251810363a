"""Answers that are given again: under one release the same request has the same answer."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from govgraph.pool.lanes import is_write
from govgraph.pool.reply import Kept
from govgraph.release import Served

#: Answers larger than this are not kept.
LARGEST = 1 << 20
#: Bytes of a question that is remembered as one.
LONGEST = 4_096
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
#: The cookies that pages look at; no others change an answer.
_COOKIES = re.compile(rb"(?:^|;\s*)((?:lang|theme)=\w+)")
_METHODS = ("GET", "HEAD", "POST")
#: Calls of functions whose value is new with each query, and letters written so that they may hide
#: one.
_FRESH = re.compile(
    rb"(?i)(?:rand|uuid|now|bnode)(?:[\s+]|%0[9ad]|%20)*(?:[(#]|%28|%23)"
    rb"|%(?:4[1-9a-f]|5[0-9a]|6[1-9a-f]|7[0-9a])|(?:\\|%5c)u"
)
_OVERHEAD = 1024
#: The current release, and what was asked of it.
Key = tuple[Hashable, ...]


class Cache:
    """The last answers, as far as they fit."""

    def __init__(self, limit: int, home: Path) -> None:
        self.limit, self.current = limit, Served(home / "current")
        self.size = self.hits = self.misses = 0
        self._kept: OrderedDict[Key, Kept] = OrderedDict()

    def key(
        self, scope: dict[str, Any], body: bytes, told: tuple[Hashable, ...] | None = None
    ) -> Key | None:
        """What a request's answer is kept under; None if it is not kept at all. `told` is what its
        headers are telling, where that is known."""
        query, method = scope["query_string"], scope["method"]
        if not self.limit or method not in _METHODS or is_write(method, scope["path"]):
            return None
        if _is_fresh(query) or (body and _is_fresh(body)):
            return None
        url = scope.get("scheme", "http"), scope["raw_path"], query
        told = telling(scope["headers"]) if told is None else told
        return self.current.name(), method, url, body, told

    def __contains__(self, key: Key) -> bool:
        return key in self._kept

    def get(self, key: Key | None) -> Kept | None:
        if key is None or (found := self._kept.get(key)) is None:
            self.misses += 1
            return None
        self.hits += 1
        self._kept.move_to_end(key)
        return found

    def put(self, key: Key | None, answer: Kept) -> None:
        """Keep an answer that says what release it is of, unless another came meanwhile."""
        size = len(answer.body) + _OVERHEAD
        known = any(name == b"etag" for name, _ in answer.headers)
        if key is None or key in self._kept or not known or size > min(LARGEST, self.limit):
            return
        if answer.status not in (200, 304) or key[0] != self.current.name():
            return
        self._kept[key] = answer
        self.size += size
        while self.size > self.limit:
            self.size -= len(self._kept.popitem(last=False)[1].body) + _OVERHEAD


@lru_cache(1024)
def _looked_at(asked: bytes) -> bool:
    return _FRESH.search(asked) is not None


def _is_fresh(asked: bytes) -> bool:
    """Whether the answer may be new each time. Programs ask the same again."""
    return _looked_at(asked) if len(asked) < LONGEST else _FRESH.search(asked) is not None


def telling(headers: Iterable[tuple[bytes, bytes]]) -> tuple[Hashable, ...]:
    """What of a request's headers may change its answer."""
    return tuple(filter(None, map(_telling, headers)))


def _telling(header: tuple[bytes, bytes]) -> tuple[bytes, ...] | None:
    name, value = header
    if name == b"cookie":
        return tuple(_COOKIES.findall(value)) or None
    return (name, value) if name in _HEADERS else None
