"""An index that is open, and what a search asks it about letters."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from govgraph.lookup.search.hit import Hit
from govgraph.lookup.search.letters import plain

#: What begins a name, in a token together with the first word; what marks syllables and initials:
#: a beginning of a word must not lead through all that is read so.
FIRST, SOUND, INITIALS = "¦", "·", "°"
#: Columns of words, with those of their pairs.
PAIRS = {"name": "pair", "sound": "heard"}


@dataclass(frozen=True)
class Index:
    """The file of a release. `old` is one without ranks, readings and identifiers."""

    db: sqlite3.Connection

    @cached_property
    def about(self) -> dict[str, str]:
        """The base of the IRIs, the kinds of entities, the syllables of pinyin."""
        try:
            return dict(self.db.execute("SELECT name, value FROM about"))
        except sqlite3.OperationalError:
            return {}

    @property
    def old(self) -> bool:
        return not self.about

    @property
    def kinds(self) -> list[str]:
        return self.about["kinds"].split()

    @cached_property
    def syllables(self) -> frozenset[str]:
        return frozenset(self.about["syllables"].split())

    def folded(self, text: str) -> str:
        """A text as the index has it: plain, in simplified characters."""
        known = self._letters(lowered := plain(text))
        return lowered.translate({ord(letter): simple for letter, (simple, _) in known.items()})

    def sound(self, text: str) -> list[str]:
        """The usual reading of each character of a text; what has none is left out."""
        known = self._letters(text)
        return [known[one][1].split()[0] for one in text if one in known and known[one][1]]

    def _letters(self, text: str) -> dict[str, tuple[str, str]]:
        wanted = sorted({letter for letter in text if not letter.isascii()})
        marks = ",".join("?" * len(wanted))
        found = f"SELECT letter, simple, readings FROM letter WHERE letter IN ({marks})"
        return {letter: (simple, read) for letter, simple, read in self.db.execute(found, wanted)}

    def hit(self, kind: str, key: str, type_: str | None, *rest: Any) -> Hit:
        """A row of entity and label as a hit."""
        return Hit(f"{self.about['base']}{kind}/{key}", type_, *rest)


@contextmanager
def opened(path: Path) -> Iterator[Index]:
    """The index at a path, to be read."""
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as db:
        yield Index(db)


def kind_token(kind: str) -> str:
    """A kind of entities as one word of the index: `post-slot` must not match `post`."""
    return kind.replace("-", "")
