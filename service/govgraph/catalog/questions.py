"""Competency questions: asked in zh and en, answered by a query, found by id or by wording."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from govgraph import resources
from govgraph.catalog.queryfile import QueryFile, read_query
from govgraph.errors import GovgraphError


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


#: Words that every question shares.
COMMON = frozenset(
    {"an", "and", "are", "does", "did", "for", "how", "in", "is", "it", "many", "much", "of", "on"}
    | {"the", "to", "was", "were", "what", "when", "where", "which", "who", "whom", "with", "do"}
    | {"是什", "什么", "哪些", "多少", "谁是", "是谁"}
)
#: A match of words counts when it has so much of them, and so much more than the next best.
CLEAR, LEAD = 0.7, 0.1


def find_question(text: str) -> Question:
    """The question with that id, or the only one whose wording clearly has the words of `text`.

    GovgraphError(unknown-question), which names the nearest ones.
    """
    by_id = {question.id.casefold(): question for question in questions()}
    if text.strip().casefold() in by_id:
        return by_id[text.strip().casefold()]
    wanted = _words(text)
    scored = sorted(
        ((_closeness(wanted, _words(q.zh) | _words(q.en)), q) for q in questions()),
        key=lambda pair: pair[0],
        reverse=True,
    )
    (best, question), (next_best, _) = scored[:2]
    if best < CLEAR or best - next_best < LEAD:
        near = "; ".join(f"{q.id} {q.zh}" for score, q in scored[:3] if score > 0)
        raise GovgraphError("unknown-question", id=text, near=near or "govgraph ask")
    return question


def _words(text: str) -> frozenset[str]:
    """Words of letters, and pairs of neighbouring Chinese characters."""
    runs = re.findall(r"[a-z0-9]{2,}|[\u4e00-\u9fff]+", text.casefold())
    pairs = (run[i : i + 2] for run in runs for i in range(max(1, len(run) - 1)))
    words = {run for run in runs if run.isascii()} | {p for p in pairs if not p.isascii()}
    return frozenset(words - COMMON)


def _closeness(wanted: frozenset[str], having: frozenset[str]) -> float:
    """The share of the wanted words that are there."""
    return len(wanted & having) / len(wanted) if wanted else 0.0
