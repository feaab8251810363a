"""What a worker and its keeper say to each other: values in frames on a socket.

A frame is four bytes of length and a value written by marshal: bytes, texts, numbers, lists, dicts
and None. Both ends are processes of one installation, so the format need not outlive them.
"""

from __future__ import annotations

import marshal
import socket
import struct
from collections import deque
from collections.abc import Iterator
from typing import Any

_LENGTH = struct.Struct("!I")


def frame(value: Any) -> bytes:
    """A value as a frame."""
    body = marshal.dumps(value)
    return _LENGTH.pack(len(body)) + body


class Frames:
    """Values out of bytes as they come."""

    def __init__(self) -> None:
        self._held = bytearray()

    def add(self, come: bytes) -> Iterator[Any]:
        """The values that are whole by now."""
        self._held += come
        start, size = 0, _LENGTH.size
        while len(self._held) >= start + size:
            end = start + size + _LENGTH.unpack_from(self._held, start)[0]
            if len(self._held) < end:
                break
            value = marshal.loads(memoryview(self._held)[start + size : end])
            start = end
            yield value
        del self._held[:start]


class Receiver:
    """The values that come on a socket, waited for one by one."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._frames = Frames()
        self._come: deque[Any] = deque()

    def next(self) -> Any:
        """The next value. ConnectionError when the other end is gone."""
        while not self._come:
            part = self.connection.recv(1 << 20)
            if not part:
                raise ConnectionError("the keeper is gone")
            self._come.extend(self._frames.add(part))
        return self._come.popleft()
