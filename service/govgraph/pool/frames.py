"""What a worker and its keeper say to each other: values in frames on a socket.

A frame is four bytes of length and a value written by marshal: bytes, texts, numbers, lists, dicts
and None. Both ends are processes of one installation, so the format need not outlive them.
"""

from __future__ import annotations

import asyncio
import marshal
import socket
import struct
from typing import Any

_LENGTH = struct.Struct("!I")


def frame(value: Any) -> bytes:
    """A value as a frame."""
    body = marshal.dumps(value)
    return _LENGTH.pack(len(body)) + body


async def read(stream: asyncio.StreamReader) -> Any:
    """The next value. asyncio.IncompleteReadError when the other end is gone."""
    (length,) = _LENGTH.unpack(await stream.readexactly(_LENGTH.size))
    return marshal.loads(await stream.readexactly(length))


def receive_frame(connection: socket.socket) -> Any:
    """The next value, waited for. ConnectionError when the other end is gone."""
    (length,) = _LENGTH.unpack(_exactly(connection, _LENGTH.size))
    return marshal.loads(_exactly(connection, length))


def _exactly(connection: socket.socket, size: int) -> bytes:
    found = bytearray()
    while len(found) < size:
        part = connection.recv(min(size - len(found), 1 << 20))
        if not part:
            raise ConnectionError("the keeper is gone")
        found += part
    return bytes(found)
