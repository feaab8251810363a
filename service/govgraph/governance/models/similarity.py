"""How alike models are: Gower's coefficient over the cells that can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.answer import Answer, Coverage
from govgraph.governance.models.cells import KNOWN, Cell
from govgraph.governance.models.compare import all_models, several
from govgraph.governance.models.grid import Grid, grid
from govgraph.governance.models.nodes import labels
from govgraph.governance.models.rows import Row

SCHEMA: dict[str, pl.DataType] = {
    "model": pl.String(),
    "other": pl.String(),
    "similarity": pl.Float64(),
    "dimensions": pl.Int64(),
    "cells": pl.Int64(),
    "of": pl.Int64(),
    "agree_zh": pl.List(pl.String()),
    "agree_en": pl.List(pl.String()),
    "differ_zh": pl.List(pl.String()),
    "differ_en": pl.List(pl.String()),
    "source": pl.List(pl.String()),
}


@dataclass(frozen=True)
class Compared:
    """One row that two models can be compared in: how far they agree, from 0 to 1, and why."""

    row: Row
    agreement: float
    shared: frozenset[str]
    sources: tuple[str, ...]


def model_similarity(
    engine: Engine, *, models: Sequence[str] | None = None, unsourced: bool | None = False
) -> Answer:
    """The similarity of every two of some models, or of all, with its reasons.

    Gower's general coefficient (Gower 1971, Biometrics 27:857): the mean agreement over the
    dimensions in which both are known, each the mean over its rows. A row agrees by Jaccard's
    index of the codes of both cells, where both have codes; otherwise by whether both have the
    slot or a body for the function. Words without codes, and dimensions that are about no
    function, are not compared: equal wording proves little. Known is what a source says, with
    `unsourced` also what has none.

    Rows: `model`, `other`, `similarity` (null where nothing can be compared), `dimensions` and
    `cells` compared, `of` all rows, the reasons for and against in zh and en, `source`.
    """
    found = grid(engine, several(models, "models") if models else all_models(engine))
    known = KNOWN | {"unsourced"} if unsourced else KNOWN
    codes = {code for cell in found.cells.values() for code in cell.codes}
    named = {iri: (str(w.zh), str(w.en)) for iri, w in labels(engine, codes).items()}
    total = len(found.rows)
    rows = [_pair(a, b, list(compared(found, a, b, known)), named, total) for a, b in _pairs(found)]
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    told = int(frame["similarity"].is_not_null().sum())
    zh = f"{frame.height} 对模式中有 {told} 对有可比的格子"
    en = f"{told} of {frame.height} pairs have cells that can be compared"
    order = frame.sort(
        "similarity", "model", "other", descending=[True, False, False], nulls_last=True
    )
    return Answer(order, [Coverage("pairs-comparable", told, frame.height, zh, en)])


def _pairs(found: Grid) -> Iterator[tuple[str, str]]:
    models = sorted(found.subjects)
    return ((a, b) for at, a in enumerate(models) for b in models[at + 1 :])


def compared(found: Grid, a: str, b: str, known: frozenset[str]) -> Iterator[Compared]:
    """The rows in which two models can be compared."""
    for row in found.rows:
        ours, theirs = found.cell(a, row), found.cell(b, row)
        if ours.state in known and theirs.state in known:
            agreement = _agreement(row, ours, theirs)
            if agreement is not None:
                sources = (*ours.sources, *theirs.sources)
                yield Compared(row, agreement, ours.codes & theirs.codes, sources)


def _agreement(row: Row, ours: Cell, theirs: Cell) -> float | None:
    absent = (ours.state == "absent", theirs.state == "absent")
    if any(absent):
        return float(all(absent))
    if ours.codes and theirs.codes:
        return len(ours.codes & theirs.codes) / len(ours.codes | theirs.codes)
    return 1.0 if row.kind != "dimension" or row.functions else None


def similarity(found: Iterable[Compared]) -> float | None:
    """The mean over dimensions of the mean agreement of their rows; null without any."""
    by_dimension: dict[str, list[float]] = {}
    for each in found:
        by_dimension.setdefault(each.row.dimension.iri, []).append(each.agreement)
    means = [sum(values) / len(values) for values in by_dimension.values()]
    return sum(means) / len(means) if means else None


def _pair(
    a: str, b: str, found: list[Compared], named: dict[str, tuple[str, str]], total: int
) -> tuple[object, ...]:
    dimensions = {each.row.dimension.iri for each in found}
    agree = [each for each in found if each.agreement > 0]
    differ = [each for each in found if each.agreement < 1]
    sources = list(dict.fromkeys(source for each in found for source in each.sources))
    return (
        a, b, similarity(found), len(dimensions), len(found), total,
        [_reason(each, named, 0) for each in agree], [_reason(each, named, 1) for each in agree],
        [_reason(each, named, 0) for each in differ], [_reason(each, named, 1) for each in differ],
        sources,
    )  # fmt: skip


def _reason(each: Compared, named: dict[str, tuple[str, str]], language: int) -> str:
    """The name of a row, with the codes that are shared and how far it agrees in part."""
    names = each.row.names.filled()
    name = str((names.zh, names.en)[language])
    colon = ("：", ": ")[language]
    shared = "、,"[language].join(named[code][language] for code in sorted(each.shared))
    said = f"{name}{colon}{shared}" if shared else name
    return said if each.agreement in (0, 1) else f"{said} ({each.agreement:.2f})"
