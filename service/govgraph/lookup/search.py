"""Search by label: an SQLite full-text index, written once with the release.

FTS5's own tokenizers find nothing for two Chinese characters, so each one is a token and a search
is a phrase; words of other scripts match by their beginning.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from govgraph.engine.base import Engine
from govgraph.vocabulary import PROLOGUE

_LABELS = """SELECT ?entity ?property ?label (MIN(STR(?class)) AS ?type) WHERE {
  VALUES ?property { skos:prefLabel skos:altLabel dcterms:title gov:statCode gov:uscc dcterms:identifier gov:purpose }
  GRAPH ?table { ?entity ?property ?label OPTIONAL { ?entity a ?class } }
  FILTER(STRSTARTS(STR(?entity), "%s") && !CONTAINS(STR(?entity), "/table/"))
} GROUP BY ?entity ?property ?label ORDER BY ?entity ?property ?label"""
_TOKEN = re.compile(r"[^\W_]+")
_WIDE = re.compile(r"([\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")


@dataclass(frozen=True)
class Hit:
    """A found entity with the label that matched."""

    iri: str
    type: str | None
    label: str
    lang: str | None


def write_index(engine: Engine, base: str, path: Path) -> int:
    """Index the labels of all entities; return how many labels there are."""
    rows = engine.select(PROLOGUE + _LABELS % base)
    with sqlite3.connect(path) as db:
        db.execute(
            "CREATE TABLE label (id INTEGER PRIMARY KEY, iri TEXT, type TEXT, label TEXT, lang TEXT, preferred INT)"
        )
        db.execute("CREATE VIRTUAL TABLE word USING fts5(text, content='')")
        for number, row in enumerate(rows, start=1):
            label = row["label"].value
            preferred = row["property"].value.endswith(("prefLabel", "title"))
            kind = row["type"].value if "type" in row else None
            lang = getattr(row["label"], "language", None)
            db.execute(
                "INSERT INTO label VALUES (?,?,?,?,?,?)",
                (number, row["entity"].value, kind, label, lang, preferred),
            )
            db.execute(
                "INSERT INTO word (rowid, text) VALUES (?,?)", (number, " ".join(tokens(label)))
            )
    db.close()
    return len(rows)


def tokens(text: str) -> list[str]:
    """Words in lower case, every Chinese character a word of its own.

    >>> tokens("西园 Xiyuan-2")
    ['西', '园', 'xiyuan', '2']
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _TOKEN.findall(_WIDE.sub(r" \1 ", plain))


def search(path: Path, text: str, *, limit: int, kind: str | None = None) -> list[Hit]:
    """Entities whose labels have the words of `text`, the closest labels first."""
    wanted = tokens(text)
    if not wanted:
        return []
    db = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        return list(_distinct(_matches(db, wanted, text, kind, limit * 4), limit))
    finally:
        db.close()


def _matches(
    db: sqlite3.Connection, wanted: list[str], text: str, kind: str | None, limit: int
) -> Iterable[tuple[str, str | None, str, str | None]]:
    exact = unicodedata.normalize("NFKC", text).casefold().strip()
    return db.execute(
        """SELECT iri, type, label, lang FROM word JOIN label ON label.id = word.rowid
           WHERE word MATCH ? AND (? IS NULL OR instr(iri, ?) > 0)
           ORDER BY lower(label) <> ?, NOT preferred, length(label), iri LIMIT ?""",
        (_expression(wanted), kind, f"/{kind}/", exact, limit),
    )


def _expression(wanted: list[str]) -> str:
    """Runs of Chinese characters as phrases, other words as prefixes, all of them required."""
    phrases: list[list[str]] = []
    for token in wanted:
        wide = bool(_WIDE.match(token))
        if wide and phrases and _WIDE.match(phrases[-1][0]):
            phrases[-1].append(token)
        else:
            phrases.append([token])
    return " AND ".join(f'"{" ".join(p)}"' + ("" if _WIDE.match(p[0]) else "*") for p in phrases)


def _distinct(rows: Iterable[tuple[str, str | None, str, str | None]], limit: int) -> Iterator[Hit]:
    seen: set[str] = set()
    for iri, kind, label, lang in rows:
        if iri not in seen and len(seen) < limit:
            seen.add(iri)
            yield Hit(iri, kind, label, lang)
