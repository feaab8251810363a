"""Names for the terms and variables of the parser's tests, and short ways to parse."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from govgraph.engine.columnar.algebra import (
    Aggregate,
    Bgp,
    Expression,
    Filter,
    Link,
    Node,
    Pattern,
    Query,
    TriplePattern,
    Var,
)
from govgraph.engine.columnar.parse import parse

EX, XSD = "http://e/", "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
FIRST, REST, NIL, TYPE = (NamedNode(RDF + name) for name in ("first", "rest", "nil", "type"))
X, Y, Z, S, O = (Var(name) for name in "xyzso")  # noqa: E741
P, Q, R = (NamedNode(EX + name) for name in "pqr")
H1, H2, H3 = (Var(f"_:.{number}") for number in (1, 2, 3))
UNIT = Bgp(())
LP, LQ, LR = Link(P), Link(Q), Link(R)


def integer(lexical: str | int) -> Literal:
    return Literal(str(lexical), datatype=NamedNode(XSD + "integer"))


ONE, TWO = integer(1), integer(2)


def read(text: str) -> Query:
    return parse(text, prefixes={"": EX, "xsd": XSD})


def where(text: str) -> Pattern:
    """The algebra of a group."""
    return read(f"ASK {{ {text} }}").pattern


def expr(text: str) -> Expression:
    pattern = where(f"FILTER({text})")
    assert isinstance(pattern, Filter)
    return pattern.condition


def bgp(*triples: tuple[Node, Var | NamedNode, Node]) -> Bgp:
    return Bgp(tuple(TriplePattern(*triple) for triple in triples))


SPO = bgp((S, P, O))

COUNT = Aggregate("COUNT", X)
XPY = bgp((X, P, Y))
