"""Where the engines disagreed once: the rows that the specification asks for, and who was wrong.

Found by the random queries and by hand, and judged by SPARQL 1.1. The columns give the expected
rows; Oxigraph's are noted where they differ, so that a newer Oxigraph shows here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from answers import columns_of, compiled, rows_of
from pyoxigraph import Literal, QuerySolutions, RdfFormat, Store, parse

from govgraph.engine import merge
from govgraph.engine.columnar.notcompiled import NotCompiled

PREFIXES = {"": "http://x/", "xsd": "http://www.w3.org/2001/XMLSchema#"}
HEAD = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


@dataclass(frozen=True)
class Verdict:
    """`oxigraph` are its rows where they differ; `refused` says that columns leave the query."""

    graph: str
    query: str
    expected: tuple[str, ...]
    why: str
    oxigraph: tuple[str, ...] | None = None
    refused: str = ""


VERDICTS = {
    "outer values leak into MINUS inside OPTIONAL": Verdict(
        ":d :q :c ; :p :z . :a :p :b . :c :q :a",
        "SELECT ?a ?b { ?a :p? ?a OPTIONAL { ?d :q ?b MINUS { ?d :p ?a } } VALUES ?a { :a :b } }",
        ("a a", "b a"),
        "Oxigraph, rdflib too; 18.5: LeftJoin evaluates its right side on its own",
        ("a a", "a c", "b a", "b c"),
    ),
    "outer values leak into MINUS inside EXISTS": Verdict(
        ":d :q :c ; :p :z",
        "SELECT ?d { ?d :p ?z FILTER EXISTS { ?d :q ?c MINUS { ?x :p ?y } } }",
        ("d",),
        "Oxigraph; 18.5: MINUS of patterns that share no variable takes nothing away",
        (),
    ),
    "effective boolean value of an ill-typed number": Verdict(
        ":a :p :b",
        "SELECT ?a { ?a :p ?b FILTER(! 'x'^^xsd:integer) }",
        ("a",),
        "Oxigraph; 17.2.2: it is false",
        (),
    ),
    "effective boolean value of a language string": Verdict(
        ":a :p 'x'@en",
        "SELECT ?a { ?a :p ?b FILTER(?b) }",
        ("a",),
        "Oxigraph; 17.2.2: a plain literal that is not empty is true",
        (),
    ),
    "a difference of dates with zones": Verdict(
        ":a :p '2020-01-02Z'^^xsd:date , '2020-01-01Z'^^xsd:date",
        "SELECT ?x { :a :p ?b FILTER(! isNUMERIC(?b - ?b)) BIND(1 AS ?x) }",
        (),
        "Oxigraph extends 17.3, where it is an error; the columns answered by the letter",
        ("1", "1"),
        refused="sum of times",
    ),
    "a difference of dates among numbers": Verdict(
        ":a :p '2020-01-02'^^xsd:date , 1",
        "SELECT ?x { :a :p ?b FILTER(BOUND(?b) && ! isNUMERIC(?b - ?b)) BIND(1 AS ?x) }",
        (),
        "Oxigraph extends 17.3, as above",
        ("1",),
        refused="sum of times",
    ),
    "BIND in EXISTS to an outer variable": Verdict(
        ":a :p :b",
        "SELECT ?a { ?a :p ?b BIND(1 AS ?x) FILTER NOT EXISTS { ?a :p ?c BIND(?c AS ?x) } }",
        (),
        "nobody: 18.6 would put a value in the place of BIND's variable; the columns joined",
        refused="BIND to an outer variable",
    ),
    "outer values leak into a nested OPTIONAL": Verdict(
        ":d :p :d . :a :p :z",
        "SELECT ?a ?c ?d { ?b :p ?b VALUES ?a { :a } OPTIONAL { ?a :p* ?d OPTIONAL { ?c :p ?d"
        " OPTIONAL { ?a :p ?a FILTER(?b || NOT EXISTS { ?c ?c 1 . ?a :q 1 }) } } } }",
        ("a - a", "a - z"),
        "Oxigraph; 18.5: the innermost OPTIONAL binds ?a to :d, which is not compatible with :a",
        ("a - a", "a a z"),
    ),
    "NaN is less than nothing": Verdict(
        ":a :p :b",
        "SELECT ?a { ?a :p ?b FILTER(! ('NaN'^^xsd:double < 2)) }",
        ("a",),
        "Oxigraph; 17.3 and op:numeric-less-than: it is false, not an error",
        (),
    ),
    "false comes before true": Verdict(
        ":a :p :b",
        "SELECT ?b { VALUES ?b { true false } FILTER(! (true < ?b)) }",
        ("true", "false"),
        "Oxigraph; 17.3 and op:boolean-less-than: true < false is false",
        ("true",),
    ),
    "distinct solutions, not paths": Verdict(
        ":a :p :m , :n . :m :q :z . :n :q :z",
        "SELECT (COUNT(DISTINCT *) AS ?n) { ?a :p/:q ?b }",
        ("1",),
        "Oxigraph counts the middle of the path; 18.5.1.2: solutions have the query's variables",
        ("2",),
    ),
    "distinct terms, not texts": Verdict(
        ":a :p 's' , 's'@en",
        "SELECT (GROUP_CONCAT(DISTINCT ?b) AS ?s) { ?a :p ?b }",
        ("s s",),
        "the columns; 18.5.1: Distinct is of the terms, before GROUP_CONCAT takes their texts",
    ),
    "distinct numbers are terms": Verdict(
        ":a :p 1 , '01'^^xsd:integer , 1.0",
        "SELECT (SUM(DISTINCT ?b) AS ?s) (COUNT(DISTINCT ?b) AS ?n) { ?a :p ?b }",
        ("3 3",),
        "Oxigraph stores values: 01 is 1 there; 18.5.1: Distinct is of terms",
        ("2 2",),
    ),
    "a decimal beside an integer of another form": Verdict(
        ":a :p 1.0 . :b :p '01'^^xsd:integer",
        "SELECT ?a (?b + 1 AS ?c) { ?a :p ?b }",
        ("a 2", "b 2"),
        "the columns, which read 1.0 as 0.00000000001; 17.4.4",
    ),
    "the greatest of an IRI and a string": Verdict(
        ":a :p :b , ''",
        "SELECT (MAX(?b) AS ?m) (MIN(?b) AS ?l) { ?a :p ?b }",
        (" b",),
        "the columns, which compared the texts alone; 18.5.1.6 by 15.1: IRIs before literals",
    ),
    "a path of length zero inside EXISTS": Verdict(
        ":a :p :b",
        "SELECT ?x { VALUES ?x { :nobody } FILTER EXISTS { ?x :p* ?y } }",
        ("nobody",),
        "Oxigraph, and the columns once; 18.4 with ?x substituted: a term reaches itself",
        (),
    ),
    "a function of a constant that is no string": Verdict(
        ":a :p 'z' . :b :p :a",
        "SELECT ?x { ?x :p ?b OPTIONAL { ?c :p ?x } FILTER(STRAFTER('z'^^:t, ?c) || BOUND(?c)) }",
        ("a",),
        "DuckDB, whose optimizer failed; 17.4.3.1: an error, and error || true is true",
    ),
    "?g inside GRAPH ?g": Verdict(
        ":a :p :b",
        "SELECT ?a { GRAPH ?g { ?a :p ?b FILTER(!BOUND(?g)) } }",
        ("a",),
        "Oxigraph; 18.5: ?g is joined to the solutions of the pattern afterwards",
        (),
    ),
    "?g in MINUS inside GRAPH ?g": Verdict(
        ":a :p :b , :g",
        "SELECT ?a ?b { GRAPH ?g { ?a :p ?b MINUS { ?x :p ?g } } }",
        ("a b", "a g"),
        "Oxigraph; 18.5: the two sides share no variable, ?g joins afterwards",
        (),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", VERDICTS)
def test_verdict(name: str, tmp_path: Path) -> None:
    verdict = VERDICTS[name]
    head = "".join(f"@prefix {k}: <{v}> .\n" for k, v in PREFIXES.items())
    quads = list(parse(f"{head} :g {{ {verdict.graph} }}", RdfFormat.TRIG))
    with columns_of(quads, tmp_path / "columns") as columns:
        if verdict.refused:
            with pytest.raises(NotCompiled, match=verdict.refused):
                rows_of(compiled(verdict.query, columns, prefixes=PREFIXES), columns)
        else:
            plan = compiled(verdict.query, columns, prefixes=PREFIXES)
            names = [column.name for column in plan.columns]
            rows = [" ".join(_word(row.get(n)) for n in names) for row in rows_of(plan, columns)]
            assert Counter(rows) == Counter(verdict.expected)
    store = Store()
    merge.extend(store, quads)
    result = store.query(HEAD + verdict.query)
    assert isinstance(result, QuerySolutions)
    names = [variable.value for variable in result.variables]
    theirs = [" ".join(_word(solution[n]) for n in names) for solution in result]
    wanted = verdict.expected if verdict.oxigraph is None else verdict.oxigraph
    assert Counter(theirs) == Counter(wanted)


def _word(term: object) -> str:
    """Local names and lexical forms, `-` for unbound; a decimal by value."""
    if term is None:
        return "-"
    value = str(getattr(term, "value", term))
    if isinstance(term, Literal) and term.datatype.value.endswith("decimal"):
        return f"{float(value):g}"
    return value.rpartition("/")[2]
