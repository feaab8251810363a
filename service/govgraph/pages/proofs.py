"""Evidence as a reader sees it: the cell, its row, the sentence, and for what is inferred the rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from govgraph.pages.page import Page

Json = dict[str, Any]
#: Cells that the evidence of one value lists; there may be many that state the same.
SHOWN = 6


@dataclass(frozen=True)
class Sentence:
    """A passage of a source; without `text` the document is not at hand."""

    number: str
    href: str
    begin: int
    end: int
    text: str | None


@dataclass(frozen=True)
class Proof:
    """Where a value stands: `place` is the cell, `rule` what derives it if nothing states it."""

    said: str
    place: str = ""
    table: str = ""
    row: int = 0
    column: str = ""
    rule: str = ""
    sentences: tuple[Sentence, ...] = ()


def proofs(page: Page, evidence: Json) -> list[list[Proof]]:
    """The evidence of each row of an answer: the cells of its facts, each once."""
    facts = evidence["facts"]
    found = []
    for row in evidence["rows"]:
        every = [proof for number in row["facts"] for proof in of_fact(page, facts[number])]
        found.append(list(dict.fromkeys(every)))
    return found


def of_fact(page: Page, fact: Json) -> list[Proof]:
    """The cells that state a fact, or else the rules that derive it."""
    cells = [_of_cell(page, fact, cell) for cell in fact["cells"][:SHOWN]]
    return cells or [_of_rule(page, fact, derived) for derived in fact["derivations"][:1]]


def _of_cell(page: Page, fact: Json, cell: Json) -> Proof:
    return Proof(
        fact["text"],
        f"{cell['dataset']}/{cell['table']}",
        cell["table"],
        cell["row"],
        cell["column"] or "",
        sentences=tuple(_sentence(page, sentence) for sentence in cell["sentences"]),
    )


def _of_rule(page: Page, fact: Json, derived: Json) -> Proof:
    name = derived["name"].get(page.language) or derived["family"]
    return Proof(fact["text"], rule=name)


def _sentence(page: Page, sentence: Json) -> Sentence:
    iri = sentence["iri"]
    return Sentence(
        sentence["number"] or iri.rpartition("/")[2],
        page.entity(iri),
        sentence["begin"],
        sentence["end"],
        sentence["text"],
    )


def numbers(found: Sequence[Proof]) -> str:
    """What a reader clicks: the sentences' numbers, or else the row."""
    sentences = list(dict.fromkeys(s.number for proof in found for s in proof.sentences))
    if sentences:
        return ", ".join(sentences[:2]) + ("…" if len(sentences) > 2 else "")
    rows = list(dict.fromkeys(f"{p.table} {p.row}" for p in found if p.place))
    return rows[0] if rows else ""
