"""What a model changed of the one that it revises, where both are compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from govgraph.catalog.index import find_entry
from govgraph.governance.models.blueprint import revisions
from govgraph.governance.models.nodes import Words
from govgraph.pages.page import Page

#: What is told, in this order; what cannot be told comes last.
CHANGES = ("added", "removed", "changed", "kept", "unknown")


@dataclass(frozen=True)
class Item:
    """A slot, rule or dimension; `before` and `after` are what was said of it, `source` proves it."""

    names: Words
    kind: str
    basis: str | None
    before: Words
    after: Words
    source: tuple[str, ...]


@dataclass(frozen=True)
class Revision:
    """The earlier and the later model, the items by what became of them, and what that rests on."""

    before: str
    after: str
    items: dict[str, list[Item]]
    coverage: Words


def revised(page: Page, models: Iterable[str]) -> list[Revision]:
    """The revisions among the models."""
    assert page.opened is not None
    chosen = set(models)
    found = sorted((new, old) for new, old in revisions(page.opened.engine) if {new, old} <= chosen)
    return [_revision(page, new, old) for new, old in found]


def _revision(page: Page, new: str, old: str) -> Revision:
    assert page.opened is not None
    result = page.opened.answer(find_entry("model-changes"), {"model": [new], "before": [old]})
    items: dict[str, list[Item]] = {change: [] for change in CHANGES}
    for row in result.frame.iter_rows(named=True):
        items[row["change"]].append(_item(row))
    said = result.coverage[0]
    return Revision(old, new, items, Words(said.zh, said.en))


def _item(row: dict[str, Any]) -> Item:
    return Item(
        Words(row["item_zh"], row["item_en"]),
        row["kind"],
        row["basis"],
        Words(row["before_zh"], row["before_en"]),
        Words(row["after_zh"], row["after_en"]),
        tuple(row["source"]),
    )
