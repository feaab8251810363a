"""How Chinese names are read, and the simplified form of their characters.

Both come from pypinyin's and OpenCC's dictionaries while an index is written. The index keeps what
a search needs of them, so nothing that serves a release ever loads them (docs/adr/0025).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice

from govgraph.lookup.search.letters import WIDE

#: A reading is common if it is this share of what the dictionary's words have.
COMMON = 0.1
#: Readings of a character, readings of a name, and characters of a name that are read.
EACH, MOST, LONG = 3, 6, 40
#: So short a name may be a person's or a county's, which are read in rare ways.
SHORT = 4
_BLOCK = range(0x4E00, 0xA000)
_RUN = re.compile(rf"({WIDE.pattern}+)|[^\W_\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
Phrases = Mapping[str, Sequence[tuple[str, tuple[str, ...]]]]


@dataclass(frozen=True)
class Readings:
    """`simple` maps traditional characters, `every` and `common` have the readings of each one, the
    usual first; `phrases` the words that settle them, by their first characters."""

    simple: Mapping[int, str]
    every: Mapping[str, tuple[str, ...]]
    common: Mapping[str, tuple[str, ...]]
    phrases: Phrases

    def of_name(self, text: str) -> list[list[str]]:
        """How a name in simplified characters may be read, the likeliest way first; the others
        differ from it in one character. Words of other scripts stay; without Chinese there is
        nothing to read."""
        if not WIDE.search(text):
            return []
        rare = len(text) <= SHORT
        letters = list(islice(self._letters(text, rare), LONG))
        first = [readings[0] for readings in letters]
        others = (
            [*first[:at], other, *first[at + 1 :]]
            for at, readings in enumerate(letters)
            for other in readings[1:]
        )
        return [first, *islice(others, MOST - 1)]

    def _letters(self, text: str, rare: bool) -> Iterator[tuple[str, ...]]:
        """The readings of each character in turn."""
        for found in _RUN.finditer(text):
            if not found[1]:
                yield (found[0],)
                continue
            at = found.start()
            while at < found.end():
                read = self._phrase(text, at) or (self._letter(text[at], rare),)
                yield from read
                at += len(read)

    def _phrase(self, text: str, at: int) -> Sequence[tuple[str, ...]]:
        for phrase, readings in self.phrases.get(text[at], ()):
            if text.startswith(phrase, at):
                return [(reading,) for reading in readings]
        return ()

    def _letter(self, letter: str, rare: bool) -> tuple[str, ...]:
        return (self.every if rare else self.common).get(letter) or (letter,)


@cache
def readings() -> Readings:
    """The dictionaries, loaded once: about half a second and 40 MB."""
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

    words = {
        phrase: tuple(toneless(syllable[0]) for syllable in read)
        for phrase, read in PHRASES_DICT.items()
        if len(phrase) == len(read) > 1
    }
    counts = _counts(words)
    every, common = {}, {}
    for code, read in PINYIN_DICT.items():
        letter, used = chr(code), counts.get(chr(code), Counter())
        known = list(dict.fromkeys(map(toneless, read.split(","))))
        known.sort(key=lambda reading, used=used: -used[reading])  # type: ignore[misc]
        every[letter] = tuple(known[:EACH])
        usual = [reading for reading in known if used[reading] >= COMMON * used.total()]
        common[letter] = tuple(usual[:EACH]) if used else (known[0],)
    return Readings(_simple(), every, common, _settling(words, every))


def _counts(words: Mapping[str, tuple[str, ...]]) -> Mapping[str, Counter[str]]:
    """How often each character is read in each way in the words of the dictionary."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for phrase, read in words.items():
        for letter, reading in zip(phrase, read, strict=True):
            counts[letter][reading] += 1
    return counts


def _settling(
    words: Mapping[str, tuple[str, ...]], every: Mapping[str, tuple[str, ...]]
) -> Phrases:
    """The words with a character that has several readings, the longest first."""
    found: defaultdict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    for phrase in sorted(words, key=len, reverse=True):
        if any(len(every.get(letter, ())) > 1 for letter in phrase):
            found[phrase[0]].append((phrase, words[phrase]))
    return found


def _simple() -> Mapping[int, str]:
    """Characters that are simplified one by one, so that names and searches always agree."""
    from opencc import OpenCC

    letters = [chr(code) for code in _BLOCK]
    simplified = OpenCC("t2s").convert("\n".join(letters)).split("\n")
    pairs = zip(letters, simplified, strict=True)
    return {ord(one): other for one, other in pairs if one != other and len(other) == 1}


@lru_cache(4096)
def toneless(syllable: str) -> str:
    """A syllable as it is typed.

    >>> toneless("lǜ"), toneless("yuán")
    ('lv', 'yuan')
    """
    letters = unicodedata.normalize("NFD", syllable.replace("ê", "e"))
    typed = letters.replace("u\u0308", "v")
    return "".join(letter for letter in typed if not unicodedata.combining(letter))


@cache
def letters() -> tuple[tuple[str, str, str], ...]:
    """What a search needs to know of characters: each one, its simplified form, its readings."""
    return tuple(_letters(readings()))


def _letters(known: Readings) -> Iterator[tuple[str, str, str]]:
    for letter in map(chr, _BLOCK):
        simple = known.simple.get(ord(letter), letter)
        read = known.every.get(simple) or known.every.get(letter, ())
        if read or simple != letter:
            yield letter, simple, " ".join(read)
