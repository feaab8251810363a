"""HermiT finds one community of the shipped data consistent, and infers what the rules infer."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from rdflib import BNode, Graph, URIRef
from rdflib.term import Node
from tests.inference.test_against_nemo import named
from tests.service.conftest import store_of

from govgraph.http.state import Opened
from govgraph.vocabulary import GOV, is_inferred

from .ontology_graph import ontology
from .test_ontology_reasoning import reason

pytestmark = pytest.mark.skipif(
    shutil.which("java") is None, reason="HermiT runs on Java, and there is no java on the path"
)
SAMPLE = re.compile(r"/(ex-c01|ex-subdistrict|ex-district)")
#: Links to compare, each with its subproperties: Owlready2 leaves those, and inverses, to its reader.
LINKS = {"holdsPostIn": (), "holdsPostAt": (), "within": ("parentPlace",)}


def test_one_community(opened: Opened, tmp_path: Path) -> None:
    stated, inferred = Graph(), Graph()
    for name, (s, p, o) in named(store_of(opened)):
        if SAMPLE.search(s) and not isinstance(s, BNode):
            (inferred if is_inferred(name) else stated).add((s, p, o))
    assert len(stated) > 100
    entailed = reason(ontology() + stated, tmp_path)
    for link, below in LINKS.items():
        ours = pairs(inferred, link)
        assert ours
        assert ours == set().union(*(pairs(entailed, name) for name in (link, *below)))


def pairs(graph: Graph, name: str) -> set[tuple[Node, Node]]:
    """The ends of a link within the sample."""
    return {(s, o) for s, o in graph.subject_objects(URIRef(GOV + name)) if SAMPLE.search(o)}
