"""A comparison with everything that its exports say: labels, citations, the meaning of states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from govgraph.engine.base import Engine
from govgraph.governance.answer import Coverage
from govgraph.governance.models.cells import STATES, Cell
from govgraph.governance.models.citations import Citation, citations, numbers
from govgraph.governance.models.compare import chosen, coverage
from govgraph.governance.models.grid import Grid
from govgraph.governance.models.nodes import Words, labels, nodes
from govgraph.governance.models.rows import Row


@dataclass(frozen=True)
class Comparison:
    """A grid with the labels of its subjects and codes, its citations and what states mean."""

    found: Grid
    rows: Sequence[Row]
    named: Mapping[str, Words]
    citations: Sequence[Citation]
    states: Mapping[str, tuple[Words, Words]]
    coverage: Coverage
    release: str

    def cited(self, cell: Cell) -> list[int]:
        """The numbers of the citations of a cell."""
        return [self._numbers[source] for source in cell.sources]

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return numbers(self.citations)


def comparison(
    engine: Engine, found: Grid, release: str, *, differences_only: bool = False
) -> Comparison:
    """All that is needed to write a grid down."""
    rows = chosen(found, differences_only=differences_only)
    cells = [found.cell(subject, row) for row in rows for subject in found.subjects]
    codes = {code for cell in cells for code in cell.codes}
    cited = citations(engine, (source for cell in cells for source in cell.sources))
    named = labels(engine, {*found.subjects, *codes})
    return Comparison(found, rows, named, cited, _states(engine), coverage(cells), release)


def _states(engine: Engine) -> Mapping[str, tuple[Words, Words]]:
    """Each state with its label and its definition, in the order in which they decide a cell."""
    pattern = " ".join(f"gov:{state}Cell" for state in STATES)
    found = nodes(engine, f"VALUES ?s {{ {pattern} }}", ("skos:prefLabel", "skos:definition"))
    told = {iri.rpartition("#")[2].removesuffix("Cell"): node for iri, node in found.items()}
    return {
        state: (told[state].words("skos:prefLabel"), told[state].words("skos:definition"))
        for state in STATES
        if state in told
    }


def as_json(shown: Comparison) -> dict[str, Any]:
    """The comparison as plain data: subjects, rows of cells, citations, states, coverage."""
    return {
        "release": shown.release,
        "subjects": [
            {"iri": each, "label": _words(shown.named[each])} for each in shown.found.subjects
        ],
        "states": {
            state: {"label": _words(label), "definition": _words(definition)}
            for state, (label, definition) in shown.states.items()
        },
        "rows": [_row(shown, row) for row in shown.rows],
        "citations": [_cited(citation) for citation in shown.citations],
        "coverage": {
            "known": shown.coverage.known, "total": shown.coverage.total,
            "zh": shown.coverage.zh, "en": shown.coverage.en,
        },
    }  # fmt: skip


def _row(shown: Comparison, row: Row) -> dict[str, Any]:
    return {
        "dimension": row.dimension.iri,
        "dimension_label": _words(row.dimension.names),
        "functions": sorted(row.functions),
        "kind": row.kind,
        "item": row.item,
        "label": _words(row.names.filled()),
        "cells": [
            _cell(shown, subject, shown.found.cell(subject, row))
            for subject in shown.found.subjects
        ],
    }


def _cell(shown: Comparison, subject: str, cell: Cell) -> dict[str, Any]:
    return {
        "subject": subject,
        "state": cell.state,
        "basis": cell.basis,
        "disputed": cell.disputed,
        "text": {"zh": cell.text("zh"), "en": cell.text("en")},
        "verbatim": cell.verbatim,
        "codes": sorted(cell.codes),
        "citations": shown.cited(cell),
    }


def _cited(citation: Citation) -> dict[str, Any]:
    return {
        "number": citation.number,
        "entity": citation.entity,
        "title": _words(citation.title),
        "address": citation.address,
        "rows": list(citation.rows),
        "sentences": list(citation.sentences),
    }


def _words(words: Words) -> dict[str, str]:
    return {lang: text for lang, text in (("zh", words.zh), ("en", words.en)) if text}
