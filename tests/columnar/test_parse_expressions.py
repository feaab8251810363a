"""Expressions and terms to algebra."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode

from govgraph.engine.columnar.algebra import (
    And,
    Arithmetic,
    Call,
    Compare,
    Constant,
    Exists,
    Expression,
    Filter,
    Function,
    In,
    Minus1,
    Not,
    Or,
    PathPattern,
    Plus1,
    Project,
    Query,
    Sequence,
    Values,
    Var,
)
from govgraph.engine.columnar.parse import parse

from .parsed import (
    EX,
    LP,
    LQ,
    ONE,
    SPO,
    TWO,
    XSD,
    O,
    P,
    S,
    X,
    Y,
    Z,
    bgp,
    expr,
    integer,
    where,
)

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
