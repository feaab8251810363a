"""CONSTRUCT from the columns gives the graph that Oxigraph gives, in every way to write it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
)

from govgraph.engine.base import Engine
from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.encode import write_quads
from govgraph.engine.columnar.engine import ColumnarEngine
from govgraph.engine.hybrid import HybridEngine
from govgraph.http.state import Opened

TEMPLATES = {
    "new blank nodes": "{ ?p <x:n> _:b . _:b <x:m> ?m ; a <x:T> . ?p <x:s> <x:q> }"
    " { ?p gov:partyMember ?m }",
    "computed, and ill-formed": "{ ?p <x:n> ?l ; ?l ?p . ?l a 5 }"
    " { ?p skos:prefLabel ?k BIND(CONCAT(STR(?k), '\\n\"x') AS ?l) }",
    "unbound, and repeated": "{ ?p ?q ?o . ?p ?q ?z }"
    " { ?p a foaf:Person ; ?q ?o OPTIONAL { ?p gov:none ?z } }",
    "constants": "{ <x:a> <x:b> 7 } { ?s a foaf:Person }",
    "nothing": "{} { ?s a foaf:Person }",
}
FORMATS = [RdfFormat.N_TRIPLES, RdfFormat.TURTLE, RdfFormat.RDF_XML, RdfFormat.JSON_LD]


def graph(engine: Engine, query: str, form: RdfFormat) -> Dataset:
    made = Dataset(parse(engine.answer(query, {"graph": form}).body(), form))
    made.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return made


@pytest.mark.parametrize("form", FORMATS, ids=str)
@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_both_engines_make_one_graph(opened: Opened, template: str, form: RdfFormat) -> None:
    hybrid = opened.engine
    assert isinstance(hybrid, HybridEngine)
    ours, theirs = (
        graph(engine, f"CONSTRUCT {template}", form) for engine in (hybrid.columns, hybrid.oxigraph)
    )
    assert ours == theirs
    assert bool(len(ours)) == (template != TEMPLATES["nothing"])


def test_new_blank_nodes_are_none_of_the_data(tmp_path: Path) -> None:
    """Whatever the data's are called."""
    old = [BlankNode(label) for label in ("r", "r0", "rr0", "rrr1", "x0")]
    link = NamedNode("http://x/p")
    write_quads([Quad(node, link, node, NamedNode("http://x/g")) for node in old], tmp_path)
    with Columns(tmp_path) as columns:
        made = ColumnarEngine(columns).answer(
            "CONSTRUCT { ?s <http://x/q> _:new } { ?s <http://x/p> ?o }",
            {"graph": RdfFormat.N_TRIPLES},
        )
        triples = list(parse(made.body(), RdfFormat.N_TRIPLES))
    new = {triple.object for triple in triples}
    assert {triple.subject for triple in triples} == set(old)
    assert len(new) == len(old)
    assert not new & set(old)
    assert not {str(node)[2:].rstrip("0123456789") for node in new} & {
        node.value.rstrip("0123456789") for node in old
    }


def test_a_computed_iri_is_written_as_an_iri(tmp_path: Path) -> None:
    node, link = NamedNode("http://x/a"), NamedNode("http://x/p")
    write_quads([Quad(node, link, node, NamedNode("http://x/g"))], tmp_path)
    with Columns(tmp_path) as columns:
        made = ColumnarEngine(columns).answer(
            'CONSTRUCT { ?new ?p ?new } { ?s ?p ?o BIND(IRI(CONCAT(STR(?s), "b")) AS ?new) }',
            {"graph": RdfFormat.N_TRIPLES},
        )
        assert made.body() == b"<http://x/ab> <http://x/p> <http://x/ab> .\n"
