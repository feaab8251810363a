"""Query files: a header in YAML behind `#+ `, then SPARQL. One file is query and documentation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from govgraph import resources
from govgraph.errors import GovgraphError

MARK = "#+ "


@dataclass(frozen=True)
class QueryFile:
    """A query with its header. `text` is what the engine gets."""

    path: Path
    header: dict[str, Any]
    text: str

    @property
    def name(self) -> str:
        return self.path.stem


def read_query(path: Path) -> QueryFile:
    """Read a .rq file. ValueError if its header is not a YAML mapping."""
    text = path.read_text("utf-8")
    lines = [line[len(MARK) :] for line in text.splitlines() if line.startswith(MARK)]
    header = yaml.safe_load("\n".join(lines)) or {}
    if not isinstance(header, dict):
        raise ValueError(f"{path.name}: the header is not a mapping")
    return QueryFile(path, header, text)


def find_query(name: str) -> QueryFile | None:
    """The query file of that name in the queries folder, such as CQ24 or breaches-on-date."""
    found = (p for p in sorted(resources.folder("queries").rglob("*.rq")) if p.stem == name)
    return next(map(read_query, found), None)


@dataclass(frozen=True)
class Question:
    """A competency question: asked in zh and en, answered by a query, backed by sentences."""

    id: str
    zh: str
    en: str
    query: QueryFile

    @property
    def columns(self) -> dict[str, dict[str, str]]:
        """Column -> its heading by language."""
        return self.query.header.get("columns") or {}


@cache
def questions() -> tuple[Question, ...]:
    """All questions, in the order of their ids."""
    return tuple(_questions(resources.folder("queries") / "competency"))


def _questions(folder: Path) -> Iterator[Question]:
    for path in sorted(folder.glob("*.rq")):
        query = read_query(path)
        header = query.header
        yield Question(header["id"], header["question_zh"], header["question_en"], query)


def find_question(text: str) -> Question:
    """The question with that id, or the one whose wording has most of the words of `text`.

    GovgraphError(unknown-question).
    """
    from govgraph.lookup.search import tokens

    by_id = {question.id.casefold(): question for question in questions()}
    if text.strip().casefold() in by_id:
        return by_id[text.strip().casefold()]
    wanted = set(tokens(text))
    scored = [(_closeness(wanted, set(tokens(f"{q.zh} {q.en}"))), q) for q in questions()]
    best = max(scored, key=lambda pair: pair[0], default=None)
    if best is None or best[0] < 0.5:
        raise GovgraphError("unknown-question", id=text)
    return best[1]


def _closeness(wanted: set[str], having: set[str]) -> float:
    """The share of the wanted words that are there, with a slight preference for short texts."""
    if not wanted:
        return 0.0
    return len(wanted & having) / len(wanted) - len(having - wanted) / 1000
