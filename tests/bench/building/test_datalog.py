"""The Datalog program, from axioms of every kind."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.building import files
from bench.building.datalog import program
from pyoxigraph import RdfFormat, serialize
from rdflib import Graph

PROLOGUE = """
@prefix : <http://e/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def rules(axioms: str) -> list[str]:
    """The program's lines that come from axioms, sorted."""
    text = program(Graph().parse(data=PROLOGUE + axioms, format="turtle"), Path("/d.nt"))
    return sorted(
        line for line in text.splitlines() if line.startswith("triple") and "asserted" not in line
    )


@pytest.mark.parametrize(
    "axioms, expected",
    [
        (
            ":A rdfs:subClassOf :B, owl:Thing, [ a owl:Restriction ] .",
            [f"triple(?x, {TYPE}, <http://e/B>) :- triple(?x, {TYPE}, <http://e/A>) ."],
        ),
        (
            ":p rdfs:subPropertyOf :q .",
            ["triple(?x, <http://e/q>, ?y) :- triple(?x, <http://e/p>, ?y) ."],
        ),
        (
            ":p owl:inverseOf :q .",
            [
                "triple(?y, <http://e/p>, ?x) :- triple(?x, <http://e/q>, ?y) .",
                "triple(?y, <http://e/q>, ?x) :- triple(?x, <http://e/p>, ?y) .",
            ],
        ),
        (
            ":p a owl:SymmetricProperty .",
            ["triple(?y, <http://e/p>, ?x) :- triple(?x, <http://e/p>, ?y) ."],
        ),
        (
            ":p a owl:TransitiveProperty .",
            [
                "triple(?x, <http://e/p>, ?z) :- triple(?x, <http://e/p>, ?y), "
                "triple(?y, <http://e/p>, ?z) ."
            ],
        ),
        (
            ":p owl:propertyChainAxiom ( :q [ owl:inverseOf :r ] ) .",
            [
                "triple(?x0, <http://e/p>, ?x2) :- triple(?x0, <http://e/q>, ?x1), "
                "triple(?x2, <http://e/r>, ?x1) ."
            ],
        ),
    ],
)
def test_a_rule_for_each_axiom(axioms: str, expected: list[str]) -> None:
    assert rules(axioms) == expected


def test_the_program_reads_and_writes_triples() -> None:
    lines = program(Graph(), Path("/d.nt")).splitlines()
    assert lines[0] == '@import asserted :- ntriples { resource = "/d.nt" } .'
    assert lines[-1] == '@export new :- ntriples { resource = "new.nt" } .'


def test_the_ontology_has_axioms_of_all_families() -> None:
    axioms = serialize((quad.triple for quad in files.ontology()), format=RdfFormat.N_TRIPLES)
    text = program(Graph().parse(data=axioms, format="nt"), Path("/d.nt"))
    heads = ("triple(?x, <http://www.w3", "triple(?y, ", "triple(?x0, ")
    assert all(head in text for head in heads)
    assert text.count("?z") == 2 * len(
        [line for line in axioms.splitlines() if b"TransitiveProperty" in line]
    )
