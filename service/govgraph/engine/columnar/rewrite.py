"""Values of the algebra, changed from the outside in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

from govgraph.engine.columnar import algebra


def rebuilt(value: Any, change: Callable[[Any], Any]) -> Any:
    """A value of the algebra with `change` made of each part that it changes, from the outside."""
    changed = change(value)
    if changed is not value:
        return changed
    if isinstance(value, tuple):
        return tuple(rebuilt(part, change) for part in value)
    if (
        is_dataclass(value)
        and not isinstance(value, type)
        and type(value).__module__ == algebra.__name__
    ):
        parts = {f.name: rebuilt(getattr(value, f.name), change) for f in fields(value)}
        return replace(value, **parts)
    return value
