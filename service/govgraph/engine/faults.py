"""Which queries Oxigraph 0.5.13 is known to answer wrongly; the columns answer those.

Each fault was met in the W3C's tests; tests/columnar/test_compile_w3c.py names the tests and the
paragraphs of SPARQL 1.1 that they rest on.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pyoxigraph import NamedNode

from govgraph.engine.columnar import algebra as a
from govgraph.engine.columnar.visibility import walk

Known = Callable[[NamedNode], bool]


#: What a query has to have in its text to have one of the faults: a function, a graph by a variable,
#: an operator after a path, which the stars of SELECT and of a product look like too, or an escape.
_SUSPECT = re.compile(r"GROUP_CONCAT|BNODE|GRAPH\s*[?$]|(?<!\()\*|\?(?!\w)|\\u", re.IGNORECASE)
#: Triples in a graph by a variable that they do not have.
_PLAIN = re.compile(
    r"""GRAPH\s*[?$](\w+)\s*\{(?![^}]*[?$]\1\b)\s*[^\s{}"'#][^{}"'#]*\}""", re.IGNORECASE
)


def may_err(query: str) -> bool:
    """Whether a query's text may have a construct with a known fault: a quick look, which lets none
    pass and stops some that have none."""
    return _SUSPECT.search(_PLAIN.sub("", query)) is not None


def oxigraph_errs(query: a.Query, known: Known = lambda _: False) -> bool:
    """Whether a query has a construct with a known fault. One fault shows only with terms that are
    no node of the data, so `known` says of an IRI whether it is one."""
    return any(_is_faulty(part, known) for part in walk(query))


def _is_faulty(part: object, known: Known) -> bool:
    match part:
        case a.Graph(a.Var() as name, a.Bgp(triples)) if triples:
            return name in set(walk(triples))
        case a.Graph(name=a.Var()):  # its variable is taken for one of the pattern inside
            return True
        case a.Aggregate(name="GROUP_CONCAT", operand=operand):  # keeps a language tag
            return not isinstance(operand, a.Call) or operand.name != "STR"
        case a.Call(name="BNODE", args=args):  # one node for a string, not one for each solution
            return bool(args)
        case a.PathPattern(subject, path, object_):  # a term that is not in the data is left out
            fixed = [end for end in (subject, object_) if not isinstance(end, a.Var)]
            met = all(isinstance(end, NamedNode) and known(end) for end in fixed)
            return not met and _may_be_empty(path)
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
