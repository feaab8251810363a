"""What is made of an engine's graph alone is made once, unless it is large."""

from __future__ import annotations

import gc
import weakref

import polars as pl
from pyoxigraph import Store

from govgraph.engine.base import Engine
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.governance.kept import LARGEST, MOST, kept


def engine() -> OxigraphEngine:
    return OxigraphEngine(Store())


def test_it_is_made_once_for_each_engine_and_each_argument() -> None:
    made: list[object] = []

    @kept
    def rows(engine: Engine, number: int, *, twice: bool = False) -> pl.DataFrame:
        made.append((engine, number, twice))
        return pl.DataFrame({"n": [number] * (2 if twice else 1)})

    one, other = engine(), engine()
    assert rows(one, 1) is rows(one, 1)
    assert rows(one, 2).height == rows(other, 1).height == 1
    assert rows(one, 1, twice=True).height == 2
    assert len(made) == 4


def test_what_is_large_is_made_again() -> None:
    @kept
    def rows(engine: Engine) -> pl.DataFrame:  # noqa: ARG001
        return pl.DataFrame({"n": range(LARGEST // 8 + 8)})

    one = engine()
    assert rows(one) is not rows(one)


def test_no_more_than_so_many_things_are_kept_and_none_after_the_engine() -> None:
    @kept
    def number(engine: Engine, value: int) -> list[int]:  # noqa: ARG001
        return [value]

    one = engine()
    first = number(one, 0)
    for value in range(1, MOST + 1):
        number(one, value)
    assert number(one, 0) is not first
    assert number(one, MOST) is number(one, MOST)
    gone = weakref.ref(one)
    del one
    gc.collect()
    assert gone() is None
