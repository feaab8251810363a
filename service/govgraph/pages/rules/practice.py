"""How the rules of a model are kept: totals, and place by place rule by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from govgraph.catalog.index import find_entry
from govgraph.catalog.run import Result
from govgraph.governance.rules.by_rule import worst
from govgraph.pages.page import Page
from govgraph.pages.rules.ruleset import Rule

#: Places of a page, and rules that have a column; more have their numbers only.
PLACES, RULES = 25, 10
#: The keys of the states that cells show, by what the answers call them.
STATES = {"kept": "kept", "broken": "broken", "cannot be told": "open"}


@dataclass(frozen=True)
class Totals:
    """Cases by what became of them, over all places; `silent` places adopted the model and have
    nothing recorded to be judged."""

    places: int
    silent: int
    cases: int
    broken: int
    open: int
    kept: int


@dataclass(frozen=True)
class Place:
    """A place with its number of cases (None if nothing is recorded) and the state of each rule."""

    iri: str
    counts: Mapping[str, int | None]
    states: Mapping[str, str]


@dataclass(frozen=True)
class Practice:
    """A page of places, the worst first."""

    totals: Totals
    places: tuple[Place, ...]
    rules: tuple[Rule, ...]
    offset: int
    coverage: tuple[str, ...]

    @property
    def more(self) -> bool:
        return self.offset + len(self.places) < self.totals.places


def practice(
    page: Page, model: str, place: str | None, rules: Sequence[Rule], offset: int
) -> Practice:
    """What became of the rules of a model in a place and all below it, or everywhere."""
    assert page.opened is not None
    result = page.opened.answer(find_entry("rule-summary"), asked(page, model, place))
    cut = _worst_first(result.frame).slice(offset, PLACES)
    at = page.asked.at if page.asked else None
    found = worst(page.opened.engine, model=model, places=cut["place"].to_list(), at=at)
    states: dict[str, dict[str, str]] = {}
    for row in found.iter_rows(named=True):
        states.setdefault(row["place"], {})[row["rule"]] = STATES[row["status"]]
    shown = [rule for rule in rules if rule.judged]
    places = [_place(row, states.get(row["place"], {})) for row in cut.iter_rows(named=True)]
    return Practice(
        _totals(result.frame),
        tuple(places),
        tuple(shown) if len(shown) <= RULES else (),
        offset,
        said(page, result),
    )


def asked(page: Page, model: str, place: str | None) -> dict[str, list[str]]:
    """The parameters of the catalogue's questions about rules."""
    found = {"model": [model]}
    found |= {"place": [place]} if place else {}
    found |= {"at": [page.asked.at.text]} if page.asked and page.asked.at else {}
    return found


def said(page: Page, result: Result) -> tuple[str, ...]:
    """The coverage sentences of an answer in the page's language."""
    return tuple(one.zh if page.language == "zh" else one.en for one in result.coverage)


def _worst_first(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sort(
        "broken", "cannot_be_told", "place", descending=[True, True, False], nulls_last=True
    )


def _totals(frame: pl.DataFrame) -> Totals:
    sums = {name: int(frame[name].sum() or 0) for name in _COUNTS}
    return Totals(
        frame.height, frame["cases"].null_count(), sums["cases"], sums["broken"],
        sums["cannot_be_told"], sums["kept"],
    )  # fmt: skip


_COUNTS = ("cases", "broken", "cannot_be_told", "kept")


def _place(row: Mapping[str, Any], states: Mapping[str, str]) -> Place:
    return Place(row["place"], {name: row[name] for name in _COUNTS}, states)
