"""All that is said of models and places, row by row, from every table that says something."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from govgraph.engine.base import Engine
from govgraph.governance.models.adopted import adoption_facts, flow_facts
from govgraph.governance.models.alignment import Alignment
from govgraph.governance.models.blueprint import Blueprints
from govgraph.governance.models.cells import Value
from govgraph.governance.models.dimensions import Dimension
from govgraph.governance.models.model_facts import (
    Fact,
    blueprint_facts,
    relation_facts,
)
from govgraph.governance.models.nodes import labels
from govgraph.governance.models.place_values import NAMED, Scene, place_values
from govgraph.governance.models.practice import Practice
from govgraph.governance.models.rows import FLOWS
from govgraph.governance.models.statements import statements

#: (subject, kind of row, key of row) -> what is said
Said = dict[tuple[str, str, str], list[Value]]


@dataclass(frozen=True)
class World:
    """What facts are told with: blueprints, how they are aligned, dimensions."""

    found: Blueprints
    groups: Alignment
    dimensions: Sequence[Dimension]


def of_models(
    engine: Engine, world: World, models: Sequence[str], used: Sequence[str], *, flows: bool
) -> Said:
    """What is said of models. Of those that are only `used`, by places, no more is read than what
    they have and lack. A slot that a statement speaks of is not listed again beside it in the
    dimension as a whole."""
    values: Said = defaultdict(list)
    spoken: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (model, dimension), said in statements(engine, {*models, *used}).items():
        values[model, "dimension", dimension].extend(said)
        spoken[model, dimension] |= {source for value in said for source in value.sources}
    keys = _keys(world.groups)
    for model, dimension, part, value in _facts(engine, world, models, flows=flows):
        if part is not None:
            values[model, *keys[part]].append(value)
        elif not set(value.sources) & spoken[model, dimension]:
            values[model, "dimension", dimension].append(value)
    return values


def _facts(engine: Engine, world: World, models: Sequence[str], *, flows: bool) -> Iterator[Fact]:
    yield from blueprint_facts(world.found, world.dimensions)
    if models:
        yield from relation_facts(engine, world.found, models, world.dimensions)
        yield from adoption_facts(engine, models)
        yield from flow_facts(engine, models) if flows else ()


def _keys(groups: Alignment) -> dict[str, tuple[str, str]]:
    """The row of each part: its kind and its group."""
    named = (
        ("body", groups.bodies), ("post", groups.posts), ("rule", groups.rules),
        ("staffing", groups.staffing),
    )  # fmt: skip
    parts = {part: (kind, key) for kind, table in named for part, key in table.items()}
    return {**parts, FLOWS: ("practice", FLOWS)}


def of_places(engine: Engine, world: World, recorded: Practice, values: Said) -> None:
    """Add what is recorded of places. Named are few bodies of each slot, models, ways of selection."""
    bodies = (
        recorded.bodies.group_by("place", "slot", maintain_order=True).head(NAMED)["fact"].to_list()
    )
    ways = recorded.appointments["selection"].drop_nulls().unique().to_list()
    named = labels(engine, [*bodies, *ways, *recorded.models()])
    scene = Scene(recorded, world.found, world.groups, world.dimensions, named)
    for place, kind, key, value in place_values(scene):
        values[place, kind, key].append(value)
