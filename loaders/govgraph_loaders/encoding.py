"""Bytes to text: gzip, byte-order marks, declared and safely detected Chinese encodings."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from pathlib import Path
from typing import IO

SAMPLE = 4 << 20
#: What opening, unpacking and decoding can raise.
FILE_ERRORS = (OSError, EOFError, UnicodeError, zlib.error)
#: Supersets that read what the narrower label promises.
ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "big5": "big5hkscs"}
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Lead bytes of the everyday characters (level 1) of each standard.
COMMON = {"gb18030": ("gb2312", 0xB0, 0xD7), "big5hkscs": ("big5", 0xA4, 0xC6)}


def _mark(error: UnicodeError) -> tuple[str, int]:
    """Decode each undecodable byte to a lone surrogate, so that its cell can be found later."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(chr(0xDC80 + (byte & 0x7F)) for byte in bad), error.end


codecs.register_error("govgraph-mark", _mark)


def open_bytes(path: Path) -> IO[bytes]:
    """Open a file for reading, through gzip when its name ends in .gz."""
    if path.suffix.lower() == ".gz":
        return gzip.open(path, "rb")  # type: ignore[return-value]
    return path.open("rb")


def open_text(path: Path, encoding: str) -> io.TextIOWrapper:
    """Open as text without newline translation; bad bytes become lone surrogates."""
    return io.TextIOWrapper(open_bytes(path), encoding, errors="govgraph-mark", newline="")


def find_encoding(path: Path, declared: str | None) -> tuple[str, bool]:
    """The codec to read a file with, and whether it was guessed.

    A byte-order mark decides, then the declaration; valid UTF-8 is UTF-8; GB18030 or Big5 are
    taken only when one of them alone reads the text as everyday Chinese. Anything else is UTF-8
    with bad bytes, which the row reader reports where they stand.
    """
    with open_bytes(path) as stream:
        mark = stream.read(4)
        for bom, name in BOMS:
            if mark.startswith(bom):
                return name, False
        if declared:
            return _codec(declared), False
        head = mark + stream.read(SAMPLE)
        if _is_utf8(head, stream):
            return "utf-8", False
    return _guess(head)


def _codec(declared: str) -> str:
    name = codecs.lookup(declared).name
    return ALIASES.get(name.replace("-", "").replace("_", ""), name)


def _guess(head: bytes) -> tuple[str, bool]:
    scores = {name: _everyday(head, name) for name in COMMON}
    best, other = sorted(scores, key=scores.__getitem__, reverse=True)
    if scores[best] >= 0.85 and scores[other] <= 0.65 and not _nearly_utf8(head):
        return best, True
    return "utf-8", False


def _is_utf8(head: bytes, rest: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    chunk = head
    try:
        while chunk:
            decoder.decode(chunk)
            chunk = rest.read(SAMPLE)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _nearly_utf8(sample: bytes) -> bool:
    text = sample.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    return sum(ch >= "\u0800" for ch in text) - bad > 3 * bad


def _everyday(sample: bytes, encoding: str) -> float:
    """The share of a sample's non-ASCII characters that are everyday ones of an encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        text = decoder.decode(sample)
    except UnicodeDecodeError:
        return 0.0
    standard, low, high = COMMON[encoding]
    wide = [ch for ch in text if ch > "\x7f"]
    if not wide:
        return 0.0
    return sum(_common(ch, standard, low, high) for ch in wide) / len(wide)


def _common(ch: str, standard: str, low: int, high: int) -> bool:
    if (
        "\u3000" <= ch <= "\u301f"
        or "\uff01" <= ch <= "\uff5e"
        or ch in "\u201c\u201d\u2018\u2019—…·"
    ):
        return True
    try:
        lead = ch.encode(standard)[0]
    except UnicodeEncodeError:
        return False
    return low <= lead <= high
