"""The grid of models: for each row and model a cell, with what follows from what is absent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from govgraph.engine.base import Engine
from govgraph.governance.models.absence import absences, absences_of_place, without
from govgraph.governance.models.alignment import Alignment, align
from govgraph.governance.models.blueprint import Blueprints, blueprints
from govgraph.governance.models.cells import Cell, Value, cell
from govgraph.governance.models.dimensions import Dimension, among, dimensions
from govgraph.governance.models.model_facts import (
    Fact,
    adoption_facts,
    blueprint_facts,
    flow_facts,
    relation_facts,
)
from govgraph.governance.models.nodes import Words, labels, listed, nodes
from govgraph.governance.models.place_values import NAMED, World, place_values
from govgraph.governance.models.practice import Practice, practice
from govgraph.governance.models.rows import FLOWS, Kind, Row, rows
from govgraph.governance.models.statements import statements
from govgraph.governance.time import Moment


@dataclass(frozen=True)
class Grid:
    """Rows, subjects, and the cell of each (subject, row key and kind)."""

    rows: Sequence[Row]
    subjects: Sequence[str]
    cells: Mapping[tuple[str, Kind, str], Cell]
    found: Blueprints
    groups: Alignment

    def cell(self, subject: str, row: Row) -> Cell:
        """The cell of a subject in a row; every one is there."""
        return self.cells[subject, row.kind, row.key]


def grid(
    engine: Engine,
    models: Sequence[str],
    wanted: list[str] | None = None,
    places: Sequence[str] = (),
    at: Moment | None = None,
) -> Grid:
    """The grid of some models and places in all dimensions, or in those wanted.

    Of places it says what is recorded there, at the moment if one is given.
    """
    every = dimensions(engine)
    kept = among(every, wanted)
    recorded = practice(engine, places, at) if places else None
    used = _used(engine, recorded) if recorded else []
    found = blueprints(engine, [*models, *used])
    groups = align(found)
    values = _collected(engine, models, used, found, groups, every)
    if recorded:
        world = World(recorded, found, groups, every, _named(engine, recorded))
        for place, kind, key, value in place_values(world):
            values[place, kind, key].append(value)
    flows = any((model, "practice", FLOWS) in values for model in models)
    shown = rows(every, found, groups, [*models, *used], flows=flows)
    missing = {m: absences(m, shown, found, values) for m in (*models, *used)}
    if recorded:
        missing |= {p: absences_of_place(p, recorded, missing, values) for p in places}
    subjects = [*models, *places]
    cells = {
        (subject, row.kind, row.key): cell(
            values.get((subject, row.kind, row.key), ()) or without(row, missing[subject])
        )
        for subject in subjects
        for row in shown
    }
    kept_rows = [row for row in shown if row.dimension.iri in kept]
    return Grid(kept_rows, subjects, cells, found, groups)


def _used(engine: Engine, recorded: Practice) -> list[str]:
    """The models that places have adopted or whose slots are filled there."""
    slots = nodes(engine, f"VALUES ?s {{ {listed(recorded.slots())} }}", ("gov:ofModel",))
    filled = {model for node in slots.values() for model in node.iris("gov:ofModel")}
    return sorted(filled | set(recorded.models()))


def _named(engine: Engine, recorded: Practice) -> Mapping[str, Words]:
    """Labels of what a comparison may name: few bodies of each slot, models, ways of selection."""
    bodies = recorded.bodies.sort("fact").group_by("place", "slot").head(NAMED)["fact"].to_list()
    ways = recorded.appointments["selection"].drop_nulls().unique().to_list()
    return labels(engine, [*bodies, *ways, *recorded.models()])


def _collected(
    engine: Engine,
    models: Sequence[str],
    used: Sequence[str],
    found: Blueprints,
    groups: Alignment,
    every: Sequence[Dimension],
) -> dict[tuple[str, str, str], list[Value]]:
    """What is said of each model in each row. A slot that a statement speaks of is not listed
    again beside it in the dimension as a whole."""
    values: dict[tuple[str, str, str], list[Value]] = defaultdict(list)
    spoken: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (model, dimension), said in statements(engine, {*models, *used}).items():
        values[model, "dimension", dimension].extend(said)
        spoken[model, dimension] |= {source for value in said for source in value.sources}
    facts: list[Fact] = [
        *blueprint_facts(found, every),
        *(relation_facts(engine, found, models, every) if models else ()),
        *(adoption_facts(engine, models) if models else ()),
        *(flow_facts(engine, models) if models else ()),
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
    parts = {part: (kind, key) for kind, table in named for part, key in table.items()}
    return {**parts, FLOWS: ("practice", FLOWS)}
