"""A server's answer, read as it comes: within its time, known to be whole or broken."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from http.client import HTTPException, HTTPResponse
from typing import Protocol

from govgraph.errors import GovgraphError

#: Bytes that are read at a time.
BLOCK = 1 << 16


class Exchange:
    """One question and its answer: the time they may take, and the way to end them."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds
        self._link: socket.socket | None = None
        self._stopped = False

    def left(self) -> float:
        """Seconds that are left. GovgraphError(query-timeout) if there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.over()
        return left

    def over(self) -> GovgraphError:
        """What to say when the time is over."""
        return GovgraphError("query-timeout", limit=f"{self.seconds:g}")

    def use(self, link: socket.socket) -> None:
        """Go on over a connection. OSError if the exchange was stopped."""
        self._link = link
        link.settimeout(self.left())
        if self._stopped:
            raise ConnectionAbortedError

    def stop(self) -> None:
        """End it, from whichever thread: what waits for the server fails at once."""
        self._stopped = True
        if self._link is not None:
            with suppress(OSError):
                self._link.shutdown(socket.SHUT_RDWR)


class Body:
    """The bytes of a response as a file to read.

    `read` raises GovgraphError(query-timeout, remote-cut) and keeps it as `error`: parsers that
    read the file turn it into errors of their own.
    """

    def __init__(self, response: HTTPResponse, link: socket.socket, exchange: Exchange) -> None:
        self._response, self._link, self._exchange = response, link, exchange
        self.error: GovgraphError | None = None
        self.whole = False

    def read(self, size: int = -1) -> bytes:
        data = b""
        try:
            if not self._response.isclosed():  # which it is with its last byte
                self._exchange.use(self._link)
                data = self._response.read(size if size > 0 else BLOCK)
        except GovgraphError as error:
            self.error = error
        except TimeoutError:
            self.error = self._exchange.over()
        except (OSError, HTTPException, ValueError):
            self.error = GovgraphError("remote-cut")
        else:
            self.whole = not data and not self._response.length
            if data or self.whole:
                return data
            self.error = GovgraphError("remote-cut")  # fewer bytes than were announced
        raise self.error


class File(Protocol):
    """What parsers read from."""

    def read(self, size: int = -1) -> bytes:
        """Some bytes; none at the end."""
        ...


class Replacing:
    """A file whose bytes are those of another, with one text put for a second one."""

    def __init__(self, body: File, old: bytes, new: bytes) -> None:
        self._body, self._old, self._new = body, old, new
        self._held = b""

    def read(self, size: int = -1) -> bytes:
        """Some bytes, how many does not follow `size` closely; none at the end."""
        while data := self._body.read(size):
            text = (self._held + data).replace(self._old, self._new)
            keep = _overlap(text, self._old)
            ready, self._held = text[: len(text) - keep], text[len(text) - keep :]
            if ready:
                return ready
        rest, self._held = self._held, b""
        return rest


def _overlap(text: bytes, word: bytes) -> int:
    """How many bytes at a text's end may be the beginning of a word."""
    longest = min(len(text), len(word) - 1)
    return next((n for n in range(longest, 0, -1) if text.endswith(word[:n])), 0)
