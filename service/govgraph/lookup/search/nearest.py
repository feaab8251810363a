"""The last resort, when nothing is called so: names that sound the same, or are nearly written so."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from govgraph.lookup.search import words
from govgraph.lookup.search.find import by_words, distinct
from govgraph.lookup.search.hit import Hit
from govgraph.lookup.search.letters import WIDE, parts, plain
from govgraph.lookup.search.open import Index, opened

#: How alike a misspelt word must be, words that are tried for one, names that are compared.
ALIKE, TRIED, COMPARED = 0.7, 3, 200
#: Characters of a text that may have one wrong.
SHORTEST, LONGEST = 3, 12


def nearest(path: Path, text: str, *, limit: int, kind: str | None = None) -> list[Hit]:
    """Entities whose names sound like a text or differ from it in little, the nearest first."""
    with opened(path) as index:
        if index.old:
            return []
        folded = index.folded(text)
        ways = chain(_sounding(index, folded, kind), _nearly(index, folded, kind))
        return list(islice(distinct(ways), limit))


def _sounding(index: Index, text: str, kind: str | None) -> Iterator[Hit]:
    """Names that are read as the text is: another character was typed for one of the same sound."""
    letters = [one for one in parts(text) if WIDE.match(one)]
    if len(letters) > 1:
        for begins in (True, False):
            for heard in words.sounds(index.sound(text), index.syllables, begins=begins):
                yield from by_words(index, heard, kind, "sound")


def _nearly(index: Index, text: str, kind: str | None) -> Iterator[Hit]:
    """Names with one character or syllable that is another, or with words that are spelt alike."""
    letters = [one for one in parts(text) if WIDE.match(one)]
    if SHORTEST <= len(letters) <= LONGEST:
        yield from _compared(index, text, words.without_one("name", letters), kind)
    yield from _misread(index, "".join(words.letters(text)), kind)
    if spelt := _respelt(index, text):
        yield from by_words(index, words.names(spelt), kind, "near")


def _misread(index: Index, typed: str, kind: str | None) -> Iterator[Hit]:
    """Pinyin with one wrong syllable, or whose end cannot be read: what can be read of it."""
    for end in range(len(typed), SHORTEST, -1):
        for way in islice(words.ways_to_read(typed[:end], index.syllables), 1):
            if end == len(typed) and SHORTEST <= len(way) <= LONGEST:
                yield from by_words(
                    index, words.without_one("sound", words.heard(way)), kind, "near"
                )
            elif end < len(typed) and len(way) > 1:
                for heard in words.sounds([typed[:end]], index.syllables, begins=True):
                    yield from by_words(index, heard, kind, "near")
                return


def _compared(index: Index, text: str, expression: str, kind: str | None) -> Iterator[Hit]:
    """The first names that match an expression, those with the fewest changes first."""
    from rapidfuzz.distance import OSA

    found = list(islice(by_words(index, expression, kind, "near"), COMPARED))
    return iter(sorted(found, key=lambda hit: OSA.distance(plain(hit.label), text)))


def _respelt(index: Index, text: str) -> str:
    """The text with words of the index for those that it does not have; "" if nothing is like one."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    written = parts(text)
    known = [word for (word,) in index.db.execute("SELECT word FROM spelling")]
    changed = []
    for word in written:
        if word.isascii() and word.isalpha():
            best = process.extractOne(
                word, known, scorer=OSA.normalized_similarity, score_cutoff=ALIKE
            )
            if best is None:
                return ""
            word = best[0]
        changed.append(word)
    return " ".join(changed) if changed != written else ""
