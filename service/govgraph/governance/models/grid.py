"""The grid of models: for each row and model a cell, with what follows from what is absent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

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
from govgraph.governance.models.nodes import Words, labels, listed, nodes
from govgraph.governance.models.place_values import NAMED, World, place_values
from govgraph.governance.models.practice import Practice, practice
from govgraph.governance.models.rows import Row, rows
from govgraph.governance.models.statements import statements
from govgraph.governance.time import Moment


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
    if wanted:
        dimensions(engine, wanted)
    recorded = practice(engine, places, at) if places else None
    used = _used(engine, recorded) if recorded else []
    found = blueprints(engine, [*models, *used])
    groups = align(found)
    values = _collected(engine, models, used, found, groups, every)
    if recorded:
        world = World(recorded, found, groups, every, _named(engine, recorded))
        for place, kind, key, value in place_values(world):
            values[place, kind, key].append(value)
    shown = rows(every, found, groups, [*models, *used])
    missing = {m: absences(m, shown, found, values) for m in (*models, *used)}
    missing |= {place: _missing(place, recorded, missing, values) for place in places}
    cells = {
        (subject, row.kind, row.key): cell(
            values.get((subject, row.kind, row.key), ()) or without(row, missing[subject])
        )
        for subject in (*models, *places)
        for row in shown
    }
    kept = [row for row in shown if not wanted or row.dimension.iri in wanted]
    return Grid(kept, [*models, *places], cells, found, groups)


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


def _missing(
    place: str, recorded: Practice | None, of_models: Mapping[str, Absences], values: Values
) -> Absences:
    """A place lacks a body where every model that it surely has lacks it, and none is recorded."""
    if recorded is None:
        return {}
    here = recorded.adoptions.filter(
        (pl.col("place") == place) & (pl.col("verdict").is_null() | (pl.col("verdict") == "yes"))
    )
    models = here["model"].unique().to_list()
    shared = set.intersection(*(set(of_models[model]) for model in models)) if models else set()
    return {
        key: [_inferred(value) for model in sorted(models) for value in of_models[model][key]]
        for key in sorted(shared)
        if not values.get((place, "body", key)) and not values.get((place, "dimension", key))
    }


Values = dict[tuple[str, str, str], list[Value]]


def _collected(
    engine: Engine,
    models: Sequence[str],
    used: Sequence[str],
    found: Blueprints,
    groups: Alignment,
    every: Sequence[Dimension],
) -> Values:
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
    model: str, shown: Iterable[Row], found: Blueprints, values: Values
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
