"""Names and values as URLs and forms carry them (application/x-www-form-urlencoded)."""

from __future__ import annotations

import re
from binascii import a2b_qp
from urllib.parse import unquote_to_bytes

from govgraph.errors import GovgraphError

_BROKEN = re.compile(rb"%(?![0-9A-Fa-f]{2})")


def pairs(encoded: bytes) -> list[tuple[str, str]]:
    """The pairs in their order, those without a value too. GovgraphError(not-utf8)."""
    split = (part.partition(b"=") for part in encoded.split(b"&") if part)
    try:
        return [(_text(name), _text(value)) for name, _, value in split]
    except UnicodeDecodeError:
        raise GovgraphError("not-utf8") from None


def _text(encoded: bytes) -> str:
    return decoded(encoded.replace(b"+", b" ")).decode("utf-8")


def decoded(encoded: bytes) -> bytes:
    """Bytes without percent-encoding. The standard library undoes it in Python, which takes a quarter of
    a millisecond for a query with its prefixes; quoted-printable is the same with another sign, and
    undone in C."""
    if b"%" not in encoded:
        return encoded
    if _BROKEN.search(encoded):
        return unquote_to_bytes(encoded)
    return a2b_qp(encoded.replace(b"=", b"=3D").replace(b"%", b"="))
