"""Searching: the ways in which words may name an entity, one after another, until there are enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from govgraph.lookup.search import older, words
from govgraph.lookup.search.hit import HOW, Hit
from govgraph.lookup.search.letters import bare
from govgraph.lookup.search.open import Index, opened

_ENTITY = "entity.kind, key, type, label.text, lang"
_BY_WORDS = f"""SELECT {_ENTITY}, use FROM word CROSS JOIN label ON label.id = word.rowid
CROSS JOIN entity ON entity.id = label.entity WHERE word MATCH ? ORDER BY word.rowid"""
_WHOLE = f"""SELECT {_ENTITY}, use FROM whole CROSS JOIN label ON label.id = whole.label
CROSS JOIN entity ON entity.id = label.entity
WHERE whole.text = :text AND (:kind IS NULL OR entity.kind = :kind) ORDER BY label.id"""
_CODES = f"""SELECT {_ENTITY}, use FROM whole CROSS JOIN label ON label.id = whole.label
CROSS JOIN entity ON entity.id = label.entity
WHERE whole.text >= :text AND whole.text < :text || char(1114111) AND use = 2
AND (:kind IS NULL OR entity.kind = :kind) ORDER BY whole.text, label.id"""
_KEYS = f"""SELECT {_ENTITY} FROM entity JOIN label ON label.id = entity.first
WHERE kind = ? AND key >= ? AND key < ? ORDER BY key"""
_ALL = f"""SELECT {_ENTITY} FROM entity JOIN label ON label.id = entity.first
WHERE kind = ? AND use = 0 ORDER BY key LIMIT ? OFFSET ?"""


def search(path: Path, text: str, *, limit: int, kind: str | None = None) -> list[Hit]:
    """Entities that are called so, the best first: by their whole name or code, by a name that
    begins so or has these words, by pinyin, initials, the beginning of a code or an identifier."""
    with opened(path) as index:
        return list(islice(_found(index, text, kind), limit))


def how_many(path: Path, text: str, most: int) -> tuple[dict[str, int], bool]:
    """How many entities of each kind are called so, and whether that is all: only the first `most`
    are counted."""
    hits = search(path, text, limit=most + 1)
    return by_kind(hits[:most]), len(hits) <= most


def by_kind(hits: Iterable[Hit]) -> dict[str, int]:
    """How many hits there are of each kind."""
    return dict(Counter(map(_kind, hits)))


def _kind(hit: Hit) -> str:
    """The part of an IRI before its key, which has no slash."""
    return hit.iri.rsplit("/", 2)[-2]


def all_of(path: Path, kind: str, *, limit: int, offset: int = 0) -> list[Hit]:
    """Entities of a kind in the order of their keys, by their first names."""
    with opened(path) as index:
        if index.old:
            return older.all_of(index.db, kind, limit, offset)
        return [index.hit(*row) for row in index.db.execute(_ALL, (kind, limit, offset))]


def _found(index: Index, text: str, kind: str | None) -> Iterator[Hit]:
    """All of them, each once."""
    if index.old:
        return older.search(index.db, text, kind)
    return distinct(_ways(index, text, kind))


def distinct(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Each entity once, as it was first found."""
    seen: set[str] = set()
    for hit in hits:
        if hit.iri not in seen:
            seen.add(hit.iri)
            yield hit


def _ways(index: Index, text: str, kind: str | None) -> Iterator[Hit]:
    folded = index.folded(text)
    if whole := bare(folded):
        yield from _rows(index, _WHOLE, {"text": whole, "kind": kind})
        yield from _by_key(index, text, kind)
        for begins in (True, False):
            yield from by_words(index, words.names(folded, begins=begins), kind)
        yield from _by_letters(index, text, kind)
        yield from _rows(index, _CODES, {"text": whole, "kind": kind})
        yield from _by_key(index, text, kind, begins=True)


def _by_letters(index: Index, text: str, kind: str | None) -> Iterator[Hit]:
    """By pinyin, then by its initials."""
    letters = words.letters(text)
    for begins in (True, False):
        for expression in words.sounds(letters, index.syllables, begins=begins):
            yield from by_words(index, expression, kind, "pinyin")
    if letters:
        yield from by_words(index, words.initials(letters), kind, "initials")


def _by_key(index: Index, text: str, kind: str | None, *, begins: bool = False) -> Iterator[Hit]:
    """By identifier: a key, `type/key`, or the IRI; or by the beginning of a key."""
    typed = text.strip().removeprefix(index.about["base"])
    named, slash, key = typed.partition("/")
    kinds = [kind] if kind else index.kinds
    if slash and named in kinds:
        kinds, typed = [named], key
    for one in kinds if typed else ():
        for written in dict.fromkeys((quote(typed, safe=""), typed)):
            end = written + ("\U0010ffff" if begins else "\0")
            for row in index.db.execute(_KEYS, (one, written, end)):
                yield index.hit(*row, "identifier")


def by_words(index: Index, expression: str, kind: str | None, how: str = "") -> Iterator[Hit]:
    """Entities whose labels match an expression, in the order of their rank."""
    if not expression:
        return
    for row in index.db.execute(_BY_WORDS, (words.of_kind(expression, kind),)):
        yield index.hit(*row[:-1], how or HOW[row[-1]])


def _rows(index: Index, query: str, values: dict[str, str | None]) -> Iterator[Hit]:
    for row in index.db.execute(query, values):
        yield index.hit(*row[:-1], HOW[row[-1]])
