"""HermiT finds the ontology and its examples consistent, and finds deliberate contradictions."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path

import pytest
from rdflib import OWL, Graph, URIRef

from .ontology_graph import EXAMPLES, MODULES, ROOT, ontology, parse

PREFIXES = """
@prefix gov: <https://w3id.org/govgraph/ontology#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix : <https://w3id.org/govgraph/id/test/> .
"""
CONTRADICTIONS = {
    "a post that is also a post slot": ":x a org:Post , gov:PostSlot .",
    "a body slot that is also an organization": ":x a gov:BodySlot , org:Organization .",
    "an appointment to two posts": """
        :x a gov:Appointment ; gov:onPost :post1 , :post2 .
        :post1 owl:differentFrom :post2 .""",
    "a residents' committee as a public body": ":x a gov:ResidentsCommittee , gov:PublicBody .",
    "a person who fills a body slot": ":x a foaf:Person ; gov:fillsSlot :slot .",
    "a place that pays": ":x a gov:Community . :flow gov:funder :x .",
}
BASE = "https://w3id.org/govgraph"
VOCABULARIES = ROOT.parent / "shared" / "conformance" / "suites" / "vocabularies"

pytestmark = pytest.mark.skipif(
    shutil.which("java") is None, reason="HermiT runs on Java, and there is no java on the path"
)


def reason(graph: Graph, folder: Path) -> Graph:
    """What HermiT infers about named individuals; raises when the graph is inconsistent."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import owlready2

    source = folder / "merged.nt"
    merged = Graph()
    merged += graph
    merged.remove((None, OWL.imports, None))
    merged.serialize(source, format="nt", encoding="utf-8")
    world = owlready2.World()
    world.get_ontology(source.as_uri()).load()
    # EDTF, xsd:date and xsd:gYear are not in the OWL 2 datatype map; SHACL checks them.
    owlready2.sync_reasoner_hermit(
        world, infer_property_values=True, debug=0, ignore_unsupported_datatypes=True
    )
    assert list(world.inconsistent_classes()) == []
    inferred = folder / "inferred.nt"
    world.save(str(inferred), format="ntriples")
    return Graph().parse(inferred)


def gov(name: str) -> URIRef:
    return URIRef(f"{BASE}/ontology#{name}")


def entity(name: str) -> URIRef:
    return URIRef(f"{BASE}/id/{name}")


def test_examples_are_consistent_and_chains_follow(tmp_path: Path) -> None:
    inferred = reason(parse(MODULES + EXAMPLES), tmp_path)
    person = entity("person/pe-lin")
    assert set(inferred.objects(person, gov("holdsPostIn"))) == {
        entity("organization/org-committee"),
        entity("organization/org-station"),
    }
    assert set(inferred.objects(person, gov("holdsPostAt"))) == {entity("place/pl-taoyuan")}
    places_above = set(inferred.objects(entity("place/pl-taoyuan"), gov("within")))
    assert entity("place/pl-linjiang") in places_above


@pytest.mark.parametrize("statement", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_contradiction_is_found(tmp_path: Path, statement: str) -> None:
    from owlready2 import OwlReadyInconsistentOntologyError

    contradiction = Graph().parse(data=PREFIXES + statement, format="turtle")
    with pytest.raises(OwlReadyInconsistentOntologyError):
        reason(ontology() + contradiction, tmp_path)


@pytest.mark.skipif(
    not VOCABULARIES.exists(), reason="../shared holds the published ORG and PROV-O"
)
def test_examples_agree_with_published_org_and_prov(tmp_path: Path) -> None:
    published = Graph().parse(VOCABULARIES / "org.ttl").parse(VOCABULARIES / "prov-o.ttl")
    reason(parse(MODULES + EXAMPLES) + published, tmp_path)
