"""What was read from an engine's graph and put in order, kept as long as the engine, or as what was
made of it.

A release never changes, so neither does what is made of it alone. Each question needs some of the
same facts; on small data making them anew takes longer than answering. What is large is not kept:
there the answering counts.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import polars as pl

P = ParamSpec("P")
#: An engine, or what is made of one; it is told from others by being itself.
Of = TypeVar("Of")
T = TypeVar("T")
#: Bytes of one thing that is kept, and things that are kept of one engine.
LARGEST, MOST = 4 << 20, 200
_NODE = 1000
_kept: WeakKeyDictionary[Any, OrderedDict[Hashable, Any]] = WeakKeyDictionary()
_lock = Lock()


def kept(make: Callable[Concatenate[Of, P], T]) -> Callable[Concatenate[Of, P], T]:
    """A function of an engine, or of what is made of one, and of arguments that can be hashed, made
    once for each. What it gives must not be changed."""

    @wraps(make)
    def once(engine: Of, /, *args: P.args, **options: P.kwargs) -> T:
        key = make, args, tuple(sorted(options.items()))
        with _lock:
            found = _kept.setdefault(engine, OrderedDict())
            if key in found:
                found.move_to_end(key)
                known: T = found[key]
                return known
        made = make(engine, *args, **options)
        if _size(made) <= LARGEST:
            with _lock:
                found[key] = made
                if len(found) > MOST:
                    found.popitem(last=False)
        return made

    return once


def _size(value: object) -> int:
    """Bytes of the frames in a value, and roughly of what is told node by node."""
    if isinstance(value, pl.DataFrame):
        return int(value.estimated_size())
    if isinstance(value, dict):
        return _NODE * len(value)
    if isinstance(value, list | tuple):
        return sum(map(_size, value))
    return sum(map(_size, vars(value).values())) if hasattr(value, "__dict__") else 0
