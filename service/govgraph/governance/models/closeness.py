"""How close two names are: the share of neighbouring characters or of words that they have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

#: Words that make another post of a title: a deputy is not the head.
_DEPUTY = ("副", "vice", "deputy", "assistant", "助理")


def closeness(ours: Iterable[str], theirs: Iterable[str]) -> float:
    """The closeness of the closest two of some names, from 0 to 1.

    Sørensen and Dice's coefficient over pairs of neighbouring Chinese characters and over words
    of letters (Dice 1945, Ecology 26:297).

    >>> closeness({"社区党委"}, {"社区党委"})
    1.0
    >>> closeness({"主任"}, {"副主任"})
    0.0
    """
    theirs = list(theirs)
    return max((_close(a, b) for a in ours for b in theirs), default=0.0)


def _close(ours: str, theirs: str) -> float:
    (deputy, a), (other_deputy, b) = _read(ours), _read(theirs)
    if deputy != other_deputy or not a or not b:
        return 0.0
    return 2 * len(a & b) / (len(a) + len(b))


@lru_cache(1 << 14)
def _read(name: str) -> tuple[bool, frozenset[str]]:
    """Whether a name is a deputy's, and its pieces."""
    return any(word in name.casefold() for word in _DEPUTY), _pieces(name)


def _pieces(name: str) -> frozenset[str]:
    runs = re.findall(r"[^\W_\u3040-\u9fff]+|[\u3040-\u9fff]+", name.casefold())
    return frozenset(piece for run in runs for piece in _cut(run))


def _cut(run: str) -> list[str]:
    if not "\u3040" <= run[0] <= "\u9fff":
        return [run]
    return [run[at : at + 2] for at in range(max(1, len(run) - 1))]


def within(title: str, bodies: Iterable[str]) -> str:
    """A post's title without the name of its body: 社区党委副书记 in 社区党委 is 副书记."""
    names = sorted((name for name in bodies if name and name in title), key=len, reverse=True)
    return (title.replace(names[0], "").strip() or title) if names else title
