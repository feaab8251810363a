"""The plan that peers follow states what our loader states, but for what RML has no words for."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

from bench.building.cases.mapping import SCRIPT
from bench.building.dataset import sources
from bench.building.plan import Statement, TriplesMap, plan
from bench.building.rml import configuration, mapping
from pyoxigraph import RdfFormat, parse
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from .conftest import Nation

GOV = "https://w3id.org/govgraph/ontology#"
RR = Namespace("http://www.w3.org/ns/r2rml#")
RML = Namespace("http://semweb.mmlab.be/ns/rml#")


def by_hand(maps: list[TriplesMap], folder: Path) -> tuple[set[str], dict[str, float]]:
    """The triples that rdflib makes of a plan, and what its script says."""
    given, out = folder / "plan.json", folder / "out.nt"
    given.write_text(json.dumps([one.as_dict() for one in maps]), "utf-8")
    argv = [sys.executable, SCRIPT, given, out]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    return {str(q.triple) for q in parse(path=out, format=RdfFormat.N_TRIPLES)}, json.loads(
        done.stdout.splitlines()[-1]
    )


def test_the_same_triples_but_for_bounds_and_evidence(nation: Nation, tmp_path: Path) -> None:
    found, said = by_hand(plan(sources(nation.folder)), tmp_path)
    ours = {str(quad.triple): quad for quad in nation.statements()}
    assert found - ours.keys() == set()
    assert said["triples"] == len(found)
    missing = [ours[triple] for triple in ours.keys() - found]
    evidence = [quad for quad in missing if "#row=" in f"{quad.subject}{quad.object}"]
    others = {quad.predicate.value for quad in missing} - {q.predicate.value for q in evidence}
    bounds = {f"{GOV}{end}{which}" for end in ("start", "end") for which in ("Earliest", "Latest")}
    assert evidence
    assert others >= bounds
    assert all(name.endswith(("Earliest", "Latest")) for name in others)


def test_columns_that_a_file_lacks_are_left_out(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "persons.csv.gz", "wt", encoding="utf-8") as stream:
        stream.write("id,label_zh\np,某人\n")
    (people,) = plan(sources(tmp_path))
    assert people.subject == "https://w3id.org/govgraph/id/person/{id}"
    assert people.graph.endswith("/persons.csv.gz")
    assert Statement("http://www.w3.org/2004/02/skos/core#prefLabel", column="label_zh",
                     language="zh") in people.statements  # fmt: skip
    assert {s.column for s in people.statements} == {"label_zh", ""}
    found, _ = by_hand([people], tmp_path)
    assert any('"某人"@zh' in triple for triple in found)


MAP = TriplesMap(
    Path('/data/a "b".csv'),
    "http://e/graph",
    "http://e/{id}",
    (
        Statement("http://e/type", constant="http://e/Thing"),
        Statement("http://e/year", constant="2023", datatype="http://e/gYear"),
        Statement("http://e/place", template="http://e/place/{place}"),
        Statement("http://e/label", column="label", language="zh"),
        Statement("http://e/day", column="day", datatype="http://e/date"),
        Statement("http://e/code", column="code"),
    ),
)


def test_rml_says_all_of_a_plan() -> None:
    graph = Graph().parse(data=mapping([MAP, MAP]), format="turtle")
    first, second = sorted(graph.subjects(RDF.type, RR.TriplesMap))
    assert str(first).endswith("#map1")
    assert str(second).endswith("#map2")
    source = graph.value(first, RML.logicalSource)
    assert graph.value(source, RML.source) == Literal('/data/a "b".csv')
    subject = graph.value(first, RR.subjectMap)
    assert graph.value(subject, RR.template) == Literal("http://e/{id}")
    assert graph.value(graph.value(subject, RR.graphMap), RR.constant) == URIRef("http://e/graph")
    found = {
        graph.value(one, RR.predicate): set(graph.predicate_objects(graph.value(one, RR.objectMap)))
        for one in graph.objects(first, RR.predicateObjectMap)
    }
    assert found == {
        URIRef("http://e/type"): {(RR.constant, URIRef("http://e/Thing"))},
        URIRef("http://e/year"): {(RR.constant, Literal("2023", datatype="http://e/gYear"))},
        URIRef("http://e/place"): {(RR.template, Literal("http://e/place/{place}"))},
        URIRef("http://e/label"): {
            (RML.reference, Literal("label")),
            (RR.language, Literal("zh")),
        },
        URIRef("http://e/day"): {
            (RML.reference, Literal("day")),
            (RR.datatype, URIRef("http://e/date")),
        },
        URIRef("http://e/code"): {(RML.reference, Literal("code"))},
    }


def test_morph_is_held_to_one_process() -> None:
    lines = configuration(Path("/m.ttl"), Path("/out.nq")).splitlines()
    assert "number_of_processes: 1" in lines
    assert "output_file: /out.nq" in lines
    assert "mappings: /m.ttl" in lines
