"""Indexes of releases that were built before names had readings: words and codes only.

A table `label (id, iri, type, label, lang, preferred)` with an FTS5 index `word` over its words.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from govgraph.lookup.search import words
from govgraph.lookup.search.hit import Hit
from govgraph.lookup.search.letters import plain

_MATCHES = """SELECT iri, type, label, lang, preferred FROM word JOIN label ON label.id = word.rowid
WHERE word MATCH ? AND instr(iri, ?) ORDER BY lower(label) <> ?, NOT preferred, length(label), iri"""
_ALL = """SELECT iri, type, label, lang, MIN(id) FROM label
WHERE preferred AND instr(iri, ?) GROUP BY iri ORDER BY iri LIMIT ? OFFSET ?"""


def search(db: sqlite3.Connection, text: str, kind: str | None) -> Iterator[Hit]:
    """Entities whose labels have the words of a text, the closest labels first."""
    expression = " AND ".join(map(_phrase, words.phrases(plain(text))))
    if not expression:
        return
    seen: set[str] = set()
    rows = db.execute(_MATCHES, (expression, _within(kind), plain(text).strip()))
    for iri, type_, label, lang, preferred in rows:
        if iri not in seen:
            seen.add(iri)
            yield Hit(iri, type_, label, lang, "name" if preferred else "alternative")


def all_of(db: sqlite3.Connection, kind: str, limit: int, offset: int) -> list[Hit]:
    """Entities of a kind in the order of their IRIs, by their first names."""
    return [Hit(*row[:4]) for row in db.execute(_ALL, (_within(kind), limit, offset))]


def _phrase(found: list[str]) -> str:
    return f'"{" ".join(found)}"' + (" *" if words.unfinished(found) else "")


def _within(kind: str | None) -> str:
    return f"/{kind}/" if kind else "/"
