"""Values of the algebra, changed from the outside in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import is_dataclass, replace
from operator import is_
from typing import Any

from govgraph.engine.columnar import algebra


def rebuilt(value: Any, change: Callable[[Any], Any]) -> Any:
    """A value of the algebra with `change` made of each part that it changes, from the outside."""
    changed = change(value)
    if changed is not value:
        return changed
    if isinstance(value, tuple):
        several = tuple(rebuilt(part, change) for part in value)
        return value if all(map(is_, several, value)) else several
    if (
        is_dataclass(value)
        and not isinstance(value, type)
        and type(value).__module__ == algebra.__name__
    ):
        parts = {name: getattr(value, name) for name in getattr(type(value), "__match_args__", ())}
        new = {name: rebuilt(part, change) for name, part in parts.items()}
        same = all(new[name] is part for name, part in parts.items())
        return value if same else replace(value, **new)
    return value
