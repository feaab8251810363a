"""The engine that a build judges with, on columns and the N-Quads that they were made from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from govgraph.engine.base import Engine
from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.engine import ColumnarEngine
from govgraph.engine.hybrid import HybridEngine
from govgraph.engine.whole import WholeEngine


@contextmanager
def opened(columns: Path, quads: Path) -> Iterator[Engine]:
    """As `govgraph.build` opens it."""
    whole = WholeEngine(quads)
    with Columns(columns, threads=2) as found:
        yield HybridEngine(whole, ColumnarEngine(found), "auto" if whole.is_small else "columns")
