"""CONSTRUCT from the columns gives the graph that Oxigraph gives, in every way to write it."""

from __future__ import annotations

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from govgraph.engine.base import Engine
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
