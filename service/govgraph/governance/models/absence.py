"""What models and places do not have, and what follows from that for the rows that need it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from govgraph.governance.models.blueprint import Blueprints
from govgraph.governance.models.cells import Value, cell
from govgraph.governance.models.nodes import Words
from govgraph.governance.models.practice import Practice
from govgraph.governance.models.rows import Row

#: (subject, kind of row, key of row) -> what is said
Values = Mapping[tuple[str, str, str], Sequence[Value]]
Absences = Mapping[str, Sequence[Value]]


def absences(model: str, shown: Iterable[Row], found: Blueprints, values: Values) -> Absences:
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
    if row.kind in ("dimension", "practice"):
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


def absences_of_place(
    place: str, recorded: Practice, of_models: Mapping[str, Absences], values: Values
) -> Absences:
    """A place lacks a body where every model that it surely has lacks it, and none is recorded."""
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
