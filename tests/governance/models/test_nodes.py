"""Nodes read back what the graph holds, whatever stands in its texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.governance.models.nodes import Words, labels, nodes
from govgraph.vocabulary import GOV, PREFIXES

S = NamedNode("http://x.example/s")
NOTE = NamedNode(PREFIXES["skos"] + "note")
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


def only(*quads):
    store = Store()
    store.extend(Quad(S, predicate, value) for predicate, value in quads)
    return nodes(OxigraphEngine(store), "?s ?any ?thing .", ("skos:note", "gov:order"))[S.value]


@given(texts, texts)
def test_any_text_comes_back_in_its_language(zh, en):
    node = only((NOTE, Literal(zh, language="zh")), (NOTE, Literal(en, language="en-GB")))
    assert node.words("skos:note") == Words(zh, en)
    assert node.texts("skos:note") == {zh, en}


@given(texts)
def test_a_text_without_a_language_serves_both(text):
    assert only((NOTE, Literal(text))).words("skos:note") == Words(text, text)
    assert only((NOTE, Literal(text))).one("skos:note") == text


def test_numbers_and_entities():
    order = NamedNode(GOV + "order")
    node = only((order, Literal(7)), (NOTE, S), (NOTE, NamedNode("http://x.example/a")))
    assert node.integer("gov:order") == 7
    assert node.iris("skos:note") == ("http://x.example/a", S.value)
    assert node.one("skos:altLabel") is None
    assert node.words("skos:altLabel") == Words()


def test_what_has_no_label_is_called_by_the_end_of_its_iri(made):
    engine = made(
        ':a rdfs:label "甲"@zh . :b skos:prefLabel "乙"@zh , "B"@en ; rdfs:label "x"@en .'
    )
    found = labels(engine, ["http://x.example/a", "http://x.example/b", "http://x.example/c"])
    assert list(found.values()) == [Words("甲", "甲"), Words("乙", "B"), Words("c", "c")]
