"""Searches that are hard for an index, made from the names of the release that is searched."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise, product
from pathlib import Path

from opencc import OpenCC

from govgraph.lookup.search.letters import WIDE, parts, plain
from govgraph.lookup.search.readings import readings

#: Names that are drawn, and searches of each sort.
DRAWN, EACH = 4000, 6
_NAMES = """SELECT text, use, key FROM label JOIN entity ON entity.id = label.entity
WHERE label.id IN (%s)"""


def searches(labels: Path, seed: int = 1) -> dict[str, list[str]]:
    """Searches by their sort; the same index gives the same ones."""
    drawn = _drawn(labels, random.Random(seed))
    names = [text for text, use, _ in drawn if use in (0, 1) and WIDE.search(text)]
    letters = Counter(letter for name in names for letter in _wide(name))
    frequent = [letter for letter, _ in letters.most_common(12)]
    traditional = OpenCC("s2t")
    pick = names[: EACH * 3 : 3]
    return {
        "single character": frequent[:EACH],
        "frequent characters, no hit": _apart(names, frequent),
        "frequent words, no hit": _words_apart(names),
        "whole name": pick[:EACH],
        "beginning of a name": [name[: max(2, len(name) // 2)] for name in pick][:EACH],
        "traditional": [traditional.convert(name) for name in pick],
        "pinyin": [" ".join(readings().of_name(name)[0]) for name in pick],
        "pinyin, unfinished": ["".join(readings().of_name(name)[0])[:-1] for name in pick],
        "initials": ["".join(one[0] for one in readings().of_name(name)[0]) for name in pick],
        "pinyin of frequent syllables, no hit": [
            "".join(readings().of_name(text)[0]) for text in _apart(names, frequent)
        ],
        "typo": [_mistyped(name) for name in pick],
        "code": [text[:length] for text, use, _ in drawn if use == 2 for length in (2, 6)][:EACH],
        "identifier": [key for _, _, key in drawn[:EACH]],
        "nothing like it": ["龘龘龘", "zzzzzz", "qqxxqq"],
    }


def _drawn(labels: Path, chance: random.Random) -> list[tuple[str, int, str]]:
    with closing(sqlite3.connect(f"{labels.resolve().as_uri()}?mode=ro", uri=True)) as db:
        (last,) = db.execute("SELECT max(id) FROM label").fetchone()
        numbers = sorted(chance.sample(range(1, last + 1), min(DRAWN, last)))
        rows = db.execute(_NAMES % ",".join(map(str, numbers))).fetchall()
    chance.shuffle(rows)
    return [tuple(row) for row in rows]


def _wide(text: str) -> list[str]:
    return [part for part in parts(plain(text)) if WIDE.match(part)]


def _apart(names: list[str], frequent: list[str]) -> list[str]:
    """Four frequent characters of which no two stand together in any name drawn."""
    together = {pair for name in names for pair in pairwise(_wide(name))}
    return list(
        _first("".join(four) for four in product(frequent, repeat=4) if _strange(four, together))
    )


def _strange(four: tuple[str, ...], together: set[tuple[str, str]]) -> bool:
    return len(set(four)) == 4 and not together & set(pairwise(four))


def _words_apart(names: list[str]) -> list[str]:
    """Two frequent words of two characters that no name drawn has both of."""
    found = [{"".join(pair) for pair in pairwise(_wide(name))} for name in names]
    often = [word for word, _ in Counter(w for words in found for w in words).most_common(40)]
    return list(
        _first(
            f"{one} {other}"
            for one, other in product(often, repeat=2)
            if one < other and not any(one in words and other in words for words in found)
        )
    )


def _first(texts: Iterator[str]) -> Iterator[str]:
    """The first few, no two of which begin alike."""
    seen: set[str] = set()
    for text in texts:
        if text[0] not in seen and len(seen) < EACH:
            seen.add(text[0])
            yield text


def _mistyped(name: str) -> str:
    """The name with another character in its middle."""
    middle = len(name) // 2
    return f"{name[:middle]}错{name[middle + 1 :]}"
