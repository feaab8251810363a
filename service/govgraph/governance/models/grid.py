"""The grid of models and places: for each row and subject a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from govgraph.engine.base import Engine
from govgraph.governance.models.absence import (
    Absences,
    Values,
    absences,
    absences_of_place,
    without,
)
from govgraph.governance.models.alignment import Alignment, align
from govgraph.governance.models.blueprint import Blueprints, blueprints
from govgraph.governance.models.cells import Cell, cell
from govgraph.governance.models.dimensions import among, dimensions
from govgraph.governance.models.nodes import listed, nodes
from govgraph.governance.models.practice import Practice, practice
from govgraph.governance.models.rows import FLOWS, Kind, Row, rows
from govgraph.governance.models.said import World, of_models, of_places
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
    *,
    flows: bool = False,
) -> Grid:
    """The grid of some models and places in all dimensions, or in those wanted.

    Of places it says what is recorded there, at the moment if one is given. With `flows` the
    flows of adopting places have a row beside the models.
    """
    every = dimensions(engine)
    kept = among(every, wanted)
    recorded = practice(engine, places, at) if places else None
    used = _used(engine, recorded) if recorded else []
    found = blueprints(engine, [*models, *used])
    world = World(found, align(found), every)
    values = of_models(engine, world, models, used, flows=flows)
    if recorded:
        of_places(engine, world, recorded, values)
    practised = any((model, "practice", FLOWS) in values for model in models)
    shown = rows(every, found, world.groups, [*models, *used], flows=practised)
    missing = {m: absences(m, shown, found, values) for m in (*models, *used)}
    if recorded:
        missing |= {p: absences_of_place(p, recorded, missing, values) for p in places}
    subjects = [*models, *places]
    cells = _cells(subjects, shown, values, missing)
    rows_kept = [row for row in shown if row.dimension.iri in kept]
    return Grid(rows_kept, subjects, cells, found, world.groups)


def _cells(
    subjects: Sequence[str],
    shown: Sequence[Row],
    values: Values,
    missing: Mapping[str, Absences],
) -> dict[tuple[str, Kind, str], Cell]:
    return {
        (subject, row.kind, row.key): cell(
            values.get((subject, row.kind, row.key), ()) or without(row, missing[subject])
        )
        for subject in subjects
        for row in shown
    }


def _used(engine: Engine, recorded: Practice) -> list[str]:
    """The models that places have adopted or whose slots are filled there."""
    slots = nodes(engine, f"VALUES ?s {{ {listed(recorded.slots())} }}", ("gov:ofModel",))
    filled = {model for node in slots.values() for model in node.iris("gov:ofModel")}
    return sorted(filled | set(recorded.models()))
