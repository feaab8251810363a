"""Answers a competency question with the rows and sentences behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode

from govgraph.catalog.questions import Question
from govgraph.engine.base import Row
from govgraph.lookup.entities import Context
from govgraph.lookup.evidence import evidence

#: Variables of this name, or that begin with it and `_`, hold the entities that prove a row.
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
    """Run a question's query and find the evidence of its sources."""
    found = context.engine.select(question.query.text)
    names = list(dict.fromkeys(name for row in found for name in row))
    proving = [name for name in names if name == SOURCE or name.startswith(f"{SOURCE}_")]
    columns = [name for name in question.columns or names if name not in proving]
    sources = [row[name].value for row in found for name in proving if name in row]
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
