"""What is looked for, as expressions of FTS5. All words are quoted: its syntax is only text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from govgraph.lookup.search.letters import WIDE, pairs, parts, plain
from govgraph.lookup.search.open import FIRST, INITIALS, PAIRS, SOUND, kind_token

#: Ways to read letters as syllables that are tried, and letters that are read.
WAYS, LETTERS = 2, 60
_SYLLABLE = 6
_TONES = re.compile(r"(?<=[a-z])[1-5](?![0-9])")
_BETWEEN = re.compile(r"[\s'’·-]+")


def phrases(text: str) -> list[list[str]]:
    """Runs of Chinese characters, and other words one by one."""
    found: list[list[str]] = []
    for group in text.split():
        run = False
        for word in parts(group):
            wide = bool(WIDE.match(word))
            if wide and run:
                found[-1].append(word)
            else:
                found.append([word])
            run = wide
    return found


def names(text: str, *, begins: bool = False) -> str:
    """Names with all these words: Chinese as phrases, other words by their beginning. The first
    one may have to begin the name."""
    found = phrases(text)
    return " AND ".join(
        _in_a_row("name", one, begins and one is found[0], unfinished(one)) for one in found
    )


def unfinished(words: Sequence[str]) -> bool:
    """Whether words may only be the beginning: not Chinese, and no single letter, with which too
    much begins."""
    return not WIDE.match(words[0]) and len(words[0]) > 1


def letters(text: str) -> list[str]:
    """The words of a text if it may be pinyin, without tones.

    >>> letters("xī yuán"), letters("xi1yuan2"), letters("Lǚ Liáng"), letters("340104")
    (['xi', 'yuan'], ['xiyuan'], ['lv', 'liang'], [])
    """
    decomposed = unicodedata.normalize("NFD", text.casefold()).replace("u\u0304\u0308", "u\u0308")
    typed = re.sub("u[\u0300-\u0304\u030c]?\u0308", "v", decomposed)
    words = _BETWEEN.split(_TONES.sub("", plain(typed)).strip())
    letters = "".join(words)
    pinyin = letters.isascii() and letters.isalpha() and 2 <= len(letters) <= LETTERS
    return [word for word in words if word] if pinyin else []


def sounds(
    words: Sequence[str], syllables: Collection[str], *, begins: bool = False
) -> Iterator[str]:
    """Names that are read so, the likeliest way first. Spaces between single syllables are how
    pinyin is written; otherwise they part phrases. Words that are no pinyin, as in `xin jia po RC`,
    stand in names as they are."""
    ways = [list(islice(ways_to_read(word, syllables), WAYS)) for word in words]
    if not any(ways):
        return
    if foreign := [word for word, way in zip(words, ways, strict=True) if not way]:
        syllables = {*syllables, *foreign}
        ways = [way or [[word]] for word, way in zip(words, ways, strict=True)]
    if len(words) > 1 and all([word] in way for word, way in zip(words, ways, strict=True)):
        ways = [[list(words)]]
    if len(ways) == 1:
        yield from (_read(way, syllables, begins) for way in ways[0])
        return
    groups = (
        " OR ".join(_read(way, syllables, begins and not number) for way in found)
        for number, found in enumerate(ways)
    )
    yield " AND ".join(f"({group})" for group in groups)


def _read(way: Sequence[str], syllables: Collection[str], begins: bool) -> str:
    """One reading. Its last syllable may be unfinished while there are few; later an unfinished one
    says little, and each way to finish it would go through all names that have the others."""
    *whole, last = way
    if whole and last in syllables:
        return _in_a_row("sound", heard(way), begins)
    if len(whole) > 1:
        return _in_a_row("sound", heard(whole), begins)
    ends = sorted(one for one in syllables if one.startswith(last))
    return " OR ".join(_in_a_row("sound", heard([*whole, end]), begins) for end in ends)


def heard(way: Sequence[str]) -> list[str]:
    """Syllables as the index has them."""
    return [SOUND + syllable for syllable in way]


def ways_to_read(word: str, syllables: Collection[str]) -> Iterator[list[str]]:
    """Letters as syllables, the last of which may be unfinished; long syllables first.

    >>> list(ways_to_read("xianga", {"xi", "xian", "xiang", "an", "ga", "gang"}))
    [['xiang', 'a'], ['xian', 'ga'], ['xi', 'an', 'ga']]
    """
    ends = {len(word)}
    for at in reversed(range(len(word))):
        if _steps(word, at, syllables, ends):
            ends.add(at)

    def read(at: int) -> Iterator[list[str]]:
        if at == len(word):
            yield []
        for end in _steps(word, at, syllables, ends):
            yield from ([word[at:end], *rest] for rest in read(end))

    return read(0)


def _steps(word: str, at: int, syllables: Collection[str], ends: Collection[int]) -> list[int]:
    """Where a syllable that begins here may end, the longest first."""
    last = min(at + _SYLLABLE, len(word))
    steps = [end for end in range(last, at, -1) if end in ends and word[at:end] in syllables]
    rest = word[at:]
    unfinished = len(rest) < _SYLLABLE and any(one.startswith(rest) for one in syllables)
    return [len(word), *steps] if unfinished and rest not in syllables else steps


def initials(words: Sequence[str]) -> str:
    """Names whose syllables begin with these letters."""
    return _in("initials", f'"{INITIALS}{"".join(words)}" *')


def of_kind(expression: str, kind: str | None) -> str:
    """The same among entities of one kind."""
    return f'({expression}) AND kind : "{kind_token(kind)}"' if kind else expression


def without_one(column: str, words: Sequence[str]) -> str:
    """Texts with these words in a row, but for one that is another or missing."""
    left = [(words[:at], words[at + 1 :]) for at in range(len(words))]
    return " OR ".join(f"({_around(column, before, after)})" for before, after in left)


def _around(column: str, before: Sequence[str], after: Sequence[str]) -> str:
    """Texts with two runs of words and no more than one word between them. One word alone is only
    asked for, wherever it stands: a word that many names have says little of where."""
    runs = [words for words in (before, after) if words]
    if min(map(len, runs)) < 2 or len(runs) < 2:
        return " AND ".join(_in_a_row(column, words) for words in runs)
    one, other = (_quoted(pairs(words)) for words in runs)
    return f"{PAIRS[column]} : NEAR({one} {other}, 2)"


def _in_a_row(column: str, words: Sequence[str], begins: bool = False, prefix: bool = False) -> str:
    """Texts with these words one after another: what has several is found by their pairs."""
    if len(words) > 1:
        return f"{PAIRS[column]} : {_quoted(pairs(words), begins)}"
    return f"{column} : {_quoted(words, begins, prefix)}"


def _quoted(words: Sequence[str], begins: bool = False, prefix: bool = False) -> str:
    """A phrase. One that begins a name has the mark of its first word before it, unless that word
    is itself unfinished."""
    single = prefix and len(words) == 1
    text = " ".join([FIRST + words[0], *([] if single else words)] if begins else words)
    return f'"{text}"' + (" *" if prefix else "")


def _in(column: str, expression: str) -> str:
    return f"{column} : ({expression})" if expression else ""
