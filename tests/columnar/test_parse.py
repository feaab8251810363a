"""Queries of the four forms to algebra: solution modifiers, grouping, datasets."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode

from govgraph.engine.columnar.algebra import (
    Aggregate,
    And,
    Arithmetic,
    Call,
    Compare,
    Distinct,
    Exists,
    Extend,
    Filter,
    Graph,
    Group,
    Join,
    LeftJoin,
    Minus,
    OrderBy,
    PathPattern,
    Project,
    Query,
    Reduced,
    Sequence,
    Slice,
    Union,
    Values,
    Var,
)

from .parsed import (
    COUNT,
    EX,
    FIRST,
    H1,
    H2,
    LP,
    LQ,
    NIL,
    ONE,
    REST,
    SPO,
    TYPE,
    UNIT,
    XPY,
    O,
    P,
    Q,
    R,
    S,
    X,
    Y,
    Z,
    bgp,
    read,
)

QUERIES: list[tuple[str, Query]] = [
    ("SELECT ?x ?z { ?x :p ?y }", Query("select", Project(XPY, (X, Z)), (X, Z))),
    # §18.2.1: what SELECT * shows
    (
        "SELECT * { ?y :p ?x FILTER(?z) FILTER EXISTS { ?s :p ?o } MINUS { ?x :q ?o } [] :p _:b }",
        Query(
            "select",
            Project(
                Filter(
                    And(Z, Exists(SPO, False)),
                    Join(Minus(bgp((Y, P, X)), bgp((X, Q, O))), bgp((H1, P, Var("_:b")))),
                ),
                (X, Y),
            ),
            (X, Y),
        ),
    ),
    (
        "SELECT * { { SELECT ?x { ?x :p ?o } } OPTIONAL { ?x ?y 1 } } VALUES ?z { 1 }",
        Query(
            "select",
            Project(
                Join(
                    LeftJoin(Project(bgp((X, P, O)), (X,)), bgp((X, Y, ONE)), None),
                    Values((Z,), ((ONE,),)),
                ),
                (X, Y, Z),
            ),
            (X, Y, Z),
        ),
    ),
    (
        "SELECT * { GRAPH ?x { } { ?s :p/:q ?o } UNION { BIND(1 AS ?y) } }",
        Query(
            "select",
            Project(
                Join(
                    Graph(X, UNIT),
                    Union(PathPattern(S, Sequence(LP, LQ), O), Extend(UNIT, Y, ONE)),
                ),
                (O, S, X, Y),
            ),
            (O, S, X, Y),
        ),
    ),
    (
        "SELECT (?x + 1 AS ?z) (?z AS ?s) { ?x :p ?y }",
        Query(
            "select",
            Project(Extend(Extend(XPY, Z, Arithmetic("+", X, ONE)), S, Z), (Z, S)),
            (Z, S),
        ),
    ),
    (
        "SELECT DISTINCT ?x { ?x :p ?y } ORDER BY DESC(?y) ?x STR(?x) OFFSET 2 LIMIT 10",
        Query(
            "select",
            Slice(
                Distinct(
                    Project(OrderBy(XPY, ((Y, True), (X, False), (Call("STR", (X,)), False))), (X,))
                ),
                2,
                10,
            ),
            (X,),
        ),
    ),
    (
        "SELECT REDUCED ?x { ?x :p ?y } LIMIT 0",
        Query("select", Slice(Reduced(Project(XPY, (X,))), 0, 0), (X,)),
    ),
    # grouping
    (
        "SELECT (COUNT(?x) AS ?z) { ?x :p ?y }",
        Query("select", Project(Extend(Group(XPY, (), ((H1, COUNT),)), Z, H1), (Z,)), (Z,)),
    ),
    (
        "SELECT ?y (COUNT(?x) + 1 AS ?z) { ?x :p ?y } GROUP BY ?y"
        " HAVING (COUNT(?x) > 1) (MIN(?x) = ?y) ORDER BY COUNT(?x)",
        Query(
            "select",
            Project(
                OrderBy(
                    Extend(
                        Filter(
                            And(Compare(">", H1, ONE), Compare("=", H2, Y)),
                            Group(XPY, ((Y, Y),), ((H1, COUNT), (H2, Aggregate("MIN", X)))),
                        ),
                        Z,
                        Arithmetic("+", H1, ONE),
                    ),
                    ((H1, False),),
                ),
                (Y, Z),
            ),
            (Y, Z),
        ),
    ),
    (
        "SELECT ?z { ?x :p ?y } GROUP BY (STR(?x) AS ?z) LANG(?y) (?y + 1) (?y)",
        Query(
            "select",
            Project(
                Group(
                    XPY,
                    (
                        (Z, Call("STR", (X,))),
                        (H1, Call("LANG", (Y,))),
                        (H2, Arithmetic("+", Y, ONE)),
                        (Y, Y),
                    ),
                    (),
                ),
                (Z,),
            ),
            (Z,),
        ),
    ),
    # a plain variable of HAVING or ORDER BY that is no key stands for one of its values
    (
        "SELECT ?y { ?x :p ?y } GROUP BY ?y HAVING (?x) ORDER BY ?x",
        Query(
            "select",
            Project(
                OrderBy(
                    Filter(H1, Group(XPY, ((Y, Y),), ((H1, Aggregate("SAMPLE", X)),))),
                    ((H1, False),),
                ),
                (Y,),
            ),
            (Y,),
        ),
    ),
    # ORDER BY sees what SELECT assigns
    (
        "SELECT (COUNT(*) AS ?z) (?z + 1 AS ?s) { ?x :p ?y } ORDER BY ?z",
        Query(
            "select",
            Project(
                OrderBy(
                    Extend(
                        Extend(Group(XPY, (), ((H1, Aggregate("COUNT", None)),)), Z, H1),
                        S,
                        Arithmetic("+", Z, ONE),
                    ),
                    ((Z, False),),
                ),
                (Z, S),
            ),
            (Z, S),
        ),
    ),
    (
        "SELECT ?y { ?x :p ?y } GROUP BY ?y HAVING EXISTS { ?x :p ?y }",
        Query(
            "select",
            Project(Filter(Exists(XPY, False), Group(XPY, ((Y, Y),), ())), (Y,)),
            (Y,),
        ),
    ),
    (
        "SELECT ?z { { SELECT (COUNT(?x) AS ?z) { ?x :p ?y } } }",
        Query(
            "select",
            Project(Project(Extend(Group(XPY, (), ((H1, COUNT),)), Z, H1), (Z,)), (Z,)),
            (Z,),
        ),
    ),
    ("SELECT ?x { ?x :p ?y } HAVING (?y)", Query("select", Project(Filter(Y, XPY), (X,)), (X,))),
    # the other forms
    ("ASK { ?x :p ?y } LIMIT 1", Query("ask", Slice(XPY, 0, 1))),
    (
        "ASK { ?x :p ?y } HAVING (COUNT(?x) > 1)",
        Query("ask", Filter(Compare(">", H1, ONE), Group(XPY, (), ((H1, COUNT),)))),
    ),
    (
        "CONSTRUCT { ?x :q [ a _:b ] . (1) :r ?x . } { ?x :p ?y } ORDER BY ?x LIMIT 2",
        Query(
            "construct",
            Slice(OrderBy(XPY, ((X, False),)), 0, 2),
            template=bgp(
                (H1, TYPE, Var("_:b")), (X, Q, H1), (H2, FIRST, ONE), (H2, REST, NIL), (H2, R, X)
            ).triples,
        ),
    ),
    ("CONSTRUCT { } WHERE { }", Query("construct", UNIT)),
    (
        "CONSTRUCT FROM :p WHERE { _:b :p ?y } OFFSET 1",
        Query(
            "construct",
            Slice(bgp((Var("_:b"), P, Y)), 1, None),
            template=bgp((Var("_:b"), P, Y)).triples,
            default=(P,),
            named=(),
        ),
    ),
    ("DESCRIBE :p ?x { ?x :p ?y }", Query("describe", XPY, describe=(P, X))),
    ("DESCRIBE * WHERE { ?y :p ?x }", Query("describe", bgp((Y, P, X)), describe=(X, Y))),
    ("DESCRIBE :p", Query("describe", UNIT, describe=(P,))),
    (
        "ASK FROM :p FROM NAMED :q FROM :r { }",
        Query("ask", UNIT, default=(P, R), named=(Q,)),
    ),
    ("ASK FROM NAMED :q { }", Query("ask", UNIT, default=(), named=(Q,))),
    (
        "BASE <http://e/a/> PREFIX : <b#> BASE <c/> PREFIX x: <> ASK { :p x:q <../r> }",
        Query(
            "ask",
            bgp((NamedNode(EX + "a/b#p"), NamedNode(EX + "a/c/q"), NamedNode(EX + "a/r"))),
            base=EX + "a/c/",
        ),
    ),
]


@pytest.mark.parametrize(("text", "expected"), QUERIES)
def test_query(text: str, expected: Query) -> None:
    assert read(text) == expected


AGGREGATES = [
    ("count(*)", Aggregate("COUNT", None)),
    ("COUNT(DISTINCT *)", Aggregate("COUNT", None, True)),
    ("SUM(DISTINCT ?x + 1)", Aggregate("SUM", Arithmetic("+", X, ONE), True)),
    ("AVG(?x)", Aggregate("AVG", X)),
    ("MAX(?x)", Aggregate("MAX", X)),
    ("SAMPLE(?x)", Aggregate("SAMPLE", X)),
    ("GROUP_CONCAT(?x)", Aggregate("GROUP_CONCAT", X)),
    ('GROUP_CONCAT(DISTINCT ?x; separator = "\\n")', Aggregate("GROUP_CONCAT", X, True, "\n")),
]


@pytest.mark.parametrize(("text", "expected"), AGGREGATES)
def test_aggregate(text: str, expected: Aggregate) -> None:
    grouped = Group(XPY, (), ((H1, expected),))
    query = read(f"SELECT (IF(?z, {text}, 1) AS ?o) {{ ?x :p ?y }} GROUP BY ?z")
    assert query.pattern == Project(
        Extend(Group(XPY, ((Z, Z),), grouped.aggregates), O, Call("IF", (Z, H1, ONE))), (O,)
    )
