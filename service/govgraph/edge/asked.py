"""What a request asks, for the log: the digest of its query, never its text."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Message, Receive

from govgraph.edge.form import decoded

_PATHS = ("/sparql", "/update")
_PARAMETER = re.compile(rb"(?:^|&)(?:query|update)=([^&]*)")
#: Bytes of a body that are kept for it; a query that the service takes is not longer.
MOST = 1 << 20


def digest(text: bytes) -> dict[str, str | int]:
    """The first 16 digits of the sha256 of a query's text, and its bytes; nothing if there is none."""
    return (
        {"query": hashlib.sha256(text).hexdigest()[:16], "query_bytes": len(text)} if text else {}
    )


@dataclass
class Asked:
    """The query or update of a request, found once the request is over."""

    scope: dict[str, Any]
    parts: list[bytes] = field(default_factory=list)
    size: int = 0
    _text: bytes | None = None

    def listening(self, receive: Receive) -> Receive:
        """The same requests' messages, of which this keeps what it needs."""
        if self.scope["method"] != "POST" or self.scope["path"] not in _PATHS:
            return receive

        async def hearing() -> Message:
            message = await receive()
            if content := message.get("body"):
                self.size += len(content)
                if self.size <= MOST:
                    self.parts.append(content)
            return message

        return hearing

    @property
    def text(self) -> bytes:
        """The query or update; empty if there is none."""
        if self._text is None:
            self._text = self._found()
        return self._text

    def _found(self) -> bytes:
        if self.size > MOST or self.scope["path"] not in _PATHS:
            return b""
        body = b"".join(self.parts)
        if body and not self._is_form():
            return body
        found = _PARAMETER.search(self.scope["query_string"]) or _PARAMETER.search(body)
        return decoded(found[1].replace(b"+", b" ")) if found else b""

    def _is_form(self) -> bool:
        media: bytes = dict(self.scope["headers"]).get(b"content-type", b"")
        return media.startswith(b"application/x-www-form-urlencoded")
