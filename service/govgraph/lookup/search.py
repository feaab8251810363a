"""Search by label: an SQLite full-text index, written once with the release.

FTS5's own tokenizers find nothing for two Chinese characters, so each one is a token and a search
is a phrase; words of other scripts match by their beginning.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path

from pyoxigraph import QueryResultsFormat

from govgraph.engine.base import Engine
from govgraph.engine.columnar.ntriples import unescape
from govgraph.vocabulary import PROLOGUE

_PROPERTIES = (
    "skos:prefLabel", "skos:altLabel", "dcterms:title", "gov:statCode", "gov:uscc",
    "dcterms:identifier", "gov:purpose",
)  # fmt: skip
_PREFERRED = ("skos:prefLabel", "dcterms:title")
_LABELS = """SELECT ?entity ?label ?class WHERE {
  GRAPH ?table { ?entity %s ?label OPTIONAL { ?entity a ?class } }
} ORDER BY ?entity"""
#: Labels that are written together.
BATCH = 10_000
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
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "CREATE TABLE label (id INTEGER PRIMARY KEY, iri TEXT, type TEXT, label TEXT, lang TEXT, preferred INT)"
        )
        db.execute("CREATE VIRTUAL TABLE word USING fts5(text, content='', tokenize='ascii')")
        labels = (label for name in _PROPERTIES for label in _labels(engine, base, name))
        rows = ((number, *label) for number, label in enumerate(labels, start=1))
        number = 0
        while batch := list(islice(rows, BATCH)):
            db.executemany("INSERT INTO label VALUES (?,?,?,?,?,?)", batch)
            words = ((row[0], " ".join(tokens(row[3]))) for row in batch)
            db.executemany("INSERT INTO word (rowid, text) VALUES (?,?)", words)
            number += len(batch)
    return number


def _labels(
    engine: Engine, base: str, name: str
) -> Iterator[tuple[str, str | None, str, str | None, bool]]:
    """What one property calls our entities: rows of `label` without their numbers.

    Read off a streamed answer, for a nation has millions, and put together here: a query that did
    so would need the texts of all terms at once.
    """
    answer = engine.answer(PROLOGUE + _LABELS % name, {"select": QueryResultsFormat.TSV})
    lines = (line.split("\t") for line in islice(_lines(answer.chunks), 1, None))
    for entity, rows in groupby(lines, key=itemgetter(0)):
        iri = entity[1:-1]
        if not iri.startswith(base) or "/table/" in iri:
            continue
        kinds: dict[str, list[str]] = {}
        for _, text, kind in rows:
            kinds.setdefault(text, []).append(kind[1:-1])
        for text, classes in sorted(kinds.items()):
            yield iri, min(filter(None, classes), default=None), *_literal(text), name in _PREFERRED


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from (line.decode() for line in whole)


def _literal(text: str) -> tuple[str, str | None]:
    """The lexical form and the language of a literal in TSV."""
    if not text.startswith('"'):
        return text, None  # a number, written bare
    lexical, _, rest = text[1:].rpartition('"')
    if "\\" in lexical:
        lexical = unescape(lexical)
    return lexical, rest[1:] if rest.startswith("@") else None


def tokens(text: str) -> list[str]:
    """Words in lower case, every Chinese character a word of its own.

    >>> tokens("西园 Xiyuan-2")
    ['西', '园', 'xiyuan', '2']
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _TOKEN.findall(_WIDE.sub(r" \1 ", plain))


def search(path: Path, text: str, *, limit: int, prefix: str = "") -> list[Hit]:
    """Entities whose labels have the words of `text`, the closest labels first.

    Only those whose IRI begins with the prefix.
    """
    wanted = _expression(text)
    if not wanted:
        return []
    with closing(_opened(path)) as db:
        return list(islice(_distinct(_matches(db, wanted, text, prefix)), limit))


def all_of(path: Path, prefix: str, *, limit: int, offset: int = 0) -> list[Hit]:
    """Entities whose IRI begins with the prefix, in the order of their IRIs, by their first name."""
    with closing(_opened(path)) as db:
        rows = db.execute(
            """SELECT iri, type, label, lang, MIN(id) FROM label
               WHERE preferred AND substr(iri, 1, ?) = ? GROUP BY iri ORDER BY iri LIMIT ? OFFSET ?""",
            (len(prefix), prefix, limit, offset),
        )
        return [Hit(*row[:4]) for row in rows]


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def _matches(
    db: sqlite3.Connection, wanted: str, text: str, prefix: str
) -> Iterable[tuple[str, str | None, str, str | None]]:
    exact = unicodedata.normalize("NFKC", text).casefold().strip()
    return db.execute(
        """SELECT iri, type, label, lang FROM word JOIN label ON label.id = word.rowid
           WHERE word MATCH ? AND substr(iri, 1, ?) = ?
           ORDER BY lower(label) <> ?, NOT preferred, length(label), iri""",
        (wanted, len(prefix), prefix, exact),
    )


def _expression(text: str) -> str:
    """Runs of Chinese characters as phrases, other words as prefixes, all of them required."""
    phrases: list[list[str]] = []
    for part in text.split():
        run = False
        for token in tokens(part):
            wide = bool(_WIDE.match(token))
            if wide and run:
                phrases[-1].append(token)
            else:
                phrases.append([token])
            run = wide
    return " AND ".join(f'"{" ".join(p)}"' + ("" if _WIDE.match(p[0]) else "*") for p in phrases)


def _distinct(rows: Iterable[tuple[str, str | None, str, str | None]]) -> Iterator[Hit]:
    seen: set[str] = set()
    for iri, kind, label, lang in rows:
        if iri not in seen:
            seen.add(iri)
            yield Hit(iri, kind, label, lang)
