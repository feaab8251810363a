"""Query text to algebra, construct by construct."""

from __future__ import annotations

from textwrap import dedent

import pytest
from pyoxigraph import Literal, NamedNode

from govgraph.engine.columnar.algebra import (
    Aggregate,
    Alternative,
    And,
    Arithmetic,
    Bgp,
    Call,
    Compare,
    Constant,
    Distinct,
    Exists,
    Expression,
    Extend,
    Filter,
    Function,
    Graph,
    Group,
    In,
    Inverse,
    Join,
    LeftJoin,
    Link,
    Minus,
    Minus1,
    Negated,
    Node,
    Not,
    Or,
    OrderBy,
    PathPattern,
    Pattern,
    Plus1,
    Project,
    Query,
    Reduced,
    Repeat,
    Sequence,
    Slice,
    TriplePattern,
    Union,
    Values,
    Var,
)
from govgraph.engine.columnar.notcompiled import NotCompiled, SparqlSyntaxError
from govgraph.engine.columnar.parse import parse

EX, XSD = "http://e/", "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
FIRST, REST, NIL, TYPE = (NamedNode(RDF + name) for name in ("first", "rest", "nil", "type"))
X, Y, Z, S, O = (Var(name) for name in "xyzso")  # noqa: E741
P, Q, R = (NamedNode(EX + name) for name in "pqr")
H1, H2, H3 = (Var(f"_:.{number}") for number in (1, 2, 3))
UNIT = Bgp(())


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


# -- groups --------------------------------------------------------------------------------------

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


# -- paths ---------------------------------------------------------------------------------------

LP, LQ, LR = Link(P), Link(Q), Link(R)
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


# -- expressions ---------------------------------------------------------------------------------

EXPRESSIONS: list[tuple[str, Expression]] = [
    ("?x || ?y && ?z", Or(X, And(Y, Z))),
    ("?x && ?y || ?z", Or(And(X, Y), Z)),
    ("?x || ?y || ?z", Or(Or(X, Y), Z)),
    ("!?x = ?y", Compare("=", Not(X), Y)),
    ("?x + 1 < ?y * 2", Compare("<", Arithmetic("+", X, ONE), Arithmetic("*", Y, TWO))),
    ("?x - ?y - ?z", Arithmetic("-", Arithmetic("-", X, Y), Z)),
    ("?x / ?y * ?z", Arithmetic("*", Arithmetic("/", X, Y), Z)),
    ("?x -1", Arithmetic("-", X, ONE)),
    ("?x+1*2", Arithmetic("+", X, Arithmetic("*", ONE, TWO))),
    ("?x * -1", Arithmetic("*", X, integer("-1"))),
    ("- 1", Minus1(ONE)),
    ("-?x", Minus1(X)),
    ("+?x", Plus1(X)),
    ("+1", integer("+1")),
    ("-(1)", Minus1(ONE)),
    ("?x IN ()", In(X, (), False)),
    ("?x NOT IN (1, ?y + 1)", In(X, (ONE, Arithmetic("+", Y, ONE)), True)),
    ("?x IN (1) && ?y", And(In(X, (ONE,), False), Y)),
    ("(?x = 1) = (?y = 2)", Compare("=", Compare("=", X, ONE), Compare("=", Y, TWO))),
    ("bound(?x)", Call("BOUND", (X,))),
    ("COALESCE()", Call("COALESCE", ())),
    ("Concat()", Call("CONCAT", ())),
    ("NOW( )", Call("NOW", ())),
    ("BNODE()", Call("BNODE", ())),
    ("BNODE('a')", Call("BNODE", (Literal("a"),))),
    ("if(?x, 1, 2)", Call("IF", (X, ONE, TWO))),
    ("REGEX(?x, 'a', 'i')", Call("REGEX", (X, Literal("a"), Literal("i")))),
    ("REPLACE(?x, 'a', 'b')", Call("REPLACE", (X, Literal("a"), Literal("b")))),
    ("URI(?x)", Call("IRI", (X,))),
    ("isUri(?x)", Call("ISIRI", (X,))),
    ("xsd:integer(?x)", Function(NamedNode(XSD + "integer"), (X,))),
    (":p()", Function(P, ())),
    (":p(DISTINCT ?x)", Function(P, (X,), True)),
    (":p", P),
    ("TRUE", Literal("true", datatype=NamedNode(XSD + "boolean"))),
    ("'x'@en-GB", Literal("x", language="en-gb")),
    ("'1'^^xsd:byte", Literal("1", datatype=NamedNode(XSD + "byte"))),
    ("01", integer("01")),
    (".5", Literal(".5", datatype=NamedNode(XSD + "decimal"))),
    ("1.e3", Literal("1.e3", datatype=NamedNode(XSD + "double"))),
    ("EXISTS { ?s :p ?o }", Exists(SPO, False)),
    ("?x && NOT EXISTS { ?s :p ?o FILTER(?x) }", And(X, Exists(Filter(X, SPO), True))),
    ("!EXISTS { ?s :p/:q ?o }", Not(Exists(PathPattern(S, Sequence(LP, LQ), O), False))),
    ("EXISTS { SELECT ?s { ?s :p ?o } }", Exists(Project(SPO, (S,)), False)),
]


@pytest.mark.parametrize(("text", "expected"), EXPRESSIONS)
def test_expression(text: str, expected: Expression) -> None:
    assert expr(text) == expected


@pytest.mark.parametrize(
    "text", ["EXISTS { ?s :p ?o }", "BOUND(?x)", ":p(?x)", "(?x)", "NOT EXISTS { }"]
)
def test_a_filter_needs_no_parentheses_around_a_call(text: str) -> None:
    assert where(f"FILTER {text}") == where(f"FILTER ({text})")


# -- queries -------------------------------------------------------------------------------------

COUNT = Aggregate("COUNT", X)
XPY = bgp((X, P, Y))
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


# -- terms ---------------------------------------------------------------------------------------

TERMS: list[tuple[str, Constant]] = [
    (":a.b", NamedNode(EX + "a.b")),
    (":", NamedNode(EX)),
    (r":a\-b\~%41", NamedNode(EX + "a-b~%41")),
    (":1a:b", NamedNode(EX + "1a:b")),
    (":乡镇", NamedNode(EX + "乡镇")),
    ("<http://e/\\u4E61>", NamedNode(EX + "乡")),
    ('"\\U0001F600"', Literal("😀")),
    ('"\\\\u0041"', Literal("\\u0041")),
    ("'''a'b''c\n\\''''", Literal("a'b''c\n'")),
    ('""', Literal("")),
    ('""""a"""', Literal('"a')),
    ("'\"'", Literal('"')),
    (r'"\t\b\n\r\f\\\"\'"', Literal("\t\b\n\r\f\\\"'")),
    ("1.0", Literal("1.0", datatype=NamedNode(XSD + "decimal"))),
    ("+01", integer("+01")),
]


@pytest.mark.parametrize(("text", "expected"), TERMS)
def test_term(text: str, expected: Constant) -> None:
    assert where(f"VALUES ?x {{ {text} }}") == Values((X,), ((expected,),))


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"), ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"),
        ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q#s"), ("g#s", "http://a/b/c/g#s"),
        ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"), ("./", "http://a/b/c/"),
        ("..", "http://a/b/"), ("../", "http://a/b/"), ("../g", "http://a/b/g"),
        ("../..", "http://a/"), ("../../g", "http://a/g"), ("../../../g", "http://a/g"),
        ("../../../../g", "http://a/g"), ("/./g", "http://a/g"), ("/../g", "http://a/g"),
        ("g.", "http://a/b/c/g."), (".g", "http://a/b/c/.g"), ("g..", "http://a/b/c/g.."),
        ("./../g", "http://a/b/g"), ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"),
        ("g/../h", "http://a/b/c/h"), ("g;x=1/../y", "http://a/b/c/y"),
        ("g?y/../x", "http://a/b/c/g?y/../x"), ("g#s/../x", "http://a/b/c/g#s/../x"),
        ("g:h", "g:h"),
    ],
)  # fmt: skip
def test_relative_iris(reference: str, expected: str) -> None:
    """The examples of RFC 3986, 5.4."""
    query = parse(f"ASK {{ <{reference}> ?p ?o }}", "http://a/b/c/d;p?q")
    assert query.pattern == bgp((NamedNode(expected), Var("p"), O))


def test_a_query_overrides_prefixes_and_base() -> None:
    query = parse(
        "PREFIX a: <http://own/> BASE <http://b/> ASK { a:x b:x <x> }",
        "http://c/",
        {"a": "http://a/", "b": "http://given/"},
    )
    triple = (NamedNode("http://own/x"), NamedNode("http://given/x"), NamedNode("http://b/x"))
    assert query == Query("ask", bgp(triple), base="http://b/")


# -- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ASK { SERVICE :p { } }", "SERVICE"),
        ("ASK { SERVICE SILENT ?x { } }", "SERVICE"),
        ("ASK { LATERAL { } }", "LATERAL"),
        ("VERSION '1.2' ASK { }", "VERSION"),
        ("ASK { << ?s :p ?o >> :q 1 }", "RDF-star"),
        ("ASK { <<( ?s :p ?o )>> :q 1 }", "RDF-star"),
        ("ASK { ?s :p ?o {| :q 1 |} }", "RDF-star"),
        ("ASK { ?s :p ?o ~ :q }", "RDF-star"),
        ("ASK { FILTER(isTRIPLE(?x)) }", "ISTRIPLE"),
        ("ASK { BIND(TRIPLE(?s, ?p, ?o) AS ?x) }", "TRIPLE"),
        ("ASK { BIND('a'@en--ltr AS ?x) }", "direction"),
        ("ASK { ?s :p +1 }", "path's mark"),
        ("ASK { ?s :p+1 }", "path's mark"),
        ("ASK { ?s :p '\\u0027' }", "character of the syntax"),
        ("ASK { ?s :p '\\uD800' }", "no character"),
        ("BASE <http://b/> ASK { ?s :p <http://a/b/../c> }", "dot segments"),
        ("SELECT ?z { } GROUP BY (?x AS ?y) (STR(?y) AS ?z)", "key before"),
        (f"SELECT ?x {{ }} LIMIT {'9' * 5000}", "LIMIT"),
    ],
)
def test_not_compiled(text: str, reason: str) -> None:
    with pytest.raises(NotCompiled) as caught:
        read(text)
    assert not isinstance(caught.value, SparqlSyntaxError)
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    "text",
    [
        "",
        "INSERT DATA { }",
        "ASK { } ASK { }",
        "ASK { ",
        "ASK { ?s :p }",
        "ASK { ?s :p ?o ?x :p ?y }",
        "ASK { ?s :p ?o . . }",
        "ASK { . }",
        "ASK { [] }",
        "ASK { ?s no:p ?o }",
        "ASK { <s> :p ?o }",
        "ASK { ?s A ?o }",
        "ASK { ?s :p ?o BIND(1 AS ?o) }",
        "ASK { ?s :p ?o OPTIONAL { ?x :p ?y } BIND(1 AS ?y) }",
        "ASK { _:a :p ?o OPTIONAL { ?o :p ?x } _:a :q ?y }",
        "ASK { _:a :p ?o { _:a :q ?y } }",
        "ASK { VALUES (?x ?y) { (1) } }",
        "ASK { VALUES (?x ?x) { (1 1) } }",
        "ASK { VALUES ?x { ?y } }",
        "ASK { FILTER(1 < 2 < 3) }",
        "ASK { FILTER(?x IN (1) = ?y) }",
        "ASK { FILTER ?x }",
        "ASK { FILTER(BOUND(1)) }",
        "ASK { FILTER(STR()) }",
        "ASK { FILTER(IF(1, 2)) }",
        "ASK { FILTER(NOW(1)) }",
        "ASK { FILTER(FOO(1)) }",
        "ASK { FILTER(COUNT(?x) > 1) }",
        "ASK { BIND(COUNT(?x) AS ?y) }",
        'ASK { ?s :p "a\nb" }',
        "ASK { ?s :p 'a\\x' }",
        "ASK { ?s ^^:p ?o }",
        "ASK { ?s ?p+ ?o }",
        "SELECT { }",
        "SELECT ?x ?x { }",
        "SELECT (1 AS ?x) { ?x :p ?y }",
        "SELECT (1 AS ?x) (2 AS ?x) { }",
        "SELECT (SUM(COUNT(?x)) AS ?y) { }",
        "SELECT * { ?x :p ?y } GROUP BY ?x",
        "SELECT ?y { ?x :p ?y } GROUP BY ?x",
        "SELECT ?y (COUNT(*) AS ?z) { ?x :p ?y }",
        "SELECT (STR(?y) AS ?z) { ?x :p ?y } GROUP BY STR(?y)",
        "SELECT ?x { ?x :p ?y } GROUP BY (1 AS ?y)",
        "SELECT ?x { } GROUP BY COUNT(?x)",
        "SELECT ?x { } LIMIT 1 LIMIT 2",
        "SELECT ?x { } LIMIT -1",
        "SELECT ?x { } LIMIT 1 ORDER BY ?x",
        "SELECT ?x { } ORDER BY ?x + 1",
        "CONSTRUCT { ?s :p/:q ?o } { }",
        "CONSTRUCT WHERE { ?s :p/:q ?o }",
        "CONSTRUCT WHERE { ?s :p ?o FILTER(?o) }",
        "PREFIX a:b <http://a/> ASK { }",
    ],
)
def test_syntax_error(text: str) -> None:
    with pytest.raises(SparqlSyntaxError):
        read(text)


def test_an_error_has_its_place() -> None:
    with pytest.raises(SparqlSyntaxError, match="line 3, column 8: no prefix no:") as caught:
        parse(
            dedent("""\
            ASK {
              # none
              ?s   no:p ?o }""")
        )
    assert (caught.value.line, caught.value.column) == (3, 8)


DEEP = [
    ("{", "}"), ("OPTIONAL {", "}"), ("FILTER EXISTS {", "}"), ("GRAPH ?g {", "}"),
    ("?s :p [ :p (", ") ] ."), ("{ SELECT * {", "} }"), ("?s :p (", ") ."), ("?s :p [ :p ", " 1 ] ."),
    ("{} UNION {", "}"),
]  # fmt: skip


@pytest.mark.parametrize("levels", [10, 49, 1000, 20_000])
@pytest.mark.parametrize(("opening", "closing"), DEEP)
def test_depth_is_limited(opening: str, closing: str, levels: int) -> None:
    _read_or_refuse(f"SELECT * {{ {opening * levels} {closing * levels} }}")


@pytest.mark.parametrize("levels", [10, 49, 1000, 20_000])
@pytest.mark.parametrize(
    "text",
    [
        "(", "-(", "!(", "CONCAT(1||1&&1=1+1*", ":p(", "1 IN (", "COALESCE(1, ",
    ],
)  # fmt: skip
def test_depth_of_expressions_is_limited(text: str, levels: int) -> None:
    _read_or_refuse(f"ASK {{ FILTER({text * levels} 1 {')' * levels}) }}")


@pytest.mark.parametrize(
    "text", ["FILTER(1", "FILTER(1+1", "?s :p", "?s :p|:q", "{} UNION {}", "BIND(1 AS ?x)"]
)
def test_length_is_limited(text: str) -> None:
    """Chains without brackets grow the algebra's height as well."""
    more = {"FILTER(1": " || 1", "FILTER(1+1": " + 1", "?s :p": "/:p", "?s :p|:q": "|:q"}
    end = {"F": ")", "?": " ?o"}.get(text[0], "")
    chain = more.get(text, " FILTER(1) {} MINUS {} ")
    _read_or_refuse(f"ASK {{ {text + chain * 100 + end} }}")
    with pytest.raises(NotCompiled, match="more than 250"):
        read(f"ASK {{ {text + chain * 1000 + end} }}")


def _read_or_refuse(text: str) -> None:
    """Small enough to be walked, or NotCompiled."""
    try:
        query = read(text)
    except NotCompiled:
        return
    assert isinstance(hash(query), int)
    assert query == read(text)
