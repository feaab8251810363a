"""Which queries Oxigraph 0.5.13 is known to answer wrongly; the columns answer those.

Each fault was met in the W3C's tests; tests/columnar/test_compile_w3c.py names the tests and the
paragraphs of SPARQL 1.1 that they rest on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from govgraph.engine.columnar import algebra as a


def oxigraph_errs(query: a.Query) -> bool:
    """Whether a query has a construct with a known fault."""
    return any(map(_is_faulty, _parts(query)))


def _is_faulty(part: object) -> bool:
    match part:
        case a.Graph(name=a.Var()):  # its variable is taken for one of the pattern inside
            return True
        case a.Aggregate(name="GROUP_CONCAT", operand=operand):  # keeps a language tag
            return not isinstance(operand, a.Call) or operand.name != "STR"
        case a.Call(name="BNODE", args=args):  # one node for a string, not one for each solution
            return bool(args)
        case a.PathPattern(subject, path, object_):  # a term that is not in the data is left out
            ends_fixed = not isinstance(subject, a.Var) or not isinstance(object_, a.Var)
            return ends_fixed and _may_be_empty(path)
        case _:
            return False


def _may_be_empty(path: a.PropertyPath) -> bool:
    """Whether a path can lead from a term to itself without a triple."""
    match path:
        case a.Repeat(path=inner, zero=zero):
            return zero or _may_be_empty(inner)
        case a.Sequence(left, right):
            return _may_be_empty(left) and _may_be_empty(right)
        case a.Alternative(left, right):
            return _may_be_empty(left) or _may_be_empty(right)
        case a.Inverse(path=inner):
            return _may_be_empty(inner)
        case _:
            return False


def _parts(value: object) -> Iterator[object]:
    """The value and all that it is made of."""
    yield value
    if isinstance(value, tuple):
        for part in value:
            yield from _parts(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _parts(getattr(value, field.name))
