"""What the lines of a request's head say, beside what it asks for.

On one connection programs send the same lines time after time, so it is found out once.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any, NamedTuple

from govgraph.edge.addresses import Networks, address, by_https
from govgraph.edge.edge import given_id
from govgraph.pool.athand import accepted
from govgraph.pool.cache import telling

#: Bytes of a head that is known again.
LONGEST = 8_192
#: Targets that mean what they say without a parser: a path, and what follows its question mark.
_PLAIN = re.compile(rb"GET (/[\w./~-]*+)(?:\?([\w./~!$&'()*+,;=:@?%-]*+))?+")
_ENDS, _BLANK = b" HTTP/1.1\r\n", b"\r\n\r\n"


class Head(NamedTuple):
    """What the lines of a head say, of the client that sent them."""

    #: The request's scope but for what it asks for.
    scope: dict[str, Any]
    address: str
    scheme: str
    #: The request's id, if it was given one.
    id: str
    #: What of it may change an answer that is kept.
    telling: tuple[Hashable, ...]
    #: The codings that are accepted for an answer at hand; None if none will do.
    accepted: str | None
    #: Whether it says which answer the client has.
    conditional: bool

    @classmethod
    def of(cls, scope: dict[str, Any], trusted: Networks) -> Head:
        """What the head of a request says, whose proxies are trusted so far."""
        headers = scope["headers"]
        return cls(
            scope.copy(),
            address(scope, trusted),
            "https" if by_https(scope, trusted) else scope["scheme"],
            given_id(headers),
            telling(headers),
            accepted(headers),
            any(name == b"if-none-match" for name, _ in headers),
        )


class Known(NamedTuple):
    """The lines of a head, as they were sent, and what they say."""

    lines: bytes
    head: Head

    def target(self, sent: bytes) -> tuple[bytes, bytes] | None:
        """Path and query of a GET with the same lines; None if it is another, or no plain one."""
        first, _, lines = sent.partition(_ENDS)
        found = _PLAIN.fullmatch(first) if lines == self.lines else None
        return (found[1], found[2] or b"") if found else None


def known(sent: bytes, url: bytes, head: Head) -> Known | None:
    """The head of a GET of a URL, if it is all that was sent."""
    first, _, lines = sent.partition(_ENDS)
    if len(sent) > LONGEST or first != b"GET " + url:
        return None
    return Known(lines, head) if lines.find(_BLANK) == len(lines) - len(_BLANK) else None
