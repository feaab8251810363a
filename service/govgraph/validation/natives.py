"""Other ways to the solutions of a SPARQL constraint, for graphs on which its query takes too long.

The query stays the definition. Another way is taken only for the very query that it was made for,
known by a digest, so whoever changes a shape is answered by the shape as changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from govgraph.engine.base import Engine, Row
from govgraph.validation.shapes import Sparql

#: Gives the solutions of a constraint's SELECT query on the whole graph, $this left open.
Native: TypeAlias = Callable[[Sparql], Iterable[Row]]
#: For an engine, the constraints that have a native, by digest.
Natives: TypeAlias = Callable[[Engine], Mapping[str, Native]]


def no_natives(_engine: Engine) -> Mapping[str, Native]:
    """Every constraint is answered by its query."""
    return {}


def digest(constraint: Sparql) -> str:
    """SHA-256 of a constraint's query with its prefixes, in whatever order they were declared."""
    prologue = "".join(sorted(constraint.prologue.splitlines(keepends=True)))
    return hashlib.sha256((prologue + constraint.text).encode()).hexdigest()
