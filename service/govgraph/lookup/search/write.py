"""The index of a release: an SQLite file whose rows are in the order of their rank.

FTS5's own tokenizers find nothing for two Chinese characters, so each one is a token, and so is each
two that stand together: a search for several is a phrase of such pairs. FTS5 gives rows in the order
of their numbers, and these follow the rank: the first rows of an answer are the best, and the rest
need not be looked at.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from itertools import islice
from pathlib import Path

from govgraph.engine.base import Engine
from govgraph.lookup.search.labels import CODE, NAMES, labels
from govgraph.lookup.search.letters import WIDE, bare, pairs, parts, plain
from govgraph.lookup.search.open import FIRST, INITIALS, SOUND, kind_token
from govgraph.lookup.search.readings import letters, readings

#: Labels that are written together, characters of a text that is found whole.
BATCH, WHOLE = 10_000, 80
#: Stands in a column of pairs for a pair that nobody asks for.
GAP = "¬"
#: Letters of a word that may be misspelt.
_WORDY = 4
_SCHEMA = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE letter (letter TEXT PRIMARY KEY, simple TEXT, readings TEXT) WITHOUT ROWID;
CREATE TABLE entity (id INTEGER PRIMARY KEY, kind TEXT, key TEXT, type TEXT, first INT);
CREATE TABLE label (id INTEGER PRIMARY KEY, entity INT, use INT, text TEXT, lang TEXT);
CREATE TABLE whole (text TEXT, label INT, PRIMARY KEY (text, label)) WITHOUT ROWID;
CREATE TABLE spelling (word TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE VIRTUAL TABLE word USING
  fts5(name, pair, sound, heard, initials, kind, content='', columnsize=0, tokenize='ascii');
INSERT INTO word (word, rank) VALUES ('hashsize', 67108864);
CREATE TABLE draft.label (kind TEXT, key TEXT, type TEXT, use INT, text TEXT, lang TEXT);
CREATE TABLE draft.whole (text TEXT, label INT)"""
_RANKED = """
INSERT INTO entity (kind, key, type)
  SELECT kind, key, min(type) FROM draft.label GROUP BY kind, key ORDER BY kind, key;
CREATE UNIQUE INDEX entity_key ON entity (kind, key);
INSERT INTO label (entity, use, text, lang)
  SELECT entity.id, use, text, lang FROM draft.label JOIN entity USING (kind, key)
  ORDER BY use, length(text), kind, key, text, lang;
CREATE TEMP TABLE named AS SELECT entity, min(id) AS first FROM label GROUP BY entity;
UPDATE entity SET first = named.first FROM named WHERE named.entity = entity.id"""
#: Sorted before they are put in: each page of the file is written once.
_SORTED = """
INSERT INTO whole SELECT text, label FROM draft.whole ORDER BY text, label;
INSERT INTO word (word) VALUES ('optimize')"""
_ROWS = """SELECT label.id, text, use, kind FROM label JOIN entity ON entity.id = label.entity
ORDER BY label.id"""


def write_index(engine: Engine, base: str, path: Path) -> int:
    """Index the labels of all entities; return how many labels there are."""
    draft = path.with_name(f"{path.name}.draft")
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("ATTACH ? AS draft", (str(draft),))
        _run(db, _SCHEMA)
        db.executemany("INSERT INTO draft.label VALUES (?,?,?,?,?,?)", labels(engine, base))
        _run(db, _RANKED)
        _write_words(db)
        _write_about(db, base)
        (count,) = db.execute("SELECT count(*) FROM label").fetchone()
    draft.unlink()
    return int(count)


def _run(db: sqlite3.Connection, script: str) -> None:
    for statement in script.split(";"):
        db.execute(statement)


def _write_words(db: sqlite3.Connection) -> None:
    """The words of all labels, batch by batch."""
    simple = readings().simple
    spelt: set[str] = set()
    rows = iter(db.cursor().execute(_ROWS))
    while batch := list(islice(rows, BATCH)):
        texts = [(number, plain(text).translate(simple), *rest) for number, text, *rest in batch]
        whole = ((bare(text)[:WHOLE], number) for number, text, *_ in texts)
        db.executemany("INSERT INTO draft.whole VALUES (?,?)", whole)
        named = [row for row in texts if row[2] != CODE]
        db.executemany(
            "INSERT INTO word (rowid, name, pair, sound, heard, initials, kind)"
            " VALUES (?,?,?,?,?,?,?)",
            (_words(*row) for row in named),
        )
        spelt.update(word for row in named for word in _spelt(row[1]))
    db.executemany("INSERT INTO spelling VALUES (?)", zip(sorted(spelt)))
    _run(db, _SORTED)


def _words(number: int, text: str, use: int, kind: str) -> tuple[int, *tuple[str, ...]]:
    words = parts(text)
    sounds = _sounds(text) if use in NAMES else ("", "", "")
    return number, _marked(words), _marked(_wide_pairs(words)), *sounds, kind_token(kind)


def _marked(words: Sequence[str]) -> str:
    """Words with the mark of the first one before them."""
    return " ".join([FIRST + words[0], *words]) if words else ""


def _wide_pairs(words: Sequence[str]) -> list[str]:
    """The pairs of Chinese characters; any other pair is only a gap between them."""
    return [
        pair if WIDE.match(one) and WIDE.match(other) else GAP
        for pair, one, other in zip(pairs(words), words, words[1:], strict=False)
    ]


@lru_cache(100_000)
def _sounds(text: str) -> tuple[str, str, str]:
    """A name's readings as words, as pairs of them and as initials. Posts and bodies have the same
    names all over a nation."""
    ways = readings().of_name(text)
    initials = dict.fromkeys("".join(syllable[0] for syllable in way) for way in ways)
    heard = [[SOUND + syllable for syllable in way] for way in ways]
    sound = " ".join(map(_marked, heard))
    together = " ".join(_marked(pairs(way)) for way in heard)
    return sound, together, " ".join(INITIALS + letters for letters in initials)


def _spelt(text: str) -> Iterator[str]:
    return (
        word for word in parts(text) if len(word) >= _WORDY and word.isascii() and word.isalpha()
    )


def _write_about(db: sqlite3.Connection, base: str) -> None:
    db.executemany("INSERT INTO letter VALUES (?,?,?)", letters())
    kinds = [kind for (kind,) in db.execute("SELECT DISTINCT kind FROM entity ORDER BY kind")]
    syllables = sorted({one for _, _, read in letters() for one in read.split()})
    about = {"base": base, "kinds": " ".join(kinds), "syllables": " ".join(syllables)}
    db.executemany("INSERT INTO about VALUES (?,?)", about.items())
