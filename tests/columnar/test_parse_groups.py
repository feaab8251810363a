"""Group graph patterns and property paths to algebra."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode

from govgraph.engine.columnar.algebra import (
    Alternative,
    And,
    Extend,
    Filter,
    Graph,
    Inverse,
    Join,
    LeftJoin,
    Link,
    Minus,
    Negated,
    PathPattern,
    Pattern,
    Project,
    Repeat,
    Sequence,
    Slice,
    Union,
    Values,
    Var,
)

from .parsed import (
    FIRST,
    H1,
    H2,
    H3,
    LP,
    LQ,
    LR,
    NIL,
    ONE,
    REST,
    SPO,
    TWO,
    TYPE,
    UNIT,
    XSD,
    O,
    P,
    Q,
    R,
    S,
    X,
    Y,
    bgp,
    where,
)

GROUPS: list[tuple[str, Pattern]] = [
    ("", UNIT),
    ("{} {{}}", UNIT),
    ("?s :p ?o", SPO),
    ("?s :p ?o . ?o a :q .", bgp((S, P, O), (O, TYPE, Q))),
    ("?s :p ?o, ?x ; :q 1 ;; . ", bgp((S, P, O), (S, P, X), (S, Q, ONE))),
    ("?s ?p -1.5e0", bgp((S, Var("p"), Literal("-1.5e0", datatype=NamedNode(XSD + "double"))))),
    # filters go to the end of their group and do not end a basic graph pattern
    ("?s :p ?o FILTER(?o) ?o :q ?x", Filter(O, bgp((S, P, O), (O, Q, X)))),
    ("FILTER(?x) FILTER(?y) ?s :p ?o", Filter(And(X, Y), SPO)),
    ("?s :p ?o {} ?o :q ?x", Join(SPO, bgp((O, Q, X)))),
    ("{ FILTER(?x) ?s :p ?o } ?o :q ?x", Join(Filter(X, SPO), bgp((O, Q, X)))),
    # OPTIONAL: only the filters right in its group are the condition
    ("?s :p ?o OPTIONAL { ?o :q ?x }", LeftJoin(SPO, bgp((O, Q, X)), None)),
    (
        "?s :p ?o OPTIONAL { ?o :q ?x FILTER(?s) FILTER(?x) }",
        LeftJoin(SPO, bgp((O, Q, X)), And(S, X)),
    ),
    (
        "?s :p ?o OPTIONAL { { ?o :q ?x FILTER(?s) } }",
        LeftJoin(SPO, Filter(S, bgp((O, Q, X))), None),
    ),
    ("OPTIONAL { ?s :p ?o }", LeftJoin(UNIT, SPO, None)),
    ("?s :p ?o MINUS { ?o :q ?x FILTER(?x) }", Minus(SPO, Filter(X, bgp((O, Q, X))))),
    (
        "{ ?s :p ?o } UNION { ?o :q ?x } UNION { FILTER(?x) }",
        Union(Union(SPO, bgp((O, Q, X))), Filter(X, UNIT)),
    ),
    ("?s :p ?o . { } UNION { ?o :q ?x }", Join(SPO, Union(UNIT, bgp((O, Q, X))))),
    ("GRAPH ?x { ?s :p ?o }", Graph(X, SPO)),
    ("GRAPH :q { GRAPH ?x { } }", Graph(Q, Graph(X, UNIT))),
    ("?s :p ?o BIND(1 AS ?x) ?o :q ?x", Join(Extend(SPO, X, ONE), bgp((O, Q, X)))),
    ("{ ?s :p ?o } MINUS { ?x :q ?y } BIND(1 AS ?x)", Extend(Minus(SPO, bgp((X, Q, Y))), X, ONE)),
    ("VALUES ?x { 1 UNDEF :p }", Values((X,), ((ONE,), (None,), (P,)))),
    ("?s :p ?o VALUES (?x ?y) { (1 2) }", Join(SPO, Values((X, Y), ((ONE, TWO),)))),
    ("VALUES () { () () }", Values((), ((), ()))),
    ("VALUES (?x) { }", Values((X,), ())),
    ("{ SELECT ?s { ?s :p ?o } }", Project(SPO, (S,))),
    ("?s :p ?o { SELECT * { ?o :q ?x } }", Join(SPO, Project(bgp((O, Q, X)), (O, X)))),
    (
        "{ SELECT ?s { ?s :p ?o } LIMIT 1 VALUES ?s { :p } }",
        Slice(Project(Join(SPO, Values((S,), ((P,),))), (S,)), 0, 1),
    ),
    # blank nodes
    ("_:x :p [] . _:x :q 1", bgp((Var("_:x"), P, H1), (Var("_:x"), Q, ONE))),
    ("[ :p ?x ; a :q ]", bgp((H1, P, X), (H1, TYPE, Q))),
    ("[ :p ?x ] :q [ :r ?y ]", bgp((H1, P, X), (H2, R, Y), (H1, Q, H2))),
    ("?s :p ()", bgp((S, P, NIL))),
    ("() :p 1", bgp((NIL, P, ONE))),
    ("(1) .", bgp((H1, FIRST, ONE), (H1, REST, NIL))),
    (
        "?s :p (1 (2))",
        bgp(
            (H1, FIRST, ONE), (H1, REST, H2), (H3, FIRST, TWO), (H3, REST, NIL),
            (H2, FIRST, H3), (H2, REST, NIL), (S, P, H1),
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), GROUPS)
def test_group(text: str, expected: Pattern) -> None:
    assert where(text) == expected


PATHS: list[tuple[str, Pattern]] = [
    ("?s (:p) ?o", SPO),
    ("?o ^:p ?s", SPO),
    ("?s ^(^:p) ?o", SPO),
    ("?s ^a/:p ?o", PathPattern(S, Sequence(Inverse(Link(TYPE)), LP), O)),
    ("?o ^(:p/:q) ?s", PathPattern(S, Sequence(LP, LQ), O)),
    ("?s :p/:q/:r ?o", PathPattern(S, Sequence(Sequence(LP, LQ), LR), O)),
    ("?s :p|:q/:r ?o", PathPattern(S, Alternative(LP, Sequence(LQ, LR)), O)),
    ("?s (:p|:q)/:r ?o", PathPattern(S, Sequence(Alternative(LP, LQ), LR), O)),
    ("?s :p* ?o", PathPattern(S, Repeat(LP, True, True), O)),
    ("?s :p+ ?o", PathPattern(S, Repeat(LP, False, True), O)),
    ("?s :p? ?o", PathPattern(S, Repeat(LP, True, False), O)),
    ("?s ^:p+ ?o", PathPattern(O, Repeat(LP, False, True), S)),
    ("?s (^:p)+ ?o", PathPattern(S, Repeat(Inverse(LP), False, True), O)),
    ("?s !:p ?o", PathPattern(S, Negated((P,), ()), O)),
    ("?s !^:p ?o", PathPattern(S, Negated((), (P,)), O)),
    ("?s !(:p|^:q|a|^:r) ?o", PathPattern(S, Negated((P, TYPE), (Q, R)), O)),
    ("?s !() ?o", PathPattern(S, Negated((), ()), O)),
    ("?s ^!:p ?o", PathPattern(O, Negated((P,), ()), S)),
    ("?s :p?o", SPO),
    # paths stand beside the triples around them, which are one basic graph pattern
    (
        "?s :p ?o . ?o :p/:q _:x . _:x :q 1",
        Join(bgp((S, P, O), (Var("_:x"), Q, ONE)), PathPattern(O, Sequence(LP, LQ), Var("_:x"))),
    ),
    ("[ :p/:q 1 ]", PathPattern(H1, Sequence(LP, LQ), ONE)),
]


@pytest.mark.parametrize(("text", "expected"), PATHS)
def test_path(text: str, expected: Pattern) -> None:
    assert where(text) == expected
