"""Conditions as named queries: each gives rows of a case and its value."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from govgraph import resources
from govgraph.declared import read_yaml
from govgraph.engine.base import Engine
from govgraph.governance.models.qca.calibration import refused
from govgraph.vocabulary import PROLOGUE

_MARK = "#+ "


@dataclass(frozen=True)
class Measured:
    """The value of a case: the greatest that a row states, and the entities that prove it."""

    value: float
    sources: tuple[str, ...]


def measured(engine: Engine, name: str, *, unsourced: bool = False) -> dict[str, Measured]:
    """The values of a condition by case. A case without a row has none: it is not known.

    A query has the columns `case` and `value`, and may have `state` (rows that are `unsourced`
    count only if asked for) and `source`. Of several rows of one case the greatest value counts:
    a case has what any of its rows says that it has. GovgraphError(invalid-parameter) if there is
    no such query, or it gives no such columns.
    """
    found: dict[str, Measured] = {}
    for case, value, state, source in sorted(_rows(engine, name), key=lambda row: row[:2]):
        if state != "unsourced" or unsourced:
            before = found.get(case, Measured(value, ()))
            found[case] = Measured(max(before.value, value), (*before.sources, *source))
    return found


Row = tuple[str, float, str | None, tuple[str, ...]]


def _rows(engine: Engine, name: str) -> Iterator[Row]:
    path = _file(name)
    header = _header(path)
    if {"case", "value"} - set(header.get("columns", {})):
        raise refused(name, "it has no columns case and value", "没有 case 和 value 两列")
    if path.suffix == ".rq":
        return _of_query(engine, path.read_text("utf-8"))
    return _of_function(engine, str(header["function"]))


def _file(name: str) -> Path:
    """The file of a query; a caller's name is compared with those of files and never one itself."""
    folder = resources.folder("queries") / "catalog"
    files = [
        path for kind in ("rq", "yaml") for path in folder.glob(f"*/*.{kind}") if path.stem == name
    ]
    if not files:
        raise refused(name, "there is no such query", "没有这个查询")
    return files[0]


def _header(path: Path) -> dict[str, Any]:
    text = path.read_text("utf-8")
    if path.suffix == ".rq":
        lines = (line for line in text.splitlines() if line.startswith(_MARK))
        text = "\n".join(line[len(_MARK) :] for line in lines)
    found = read_yaml(text)
    return found if isinstance(found, dict) else {}


def _of_query(engine: Engine, text: str) -> Iterator[Row]:
    for row in engine.select(PROLOGUE + text):
        if "value" in row:
            state = row["state"].value if "state" in row else None
            sources = tuple(row["source"].value.split()) if "source" in row else ()
            yield row["case"].value, float(row["value"].value), state, sources


def _of_function(engine: Engine, named: str) -> Iterator[Row]:
    module, _, name = named.partition(":")
    answer = getattr(importlib.import_module(f"govgraph.governance.{module}"), name)(engine)
    frame: pl.DataFrame = answer.frame.filter(pl.col("value").is_not_null())
    for row in frame.iter_rows(named=True):
        sources = tuple(row.get("source") or ())
        yield row["case"], float(row["value"]), row.get("state"), sources
