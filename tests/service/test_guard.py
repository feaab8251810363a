"""The guard: what it refuses, what it lets through, and that neither hides from it."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govgraph.engine.guard import Limits, guard, names_its_dataset
from govgraph.errors import GovgraphError

ROOT = Path(__file__).parents[2]
QUERIES = sorted((ROOT / "queries").rglob("*.rq"))
ELSEWHERE = "<http://127.0.0.1:9/> { ?a ?b ?c }"

HARMFUL = {
    "braces": "SELECT * WHERE " + "{" * 5000 + "}" * 5000,
    "parentheses": "SELECT * WHERE { FILTER(" + "(" * 8192 + "1" + ")" * 8192 + ") }",
    "brackets": "SELECT * WHERE { ?s ?p " + "[<x:p> " * 5000 + "1" + "]" * 5000 + " }",
    "parentheses that look like an IRI": "SELECT * WHERE { FILTER(?a<"
    + "(" * 9000 + "2" + ")" * 9000 + ">1) }",
    "parentheses in many look-alikes": "SELECT * WHERE { FILTER(1" + "<(((((1>1" * 2000 + ") }",
    "star": "SELECT * WHERE { " + " . ".join(f"?s <x:p{i}> ?o{i}" for i in range(256)) + " }",
    "star of names that end in dots": "PREFIX x: <x:> SELECT * WHERE { "
    + "".join(f"?s x:p{i} x:o." for i in range(256)) + " }",
    "star with filters for dots": "SELECT * WHERE { "
    + " ".join(f"?s <x:p{i}> ?o{i} FILTER(true)" for i in range(200)) + " }",
    "star with groups for dots": "SELECT * WHERE { "
    + " ".join(f"?s <x:p{i}> ?o{i} {{}}" for i in range(150)) + " }",
    "triples in triples": "SELECT * WHERE { " + "<< " * 20_000 + "?a ?b ?c" + " >> ?b ?c" * 20_000 + " }",
    "star of triples in triples": "SELECT * WHERE { "
    + " . ".join(f"<<?s <x:p{i}> ?o{i}>> <x:q> ?z" for i in range(80)) + " }",
    "list": "SELECT * WHERE { ?s ?p (" + "1 " * 400 + ") }",
    "list of lists": "SELECT * WHERE { ?s ?p (" + "(1) " * 400 + ") }",
    "sum": "SELECT (" + "+".join("1" * 400) + " AS ?n) WHERE {}",
    "long": "SELECT * WHERE {} #" + "x" * 200_000,
    "service": f"SELECT * WHERE {{ SERVICE {ELSEWHERE} }}",
    "silent service": f"SELECT * WHERE {{ service silent {ELSEWHERE} }}",
    "service run on": f"SELECT * WHERE {{ SERVICESILENT{ELSEWHERE} }}",
    "service after a number": f"SELECT * WHERE {{ ?s ?p 1SERVICE {ELSEWHERE} }}",
    "service after a double": f"SELECT * WHERE {{ ?s ?p 1.5e5SERVICE {ELSEWHERE} }}",
    "service after a boolean": f"SELECT * WHERE {{ ?s ?p true.SERVICE {ELSEWHERE} }}",
    "service after a language": f"SELECT * WHERE {{ ?s ?p 'x'@en.SERVICE {ELSEWHERE} }}",
    "service after a variable": f"SELECT * WHERE {{ ?s ?p ?o.SERVICE {ELSEWHERE} }}",
    "service as a prefix": "PREFIX : <http://127.0.0.1:9/> SELECT * WHERE { SERVICE:a {} }",
    "service before a prefix": "PREFIX x: <http://127.0.0.1:9/> SELECT * WHERE { SERVICEx:a {} }",
    "service after a comment": f"SELECT * WHERE {{ #x\r SERVICE {ELSEWHERE} }}",
    "service after an escaped IRI": f"SELECT * WHERE {{ ?s ?p <x:\\u0041#>SERVICE {ELSEWHERE} }}",
    "service between strings": "PREFIX x: <x:> SELECT * WHERE { "
    f"?s x:p\"a b\" . SERVICE {ELSEWHERE} ?s x:q \"c\" }}",
}  # fmt: skip


@pytest.mark.parametrize("query", HARMFUL.values(), ids=HARMFUL)
def test_harm_is_refused(query: str) -> None:
    with pytest.raises(GovgraphError) as caught:
        guard(query)
    connects = "SERVICE" in query.upper()
    assert caught.value.code == ("remote-refused" if connects else "query-refused")
    assert caught.value.problem()["status"] == (403 if connects else 400)


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_our_own_queries_pass(path: Path) -> None:
    guard(path.read_text("utf-8"))


HARMLESS = {
    "strings": 'SELECT ("' + "{" * 500 + "\" AS ?a) ('" + "(" * 500 + "' AS ?b) WHERE {}",
    "long strings": 'SELECT ("""' + '{"\n' * 500 + '""" AS ?a) WHERE {}',
    "comments": "SELECT * # " + "{(" * 500 + " SERVICE\n WHERE {}",
    "IRIs": "SELECT * WHERE { ?s <http://x/" + "a-b/" * 9 + "(c)#SERVICE> ?o }",
    "SERVICE in a string": "SELECT * WHERE { ?s ?p \"SERVICE\" , 'SERVICE' }",
    "variables": "SELECT ?service ?from $load WHERE { ?service ?from $load }",
    "local names": "PREFIX x: <x:> SELECT * WHERE { x:service x:from :LOAD , _:service }",
    "escapes": r'SELECT ("\"{{{{" AS ?a) WHERE {}',
    "values": "SELECT * WHERE { VALUES ?x { " + '"1.5"^^<x:d> -1 1.5 ' * 99 + "} }",
    "long IN": "SELECT * WHERE { FILTER(?x IN (" + ",".join(map(str, range(250))) + ")) }",
    "conditions": "SELECT * WHERE { FILTER("
    + " && ".join(f"?x != {i}" for i in range(100))
    + ") }",
}


@pytest.mark.parametrize("query", HARMLESS.values(), ids=HARMLESS)
def test_look_alikes_pass(query: str) -> None:
    guard(query)


TEXTS = st.text(alphabet="{}()[]SERVIC .;,#<>+-\\*!|&", max_size=300)


@given(TEXTS)
def test_what_stands_in_a_string_counts_for_nothing(text: str) -> None:
    quoted = '"' + text.replace("\\", "\\\\") + '"'
    guard(f"SELECT * WHERE {{ ?s ?p {quoted} }}", Limits(depth=2, groups=1, patterns=2, chained=1))


@given(TEXTS)
def test_what_stands_in_a_comment_counts_for_nothing(text: str) -> None:
    guard(f"SELECT * #{text}\nWHERE {{}}", Limits(depth=1, groups=1, patterns=1, chained=1))


@given(st.text(alphabet="{}()[]\"'\\#<>\n ab.:?1;,", max_size=200))
def test_any_text_is_judged(text: str) -> None:
    """Whatever the text, the guard ends with a verdict of its own."""
    with suppress(GovgraphError):
        guard(text)


def test_the_limits_are_where_they_say() -> None:
    guard("SELECT * WHERE " + "{" * 64 + "}" * 64)
    with pytest.raises(GovgraphError, match="64 levels"):
        guard("SELECT * WHERE " + "{" * 65 + "}" * 65)


@pytest.mark.parametrize(
    ("query", "own"),
    [
        ("SELECT * FROM <x:g> WHERE {}", True),
        ("SELECT * from named <x:g> {}", True),
        ("SELECT * FROMNAMED<x:g> {}", True),
        ("SELECT ?from WHERE { ?from :from x:from }", False),
        ('SELECT ("FROM" AS ?x) { <x:FROM> ?p "FROM" } # FROM', False),
        ("PREFIX fromage: <x:> SELECT * { ?s fromage:brie ?o }", False),
    ],
)
def test_dataset_clauses_are_told_from_words(query: str, own: bool) -> None:
    assert names_its_dataset(query) is own


@pytest.mark.parametrize("query", [q for name, q in HARMLESS.items() if name != "local names"])
def test_the_engine_survives_what_passes(query: str) -> None:
    """In a process of its own: a refusal by the parser is fine, a crash is not."""
    code = "import sys, pyoxigraph as o\ntry: o.Store().query(sys.stdin.read())\nexcept SyntaxError: pass"
    done = subprocess.run([sys.executable, "-c", code], input=query, text=True, timeout=30)
    assert done.returncode == 0
