"""Answers of endpoints as inline data that means the same."""

from __future__ import annotations

import gc
import threading

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from govgraph.errors import GovgraphError
from govgraph.federation.solutions import GENID, inline

JSON = QueryResultsFormat.JSON
FIRST = "PREFIX ex: <http://example.org/> SELECT ?a ?b WHERE { "
TERMS = """VALUES (?a ?b) { (<http://example.org/a(b)'> "x\\"\\n\\\\{ } #") ("texte"@fr UNDEF) (1.50 true)
  (UNDEF UNDEF) (1 2) (1 2) ("2012"^^<http://www.w3.org/2001/XMLSchema#gYear> "")
  ("<script>?x"@zh-Hans "\\u0000\\U0001F600") }"""


def solutions(query: str) -> QuerySolutions:
    found = Store().query(query)
    assert isinstance(found, QuerySolutions)
    return found


def bag(query: str) -> list[str]:
    return sorted(str((s["a"], s["b"])) for s in solutions(query))


@pytest.mark.parametrize("form", [JSON, QueryResultsFormat.XML, QueryResultsFormat.TSV])
def test_every_term_is_itself_again(form: QueryResultsFormat) -> None:
    terms = TERMS if form != QueryResultsFormat.XML else TERMS.replace("\\u0000", "")
    answer = solutions(f"{FIRST}{terms} }}").serialize(format=form)
    assert answer is not None
    assert bag(f"{FIRST}{inline(answer, form, 100)} }}") == bag(f"{FIRST}{terms} }}")


def test_no_variables_are_so_many_solutions() -> None:
    answer = b'{"head": {"vars": []}, "results": {"bindings": [{}, {}]}}'
    found = solutions(f"SELECT (COUNT(*) AS ?n) {{ {inline(answer, JSON, 9)} }}")
    assert [row["n"].value for row in found] == ["2"]


def test_blank_nodes_are_told_apart_within_an_answer_and_between() -> None:
    answer = b"""{"head": {"vars": ["a", "b"]}, "results": {"bindings": [
      {"a": {"type": "bnode", "value": "x.y"}, "b": {"type": "bnode", "value": "x.y"}},
      {"a": {"type": "bnode", "value": "z"}}]}}"""
    (same, other), (again, _) = (
        list(solutions(f"{FIRST}{inline(answer, JSON, 9)} }}")) for _ in range(2)
    )
    assert same["a"] == same["b"] != other["a"]
    assert same["a"] != again["a"]
    assert same["a"].value.startswith(GENID)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"nonsense", SyntaxError),
        (b'{"head": {}, "boolean": true}', ValueError),
        (b'{"head": {"vars": ["a"]}, "results": {"bindings": [{}, {"a": {', SyntaxError),
        (b'{"head": {"vars": ["a"]}, "results": {"bindings": [{}, {}, {}]}}', GovgraphError),
    ],
)
def test_what_is_no_answer_leaves_nothing_that_another_thread_could_not_drop(
    content: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error) as caught:
        inline(content, JSON, 2)
    kept = [caught.value]
    thread = threading.Thread(target=lambda: (kept.clear(), gc.collect()))
    del caught
    thread.start()
    thread.join()
