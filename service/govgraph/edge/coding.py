"""Content codings: which one a client wants (RFC 9110 §12.5.3), and bytes into and out of them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Protocol

from zstandard import COMPRESSOBJ_FLUSH_BLOCK, ZstdCompressor, ZstdDecompressor, ZstdError

from govgraph.errors import GovgraphError

#: The codings that we offer, the first of equals first.
OFFERED = ("zstd", "gzip")
#: Answers of fewer bytes are not worth it.
LEAST = 1000
_ALIASES = {"x-gzip": "gzip"}
#: Levels beyond which an answer takes much longer to send than it gets smaller.
_GZIP, _ZSTD = 3, 2
#: RFC 9659: a window that every recipient has room for.
_WINDOW = 8 << 20
_GZIP_FRAME = 31
#: Bytes of zstd that are decoded at a time; four of them may stand for 128 kB.
_SLICE = 256


@lru_cache(128)
def choose(accepted: str | None) -> str:
    """The coding for an answer under a header Accept-Encoding: one that is offered, or identity.

    GovgraphError(not-acceptable) if it leaves neither."""
    if not accepted:
        return "identity"
    asked = _asked(accepted)
    rest = asked.get("*")
    qualities = {name: asked.get(name, rest or 0.0) for name in OFFERED}
    best = max(OFFERED, key=lambda name: qualities[name])
    plain = asked.get("identity", 0.0 if rest == 0 else None)
    if qualities[best] > 0 and qualities[best] >= (plain or 0.0):
        return best
    if plain == 0:
        raise GovgraphError("not-acceptable", offered=", ".join(OFFERED))
    return "identity"


def allows_identity(accepted: str | None) -> bool:
    """Whether an answer may go as it is."""
    asked = _asked(accepted or "")
    return asked.get("identity", asked.get("*", 1.0)) > 0


def _asked(header: str) -> dict[str, float]:
    """The q-value of each coding that a header names."""
    found: dict[str, float] = {}
    for part in header.lower().split(","):
        name, *parameters = [piece.strip() for piece in part.split(";")]
        quality = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                quality = _number(parameter[2:])
        if name:
            found[_ALIASES.get(name, name)] = quality
    return found


def _number(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0


class Encoder(Protocol):
    """Encodes a stream piece by piece."""

    def piece(self, content: bytes) -> bytes:
        """What a client needs to have all of the content up to here."""
        ...

    def end(self, content: bytes) -> bytes:
        """The last piece; without it a client can tell that the stream was cut."""
        ...


class _Gzip:
    def __init__(self) -> None:
        self._stream = zlib.compressobj(_GZIP, zlib.DEFLATED, _GZIP_FRAME)

    def piece(self, content: bytes) -> bytes:
        return self._stream.compress(content) + self._stream.flush(zlib.Z_SYNC_FLUSH)

    def end(self, content: bytes) -> bytes:
        return self._stream.compress(content) + self._stream.flush()


class _Zstd:
    def __init__(self) -> None:
        self._stream = ZstdCompressor(level=_ZSTD).compressobj()

    def piece(self, content: bytes) -> bytes:
        return self._stream.compress(content) + self._stream.flush(COMPRESSOBJ_FLUSH_BLOCK)

    def end(self, content: bytes) -> bytes:
        return self._stream.compress(content) + self._stream.flush()


ENCODERS: dict[str, Callable[[], Encoder]] = {"gzip": _Gzip, "zstd": _Zstd}


def decoded(content: bytes, coding: str | None, limit: int) -> bytes:
    """The content of a request under its header Content-Encoding, of `limit` bytes at most: it is
    not decoded further than that.

    GovgraphError(body-too-large, content-coding, unsupported-media-type for another coding)."""
    name = (coding or "identity").strip().lower()
    name = _ALIASES.get(name, name)
    if name in ("", "identity"):
        found = content
    elif name in _DECODERS:
        try:
            found = b"".join(_DECODERS[name](content, limit + 1))
        except (EOFError, ZstdError, zlib.error):
            raise GovgraphError("content-coding", coding=name) from None
    else:
        raise GovgraphError("unsupported-media-type", given=f"Content-Encoding: {name[:40]}")
    if len(found) > limit:
        raise GovgraphError("body-too-large", limit=limit)
    return found


def _gunzipped(content: bytes, most: int) -> Iterable[bytes]:
    """The members of a gzip file, `most` bytes of them at most. EOFError if it is cut."""
    while content and most > 0:
        stream = zlib.decompressobj(_GZIP_FRAME)
        part = stream.decompress(content, most)
        most -= len(part)
        yield part
        if most > 0 and not stream.eof:
            raise EOFError
        content = stream.unused_data


def _unzstd(content: bytes, most: int) -> Iterable[bytes]:
    """The frames of a zstd file, little more than `most` bytes of them. EOFError if it is cut."""
    stream = ZstdDecompressor(max_window_size=_WINDOW).decompressobj()
    for start in range(0, len(content), _SLICE):
        rest = content[start : start + _SLICE]
        while rest:
            if stream.eof:
                stream = ZstdDecompressor(max_window_size=_WINDOW).decompressobj()
            part = stream.decompress(rest)
            rest = stream.unused_data if stream.eof else b""
            most -= len(part)
            yield part
            if most <= 0:
                return
    if content and not stream.eof:
        raise EOFError


_DECODERS: dict[str, Callable[[bytes, int], Iterable[bytes]]] = {
    "gzip": _gunzipped,
    "zstd": _unzstd,
}
