"""How much room words take in a drawing: the server sets them without a font at hand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

_WORDS = re.compile(
    r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+\s*|\s+"
)
#: Width of a letter as a share of the size of type: a wide one fills it.
_WIDE, _NARROW = 1.0, 0.56


def width(text: str, size: float) -> float:
    """The width of a text in pixels, rather too much than too little."""
    return sum(_share(letter) for letter in text) * size


@cache
def _share(letter: str) -> float:
    return _WIDE if unicodedata.east_asian_width(letter) in "WFA" else _NARROW


def lines(text: str, size: float, room: float, most: int = 3) -> tuple[str, ...]:
    """A text in lines that fit into the room; what does not fit into the last ends in `…`.

    >>> lines("head of the work station", 12, 90)
    ('head of the', 'work station')
    """
    found = [""]
    for word in _cut(_WORDS.findall(" ".join(text.split())), size, room):
        if found[-1] and width((found[-1] + word).rstrip(), size) > room:
            found.append("")
        found[-1] += word
    told = [line.strip() for line in found]
    if len(told) > most:
        told = [*told[: most - 1], shortened(told[most - 1] + "…", size, room)]
    return tuple(told)


def _cut(words: Iterable[str], size: float, room: float) -> Iterable[str]:
    """Words; one that is wider than the room in pieces."""
    for word in words:
        rest = word
        while width(rest.rstrip(), size) > room and len(rest) > 1:
            at = max(1, int(room / (size * _WIDE)))
            yield rest[:at]
            rest = rest[at:]
        yield rest


def shortened(text: str, size: float, room: float) -> str:
    """A text that fits into the room, cut with `…` if it must."""
    if width(text, size) <= room:
        return text
    bare = text.rstrip("…")
    return bare[: _fitting(bare, room / size - _share("…"))] + "…"


def middled(text: str, size: float, room: float) -> str:
    """A name that fits into the room, cut in its middle if it must be: names of bodies of one place
    begin alike.

    >>> middled("Example Community 1: Residents' Committee", 12, 130)
    'Example…Committee'
    """
    if width(text, size) <= room:
        return text
    left = room / size - _share("…")
    begin = _fitting(text, left / 2)
    end = _fitting(text[:begin:-1], left - sum(map(_share, text[:begin])))
    return f"{text[:begin].rstrip()}…{text[len(text) - end :].lstrip()}"


def _fitting(letters: str, room: float) -> int:
    """How many letters fit into a room of so many times their size."""
    for number, letter in enumerate(letters):
        room -= _share(letter)
        if room < 0:
            return number
    return len(letters)
