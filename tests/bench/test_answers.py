"""Answers of different engines compared: as bags, numbers by value, any rows by their count."""

from __future__ import annotations

import json

import pytest
from bench.answers import counted, difference, read_answer
from bench.data import Query

XSD = "http://www.w3.org/2001/XMLSchema#"
ALL = Query("q", "SELECT ?x WHERE { ?x ?y ?z }")
ANY = Query("q", "SELECT ?x WHERE { ?x ?y ?z } LIMIT 2")
TRIPLES = Query("q", "CONSTRUCT { ?x ?y ?z } WHERE { ?x ?y ?z } LIMIT 2")


def results(*terms: dict[str, str]) -> bytes:
    return json.dumps({"results": {"bindings": [{"x": term} for term in terms]}}).encode()


def literal(value: str, datatype: str = "", language: str = "") -> dict[str, str]:
    term = {"type": "literal", "value": value}
    if datatype:
        term["datatype"] = XSD + datatype
    return term | ({"xml:lang": language} if language else {})


def test_order_means_nothing_and_repetition_does() -> None:
    a, b = literal("a"), literal("b")
    one = read_answer(ALL, results(a, b, b))
    assert difference(one, read_answer(ALL, results(b, a, b))) is None
    why = difference(one, read_answer(ALL, results(a, a, b)))
    assert why is not None
    assert why.startswith("1 rows too many, 1 missing")
    assert difference(one, read_answer(ALL, results(a, b))) == "3 solutions, not 2"


@pytest.mark.parametrize(
    "one, other",
    [
        (literal("1.50", "decimal"), literal("1.5", "decimal")),
        (literal("100", "integer"), literal("1E2", "double")),
        (literal("0.30000000000000004", "double"), literal("0.3", "decimal")),
        (literal("a", "string"), literal("a")),
        (literal("a", language="zh-CN"), literal("a", language="zh-cn")),
        (literal("a", "date"), literal("a", "date") | {"type": "typed-literal"}),
    ],
)
def test_equal_terms(one: dict[str, str], other: dict[str, str]) -> None:
    assert difference(read_answer(ALL, results(one)), read_answer(ALL, results(other))) is None


@pytest.mark.parametrize(
    "one, other",
    [
        (literal("1", "integer"), literal("1")),
        (literal("10", "integer"), literal("1", "integer")),
        (literal("a", language="zh"), literal("a")),
        (literal("a"), {"type": "uri", "value": "a"}),
        (literal("1234567890.12", "decimal"), literal("1234567890.13", "decimal")),
    ],
)
def test_different_terms(one: dict[str, str], other: dict[str, str]) -> None:
    assert difference(read_answer(ALL, results(one)), read_answer(ALL, results(other)))


def test_any_rows_are_compared_by_their_count() -> None:
    a, b, c = literal("a"), literal("b"), literal("c")
    full = read_answer(ANY, results(a, b))
    assert difference(full, read_answer(ANY, results(b, c))) is None
    assert difference(full, read_answer(ANY, results(c))) == "2 solutions, not 1"


def test_rows_below_the_limit_are_compared_as_they_are() -> None:
    one, other = (read_answer(ANY, results(literal(value))) for value in "ab")
    assert difference(one, other)


def test_a_triple_given_twice_counts_once() -> None:
    line = b'<http://e/s> <http://e/p> "x"@zh .\n'
    once, twice = (read_answer(TRIPLES, line * n, solutions=1) for n in (1, 2))
    assert difference(once, twice) is None
    other = read_answer(TRIPLES, line.replace(b"x", b"y"), solutions=1)
    assert difference(once, other)
    assert difference(once, read_answer(TRIPLES, line, solutions=2)) == "1 solutions, not 2"


def test_a_cut_answer_is_no_answer() -> None:
    with pytest.raises(ValueError):
        read_answer(ALL, results(literal("a"))[:-3])
    with pytest.raises((ValueError, SyntaxError)):
        read_answer(TRIPLES, b"<http://e/s> <http://e/p> <http://e/", solutions=1)


def test_the_count_of_a_counting_query() -> None:
    body = {"results": {"bindings": [{"n": literal("7", "integer")}]}}
    assert counted(json.dumps(body).encode()) == 7
