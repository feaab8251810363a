"""Explanations of the shipped data, down to the rows of its tables, and of rule files."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, Triple
from tests.inference import small
from tests.inference.reference import infer

from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.errors import GovgraphError
from govgraph.http.state import Opened
from govgraph.inference.rulefile import read
from govgraph.inference.why import why
from govgraph.lookup.why import explain

DATA = Path(__file__).parents[2] / "data"
Json = dict[str, Any]


def written(document: Json) -> list[str]:
    """An explanation's shortest way, a line a fact: what it rests on, one level further in."""
    lines: list[str] = []

    def write(fact: Json, depth: int) -> None:
        ways = fact["derivations"][:1]
        reasons = [w["family"] for w in ways] + [a["text"] for w in ways for a in w["axioms"]]
        cells = [f"{c['dataset']}/{c['table']} {c['line']} {c['column']}" for c in fact["cells"]]
        lines.append("  " * depth + " | ".join([fact["text"], *reasons, *cells]))
        for way in ways:
            for premise in way["premises"]:
                write(document["facts"][premise], depth + 1)

    write(document["facts"][0], 0)
    return lines


EXPLAINED = {
    ("gov:unknown", "a", "skos:Concept"): [
        "gov:unknown rdf:type skos:Concept | subclass | gov:Precision rdfs:subClassOf skos:Concept",
        "  gov:unknown rdf:type gov:Precision",
    ],
    ("target-group/tg-sunshine", "rdfs:label", '"计生特殊家庭"@zh'): [
        'target-group/tg-sunshine rdfs:label "计生特殊家庭"@zh | subproperty'
        " | skos:prefLabel rdfs:subPropertyOf rdfs:label",
        '  target-group/tg-sunshine skos:prefLabel "计生特殊家庭"@zh | xiyuan/target_groups.csv 2 label_zh',
    ],
    ("person/ex-c12-p2", "org:hasMembership", "appointment/ex-c12-a04"): [
        "person/ex-c12-p2 org:hasMembership appointment/ex-c12-a04 | inverse"
        " | org:hasMembership owl:inverseOf org:member",
        "  appointment/ex-c12-a04 org:member person/ex-c12-p2 | example-communities/appointments.csv 92 person",
    ],
    ("place/pl-xiyuan", "gov:within", "place/pl-hefei"): [
        "place/pl-xiyuan gov:within place/pl-hefei | transitive | gov:within rdf:type owl:TransitiveProperty",
        "  place/pl-xiyuan gov:within place/pl-shushan | subproperty | gov:parentPlace rdfs:subPropertyOf gov:within",
        "    place/pl-xiyuan gov:parentPlace place/pl-shushan | xiyuan/places.csv 5 parent",
        "  place/pl-shushan gov:within place/pl-hefei | subproperty | gov:parentPlace rdfs:subPropertyOf gov:within",
        "    place/pl-shushan gov:parentPlace place/pl-hefei | xiyuan/places.csv 4 parent",
    ],
    ("person/ex-c12-p2", "gov:holdsPostAt", "place/ex-c12"): [
        "person/ex-c12-p2 gov:holdsPostAt place/ex-c12 | chain"
        " | gov:holdsPostAt owl:propertyChainAxiom ( gov:holdsPostIn gov:place )",
        "  person/ex-c12-p2 gov:holdsPostIn organization/ex-c12-bsc | chain"
        " | gov:holdsPostIn owl:propertyChainAxiom ( org:hasMembership gov:onPost org:postIn )",
        "    person/ex-c12-p2 org:hasMembership appointment/ex-c12-a04 | inverse"
        " | org:hasMembership owl:inverseOf org:member",
        "      appointment/ex-c12-a04 org:member person/ex-c12-p2 | example-communities/appointments.csv 92 person",
        "    appointment/ex-c12-a04 gov:onPost post/ex-c12-gs-post | example-communities/appointments.csv 92 post",
        "    post/ex-c12-gs-post org:postIn organization/ex-c12-bsc | example-communities/posts.csv 69 body",
        "  organization/ex-c12-bsc gov:place place/ex-c12 | example-communities/organizations.csv 49 place",
    ],
    ("organization/org-xiyuan-dgw", "gov:governs", "organization-group/og-branches"): [
        "organization/org-xiyuan-dgw gov:governs organization-group/og-branches | xiyuan/relations.csv 3 direct",
    ],
    ("appointment/ex-c11-a05", "gov:startEarliest", '"2018-04-01"^^xsd:date'): [
        'appointment/ex-c11-a05 gov:startEarliest "2018-04-01"^^xsd:date'
        " | example-communities/appointments.csv 86 start",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("terms", "expected"), EXPLAINED.items(), ids=" ".join)
def test_explained(opened: Opened, terms: tuple[str, str, str], expected: list[str]) -> None:
    assert written(explain(opened.context, *terms)) == expected


def test_rule_files_are_explained(opened: Opened) -> None:
    """The rule, what the model asks, who holds the post, and where: each by its row."""
    document = explain(
        opened.context, "expected/pr-3.ex-c11-a05", "gov:becauseOf", "post-rule/pr-3"
    )
    (way,) = document["facts"][0]["derivations"]
    assert way["family"] == "expected-appointments"
    assert way["name"] == {"zh": "应有任职", "en": "Expected appointments"}
    lines = written(document)
    for premise in (
        "post-rule/pr-3 gov:ifHolds post-slot/po-sgz-zz | xiyuan/post_rules.csv 4 if_holds",
        "appointment/ex-c11-a05 gov:onPost post/ex-c11-sgz-post | example-communities/appointments.csv 86 post",
        "post/ex-c11-sgz-post org:postIn organization/ex-c11-sgz | example-communities/posts.csv 65 body",
        'person/ex-c11-p2 gov:partyMember "true"^^xsd:boolean | example-communities/persons.csv 55 party_member',
    ):  # fmt: skip
        assert f"  {premise}" in lines


FAMILIES = ("subclass", "subproperty", "inverse", "transitive", "chain", "expected-appointments")


@pytest.mark.parametrize("family", FAMILIES)
def test_a_sample_of_each_family_rests_on_cells_or_the_ontology(
    opened: Opened, family: str
) -> None:
    graph = f"{opened.context.base}graph/inferred/{family}"
    query = (
        f"SELECT ?s ?p ?o WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} ORDER BY ?s ?p ?o LIMIT 400"
    )
    for row in opened.engine.select(query)[::40]:
        document = explain(opened.context, *map(str, (row["s"], row["p"], row["o"])))
        assert document["facts"][0]["derivations"][0]["family"] == family
        for fact in document["facts"]:
            assert fact["asserted"] != bool(fact["derivations"])
            assert not fact["asserted"] or fact["cells"] or is_ontology(fact)
            assert [c for c in fact["cells"] if not names(c, fact)] == []


def is_ontology(fact: Json) -> bool:
    return fact["graphs"] == ["https://w3id.org/govgraph/ontology"]


def names(cell: Json, fact: Json) -> bool:
    """Whether the row that a cell names is of the file, and its subject's key in that row."""
    with (DATA / cell["dataset"] / cell["table"]).open(encoding="utf-8-sig", newline="") as stream:
        row = list(csv.DictReader(stream))[cell["row"] - 1]
    return fact["s"]["value"].rpartition("/")[2] in row.values() or "#row=" in fact["s"]["value"]


def test_a_number_may_be_written_in_another_way(opened: Opened) -> None:
    (row,) = opened.engine.select("SELECT ?s ?v WHERE { ?s gov:value ?v FILTER(STR(?v) = '3.4') }")
    assert explain(opened.context, row["s"].value, "gov:value", "3.40")["asserted"]


def test_what_is_no_triple_of_the_release(opened: Opened) -> None:
    for terms, code in (
        (("gov:unknown", "a", "gov:Nothing"), "not-in-release"),
        (("person/nobody", "gov:within", "place/x"), "not-in-release"),
        (("gov:unknown", "a", "nix:Nothing"), "invalid-parameter"),
        (("gov:unknown", "a", '"a" . <x:a> <x:b> <x:c>'), "invalid-parameter"),
        (("gov:unknown", '"a"', "gov:Nothing"), "invalid-parameter"),
        (("<a b>", "a", "gov:Nothing"), "invalid-parameter"),
    ):
        with pytest.raises(GovgraphError) as raised:
            explain(opened.context, *terms)
        assert raised.value.code == code


def test_a_shorter_way_that_rests_on_the_triple_itself_is_no_explanation() -> None:
    """From :x to :z over :w is short, but :x is before :w only because it is before :z."""
    axioms = ":p a owl:TransitiveProperty ; owl:propertyChainAxiom ( :self :p :r ) . :q rdfs:subPropertyOf :p ."
    facts = ":x :self :x ; :p :a . :a :q :b . :b :p :z . :z :r :w . :w :p :z ."
    engine = OxigraphEngine(small.completed(axioms, facts))
    triple = Triple(NamedNode("x:x"), NamedNode("x:p"), NamedNode("x:z"))
    found = why(engine, triple)
    assert found is not None
    (way,) = found.facts[triple].derivations
    assert [shown(premise) for premise in way.premises] == ["x p a", "a p z"]
    assert {shown(t) for t, fact in found.facts.items() if fact.rank == 0} == {
        "x p a",
        "a q b",
        "b p z",
    }


# -- rule files ----------------------------------------------------------------------------------

RULE = """PREFIX : <x:>
CONSTRUCT { ?made a :Made ; :of ?x ; :near _:n . _:n :to ?z } WHERE {
  ?x :p/:q* ?z . # a comment with a brace }
  { ?x a :A } UNION { ?x a :B }
  OPTIONAL { ?x :note ?note FILTER(?note != "}") }
  ?z :r [ :s ?end ] .
  FILTER NOT EXISTS { ?x :gone ?any }
  BIND (IRI(CONCAT(STR(?x), "-made")) AS ?made)
}"""
FACTS = ':x a :B ; :p :m ; :note "yes" . :m :q :z . :z :r :k . :k :s "end" . :w a :A ; :p :z ; :gone 1 .'


def test_a_rule_file_is_read_backwards(tmp_path: Path) -> None:
    """Paths become the triples walked over; of a union the part that holds; blank nodes found."""
    path = tmp_path / "made.rq"
    path.write_text(RULE)
    store = small.store_of("", FACTS)
    infer(store, [path], small.BASE)
    triple = Triple(NamedNode("x:x-made"), NamedNode("x:of"), NamedNode("x:x"))
    found = why(OxigraphEngine(store), triple, [read(path, small.BASE)])
    assert found is not None
    (way,) = found.facts[triple].derivations
    assert {shown(premise) for premise in way.premises} == {
        "x p m", "m q z", "x type B", 'x note "yes"', "z r k", 'k s "end"',
    }  # fmt: skip


def shown(triple: Triple) -> str:
    """A triple without its namespaces."""
    return re.sub(r"<(?:x:|[^>]*#)([^>]*)>", r"\1", str(triple))
