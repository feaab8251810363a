"""The grid of models: for each row and model a cell, with what follows from what is absent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from govgraph.engine.base import Engine
from govgraph.governance.models.alignment import Alignment, align
from govgraph.governance.models.blueprint import Blueprints, blueprints
from govgraph.governance.models.cells import Cell, Value, cell
from govgraph.governance.models.dimensions import Dimension, dimensions
from govgraph.governance.models.model_facts import (
    Fact,
    adoption_facts,
    blueprint_facts,
    relation_facts,
)
from govgraph.governance.models.nodes import Words
from govgraph.governance.models.rows import Row, rows
from govgraph.governance.models.statements import statements


@dataclass(frozen=True)
class Grid:
    """Rows, subjects, and the cell of each (subject, row key and kind)."""

    rows: Sequence[Row]
    subjects: Sequence[str]
    cells: Mapping[tuple[str, str, str], Cell]
    found: Blueprints
    groups: Alignment

    def cell(self, subject: str, row: Row) -> Cell:
        """The cell of a subject in a row; every one is there."""
        return self.cells[subject, row.kind, row.key]


def grid(engine: Engine, models: Sequence[str], wanted: list[str] | None = None) -> Grid:
    """The grid of some models in all dimensions, or in those wanted."""
    every = dimensions(engine)
    found = blueprints(engine, models)
    groups = align(found)
    values = _collected(engine, models, found, groups, every)
    shown = rows(every, found, groups, models)
    cells: dict[tuple[str, str, str], Cell] = {}
    for model in models:
        absent = absences(model, shown, found, groups, values)
        for row in shown:
            said = values.get((model, row.kind, row.key), ())
            cells[model, row.kind, row.key] = cell(said or without(row, absent))
    kept = [row for row in shown if not wanted or row.dimension.iri in wanted]
    return Grid(kept, list(models), cells, found, groups)


Values = Mapping[tuple[str, str, str], Sequence[Value]]


def _collected(
    engine: Engine,
    models: Sequence[str],
    found: Blueprints,
    groups: Alignment,
    every: Sequence[Dimension],
) -> Values:
    """What is said of each model in each row. A slot that a statement speaks of is not listed
    again beside it in the dimension as a whole."""
    values: dict[tuple[str, str, str], list[Value]] = defaultdict(list)
    spoken: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (model, dimension), said in statements(engine, models).items():
        values[model, "dimension", dimension].extend(said)
        spoken[model, dimension] |= {source for value in said for source in value.sources}
    facts: list[Fact] = [
        *blueprint_facts(found, every),
        *relation_facts(engine, found, models, every),
        *adoption_facts(engine, models),
    ]
    keys = _keys(groups)
    for model, dimension, part, value in facts:
        if part is not None:
            kind, key = keys[part]
            values[model, kind, key].append(value)
        elif not set(value.sources) & spoken[model, dimension]:
            values[model, "dimension", dimension].append(value)
    return values


def _keys(groups: Alignment) -> dict[str, tuple[str, str]]:
    named = (
        ("body", groups.bodies), ("post", groups.posts), ("rule", groups.rules),
        ("staffing", groups.staffing),
    )  # fmt: skip
    return {part: (kind, key) for kind, table in named for part, key in table.items()}


Absences = Mapping[str, Sequence[Value]]


def absences(
    model: str, shown: Iterable[Row], found: Blueprints, groups: Alignment, values: Values
) -> Absences:
    """The groups of bodies, and the dimensions, that a model does not have, and why.

    A body is absent where a source says so of a function that it performs, or where a model that
    revises this one added it. Nothing else makes a body absent: silence does not.
    """
    absent: dict[str, list[Value]] = defaultdict(list)
    shown = list(shown)
    for row in shown:
        if row.kind == "dimension":
            said = cell(values.get((model, row.kind, row.key), ()))
            if said.state == "absent":
                absent[row.key].extend(said.deciding)
    denied = {f: absent[row.key] for row in shown if row.key in absent for f in row.functions}
    for row in shown:
        if row.kind == "body" and not values.get((model, "body", row.key)):
            for function in sorted(row.functions & denied.keys()):
                absent[row.key].extend(map(_inferred, denied[function]))
            absent[row.key].extend(_not_yet(model, row, found))
    return {key: list(dict.fromkeys(why)) for key, why in absent.items() if why}


def _inferred(value: Value) -> Value:
    return Value("absent", value.words, "inferred", sources=value.sources)


def _not_yet(model: str, row: Row, found: Blueprints) -> Iterable[Value]:
    """What a later model added was not in the one that it revises."""
    for part in row.parts:
        body = found.bodies[part]
        if body.new and (body.model, model) in found.revises:
            words = Words("没有；为后来的模式所增设", "none; a later model added it")
            yield Value("absent", words, "inferred", sources=(body.iri,))


def without(row: Row, absent: Absences) -> list[Value]:
    """What a row says of a subject about which it holds nothing."""
    if row.kind == "body":
        return list(absent.get(row.key, ()))
    if row.kind == "dimension":
        return []
    if row.dimension.iri in absent:
        return [_inferred(value) for value in absent[row.dimension.iri]]
    return [
        Value(
            "notApplicable",
            Words("以没有的组织为前提", "it presupposes a body that is absent"),
            "inferred",
            sources=value.sources,
        )
        for body in sorted(row.needs & absent.keys())
        for value in absent[body]
    ]
