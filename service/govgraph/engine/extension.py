"""Functions that a query calls and nobody knows.

By SPARQL 1.1 (17.6) such a call is an error of its expression, which leaves a variable unbound or a
filter false; the query is as good as any. Oxigraph gives up the whole query instead, so it is told
the function, one that never has a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from pyoxigraph import NamedNode

from govgraph.errors import GovgraphError

T = TypeVar("T")
Functions = dict[NamedNode, Callable[..., Any]]
_UNKNOWN = re.compile(r"custom function <([^<>]*)> is not supported")
_MISCALLED = re.compile(r"custom function (<[^<>]*>) requires")
#: Unknown functions that one query may call: each costs a run of the planner.
MOST = 16


def evaluated(run: Callable[[Functions], T], known: Functions | None = None) -> T:
    """The outcome of `run`, which passes the functions on to the engine.

    GovgraphError(function-arguments) for a number of arguments that a function does not take."""
    functions = dict(known or {})
    while True:
        try:
            return run(functions)
        except RuntimeError as error:
            if miscalled := _MISCALLED.search(str(error)):
                raise GovgraphError("function-arguments", function=miscalled[1]) from None
            unknown = _UNKNOWN.search(str(error))
            if not unknown or len(functions) == MOST or NamedNode(unknown[1]) in functions:
                raise
            functions[NamedNode(unknown[1])] = _no_value


def _no_value(*_: object) -> None:
    return None
