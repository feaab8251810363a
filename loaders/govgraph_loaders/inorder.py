"""A function of many things, side by side, with the results in order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Thing = TypeVar("Thing")
Result = TypeVar("Result")

#: More threads than this only wait for the one that reads and writes.
MOST = 2


def default_workers() -> int:
    return min(MOST, os.cpu_count() or 1)


def in_order(
    function: Callable[[Thing], Result], things: Iterable[Thing], workers: int
) -> Iterator[Result]:
    """The results for some things, in their order. No more things than workers are taken ahead.

    Threads are enough where the function spends its time outside Python, and need no copies.
    """
    if workers < 2:
        yield from map(function, things)
        return
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[Result]] = deque()
        for thing in things:
            waiting.append(pool.submit(function, thing))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
