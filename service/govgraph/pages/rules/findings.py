"""Findings: one by one, when, why, what would repair it, and on what evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from govgraph.catalog.index import find_entry
from govgraph.governance.models.nodes import Words
from govgraph.lookup.evidence import evidence
from govgraph.pages.page import Page
from govgraph.pages.proofs import Proof, Sentence
from govgraph.pages.rules.practice import STATES, asked, said

#: Findings of a page, and findings that are still listed without a place: more are a heap.
SHOWN, LISTED = 20, 20_000
STATUSES = ("broken", "cannot be told", "kept")


@dataclass(frozen=True)
class Finding:
    """A stretch of days of one status of a rule in a place, for a person or for nobody in
    particular. `href` is its address."""

    state: str
    rule: str
    model: str
    place: str
    person: str | None
    slot: str | None
    begin: date | None
    end: date | None
    days: int | None
    reason: Words
    repair: Words
    source: tuple[str, ...]
    href: str


@dataclass(frozen=True)
class Findings:
    """A page of findings and how many there are; `too_many` are not listed without a place."""

    found: tuple[Finding, ...]
    total: int
    offset: int
    coverage: tuple[str, ...]
    too_many: bool = False

    @property
    def more(self) -> bool:
        return self.offset + len(self.found) < self.total


def findings(
    page: Page, model: str, place: str | None, statuses: Sequence[str], rule: str | None, offset: int,
    expected: int,
) -> Findings:  # fmt: skip
    """The findings of a model; `expected` cases, if there are too many, need a place first."""
    assert page.opened is not None
    if expected > LISTED and place is None:
        return Findings((), expected, 0, (), too_many=True)
    wanted = asked(page, model, place) | {"status": list(statuses)}
    wanted |= {"rule": [rule]} if rule else {}
    result = page.opened.answer(find_entry("rule-findings"), wanted)
    order = {status: number for number, status in enumerate(STATUSES)}
    ordered = result.frame.sort(
        pl.col("status").replace_strict(order, return_dtype=pl.Int8), maintain_order=True
    )
    cut = ordered.slice(offset, SHOWN).iter_rows(named=True)
    found = tuple(finding(page, row) for row in cut)
    return Findings(found, result.frame.height, offset, said(page, result))


def finding(page: Page, row: Mapping[str, Any]) -> Finding:
    """A row of `rule-findings`."""
    return Finding(
        STATES[row["status"]], row["rule"], row["model"], row["place"], row["person"], row["slot"],
        row["from"], row["to"], row["days"],
        Words(_because(row["reason_zh"], "："), _because(row["reason_en"], ": ")),
        Words(row["repair_zh"], row["repair_en"]),
        tuple(row["source"]), address(page, row),
    )  # fmt: skip


def _because(reason: str, colon: str) -> str:
    """The reason without the days that it begins with: they are told apart."""
    _, found, rest = reason.partition(colon if colon in reason else ":")
    rest = rest.strip() if found else reason
    return rest[:1].upper() + rest[1:]


def address(page: Page, row: Mapping[str, Any]) -> str:
    """Where a finding is always found: by its rule, place, person, slot and first day."""
    named = {name: key(page, row[name]) for name in ("rule", "place", "person", "slot")}
    first = row["from"].isoformat() if row["from"] else None
    return page.to("/findings", **named, since=first, at=None)


def key(page: Page, iri: str | None) -> str | None:
    """An entity as an address names it: type and key, or the IRI of a strange one."""
    assert page.opened is not None
    return iri.removeprefix(page.opened.context.base) if iri else None


def proofs(page: Page, entities: Iterable[str]) -> dict[str, list[Proof]]:
    """The rows and sentences that state each of some entities."""
    assert page.opened is not None
    context = page.opened.context
    found = evidence(context.engine, entities, context.passages)
    return {iri: [_proof(page, iri, row) for row in rows] for iri, rows in found.items()}


def _proof(page: Page, iri: str, row: Mapping[str, Any]) -> Proof:
    return Proof(
        key(page, iri) or iri,
        f"{row['dataset']}/{row['table']}",
        row["table"],
        row["row"],
        sentences=tuple(_sentence(page, one) for one in row["sentences"]),
    )


def _sentence(page: Page, sentence: Mapping[str, Any]) -> Sentence:
    iri = sentence["iri"]
    return Sentence(
        sentence["number"] or iri.rpartition("/")[2], page.entity(iri), sentence["begin"],
        sentence["end"], sentence["text"],
    )  # fmt: skip
