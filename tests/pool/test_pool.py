"""Which worker is lent."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from govgraph.pool import pool
from govgraph.pool.pool import Pool
from govgraph.pool.role import Role


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    made = SimpleNamespace(now=100.0)
    monkeypatch.setattr(pool, "time", SimpleNamespace(monotonic=lambda: made.now))
    return made


def given_back(to: Pool, number: int) -> list[Any]:
    workers = [
        SimpleNamespace(alive=True, there=lambda: True, idle_since=0.0) for _ in range(number)
    ]
    for worker in workers:
        to.back(worker)  # type: ignore[arg-type]
    return workers


def test_the_last_that_was_busy_and_now_and_then_the_first(clock: SimpleNamespace) -> None:
    idle = Pool(Role("m:f", ()), 3, 1)
    one, _, last = given_back(idle, 3)
    for _ in range(3):
        assert idle.free() is last
        idle.back(last)
    clock.now += pool.IDLE + 1
    idle.idle[-1].idle_since = clock.now
    assert idle.free() is one
    idle.back(one)
    assert idle.idle[-1] is one


def test_one_that_has_ended_is_passed_over(clock: SimpleNamespace) -> None:  # noqa: ARG001
    idle = Pool(Role("m:f", ()), 2, 1)
    one, other = given_back(idle, 2)
    other.there = lambda: False
    assert idle.free() is one
    assert idle.free() is None
