"""What sources say of models in a dimension: the statements, as values of cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from govgraph.engine.base import Engine
from govgraph.governance.models.cells import State, Value
from govgraph.governance.models.dimensions import (
    BODIES,
    FUNDING,
    KEY_POSTS,
    PLACE_PERIOD,
)
from govgraph.governance.models.nodes import Node, listed, nodes
from govgraph.vocabulary import GOV

#: (subject, dimension) -> what is said
Said = Mapping[tuple[str, str], Sequence[Value]]

_PROPERTIES = (
    "gov:about", "gov:dimension", "gov:cellState", "gov:statementText", "gov:rendering",
    "gov:codedAs", "gov:assertion", "gov:onSlot",
)  # fmt: skip
#: What a data note says is missing, and the dimension that is left open by it.
_MISSING = {
    "composition": BODIES, "holders": KEY_POSTS, "date": PLACE_PERIOD, "amount": FUNDING,
    "split": FUNDING,
}  # fmt: skip


def statements(engine: Engine, models: Iterable[str]) -> Said:
    """The statements about some models, and the data notes on what their sources leave open.

    A value's sources are the statement and the slots that it speaks of.
    """
    values = listed(models)
    if not values:
        return {}
    found: dict[tuple[str, str], list[Value]] = defaultdict(list)
    pattern = f"VALUES ?model {{ {values} }} ?s gov:about ?model ; a gov:ModelStatement ."
    for node in nodes(engine, pattern, _PROPERTIES).values():
        for model in node.iris("gov:about"):
            for dimension in node.iris("gov:dimension"):
                found[model, dimension].append(_value(node))
    for subject, dimension, value in _notes(engine, values):
        found[subject, dimension].append(value)
    return found


def _value(node: Node) -> Value:
    state = (node.one("gov:cellState") or "").removeprefix(GOV).removesuffix("Cell")
    text = node.one("gov:statementText")
    words = node.words("gov:rendering")
    return Value(
        cast(State, state),
        words if words.either() else node.words("gov:statementText"),
        (node.one("gov:assertion") or "").removeprefix(GOV) or "stated",
        text,
        frozenset(node.iris("gov:codedAs")),
        (node.iri, *node.iris("gov:onSlot")),
    )


def _notes(engine: Engine, values: str) -> Iterable[tuple[str, str, Value]]:
    pattern = f"VALUES ?model {{ {values} }} ?s gov:about ?model ; a gov:DataNote ."
    found = nodes(engine, pattern, ("gov:about", "gov:missingProperty", "skos:note"))
    wanted = set(values.replace("<", " ").replace(">", " ").split())
    for node in found.values():
        for missing in sorted(node.texts("gov:missingProperty") & _MISSING.keys()):
            for subject in node.iris("gov:about"):
                if subject in wanted:
                    value = Value("unknown", node.words("skos:note"), sources=(node.iri,))
                    yield subject, _MISSING[missing], value
