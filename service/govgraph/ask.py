"""Answers a competency question with the rows and sentences behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode

from govgraph.catalog import Question
from govgraph.engine.base import Row
from govgraph.lookup.entities import Context
from govgraph.lookup.evidence import evidence

SOURCE = "source"


@dataclass(frozen=True)
class Reply:
    """The answer's rows (column -> text) and the evidence of each row's sources."""

    question: Question
    columns: list[str]
    rows: list[dict[str, str | None]]
    evidence: list[dict[str, Any]]

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.question.id,
            "question": {"zh": self.question.zh, "en": self.question.en},
            "columns": self.columns,
            "rows": self.rows,
            "evidence": self.evidence,
        }


def ask(context: Context, question: Question) -> Reply:
    """Run a question's query; its variable ?source names the entities that prove the answer."""
    found = context.engine.select(question.query.text)
    names = list(dict.fromkeys(name for row in found for name in row))
    columns = [c for c in question.columns if c != SOURCE] or [n for n in names if n != SOURCE]
    sources = [row[SOURCE].value for row in found if SOURCE in row]
    proof = evidence(context.engine, sources, context.passages)
    return Reply(
        question,
        columns,
        [{name: _text(row, name) for name in columns} for row in found],
        [item for iri in dict.fromkeys(sources) for item in proof.get(iri, [])],
    )


def _text(row: Row, name: str) -> str | None:
    term = row.get(name)
    return (
        None if term is None else (f"_:{term.value}" if isinstance(term, BlankNode) else term.value)
    )
