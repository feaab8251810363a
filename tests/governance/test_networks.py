"""Networks of shared holders: edges, weights, and GraphML that other tools can read."""

from __future__ import annotations

from xml.etree import ElementTree

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.governance.engines import on_oxigraph
from tests.governance.test_basis import PLACES, X, dated
from tests.governance.test_tenure import told
from tests.governance.worlds import PROLOGUE

from govgraph.governance.networks.bodies import bodies, shared_holders
from govgraph.governance.networks.graphml import graphml
from govgraph.governance.networks.model import Network
from govgraph.governance.networks.nodelink import nodelink
from govgraph.governance.networks.people import people
from govgraph.governance.time import moment

NAMESPACE = "{http://graphml.graphdrawing.org/xmlns}"
HOSTILE = "<a href='x'>&amp; \"它\" ]]> \x00\x0b"


def term(name: str, person: str, body: str, start: str | None, end: str | None) -> str:
    return (
        f":{name} a gov:Appointment ; org:member :{person} ; gov:onPost :post-{name}{dated(start, end)} ."
        f" :post-{name} org:postIn :{body} . :{body} gov:place :here .\n"
    )


WORLD = (
    term("a1", "a", "party", "2010", "2012-06-30")
    + term("a2", "a", "committee", "2012-01-01", "..")
    + term("b1", "b", "committee", "2011", "2013")
    + term("b2", "b", "party", "2012", "2012")
    + term("c1", "c", "party", "2010", "2010")
    + term("c2", "c", "committee", "2011", "..")
    + term("d1", "d", "station", None, None)
    + term("d2", "d", "party", "2012", "..")
    + term("d3", "d", "party", "2012", "..")
    + ':committee skos:prefLabel "居委会"@zh, "Committee <1> & 2"@en .'
)


def test_bodies_are_joined_by_who_holds_posts_in_both_at_once() -> None:
    answer = shared_holders(on_oxigraph(PROLOGUE + PLACES + WORLD))
    assert told(answer, "body", "other_body", "weight", "certain", "days_least", "days_most") == [
        ("committee", "party", 2, 2, 183, 182 + 366),
        ("party", "station", 1, 0, None, None),
    ]
    assert answer.frame["people"][0].to_list() == [f"{X}a", f"{X}b"]


def test_bodies_at_a_moment() -> None:
    engine = on_oxigraph(PROLOGUE + PLACES + WORLD)
    answer = shared_holders(engine, at=moment("2012-06"), place=f"{X}district")
    assert told(answer, "body", "other_body", "weight", "certain") == [
        ("committee", "party", 2, 1),
        ("party", "station", 1, 0),
    ]
    assert shared_holders(engine, at=moment("2009")).frame.height == 0
    assert shared_holders(engine, place=f"{X}there").frame.height == 0


def test_graphml_has_every_node_and_link_with_typed_keys() -> None:
    network = bodies(on_oxigraph(PROLOGUE + PLACES + WORLD))
    root = ElementTree.fromstring("".join(graphml(network)))
    types = {key.get("id"): key.get("attr.type") for key in root.iter(f"{NAMESPACE}key")}
    assert types["edge-weight"] == "long"
    assert types["node-label_zh"] == "string"
    nodes = {node.get("id"): node for node in root.iter(f"{NAMESPACE}node")}
    assert nodes.keys() == {f"{X}committee", f"{X}party", f"{X}station"}
    labels = {data.get("key"): data.text for data in nodes[f"{X}committee"]}
    assert labels["node-label_en"] == "Committee <1> & 2"
    edges = list(root.iter(f"{NAMESPACE}edge"))
    assert [(e.get("source"), e.get("target")) for e in edges] == [
        (f"{X}committee", f"{X}party"), (f"{X}party", f"{X}station"),
    ]  # fmt: skip
    used = {data.get("key") for data in root.iter(f"{NAMESPACE}data")}
    assert used <= types.keys()


def test_people_and_posts_are_two_kinds_of_nodes() -> None:
    network = people(on_oxigraph(PROLOGUE + PLACES + WORLD))
    assert network.links.height == 9
    kinds = network.nodes.group_by("kind").len().sort("kind").rows()
    assert kinds == [("person", 4), ("post", 9)]
    ends = {*network.links["source"], *network.links["target"]}
    assert ends == {*network.nodes["id"]}
    document = nodelink(network)
    assert len(document["links"]) == 9
    assert document["coverage"][0]["known"] == 8


@pytest.mark.parametrize("text", [HOSTILE, "\ufffe", "平安 😀", ""])
def test_hostile_labels_are_escaped(text: str) -> None:
    check(text)


@given(st.text(max_size=20))
def test_any_label_gives_a_well_formed_document(text: str) -> None:
    check(text)


def check(text: str) -> None:
    nodes = pl.DataFrame({"id": [text], "kind": ["x"], "label_zh": [text], "label_en": [None]})
    links = pl.DataFrame({"source": [text], "target": [text], "weight": [1]})
    document = "".join(graphml(Network("n", nodes, links)))
    root = ElementTree.fromstring(document.encode("utf-8", "surrogatepass"))
    (label,) = (d for d in root.iter(f"{NAMESPACE}data") if d.get("key") == "node-label_zh")
    written = [
        c
        for c in text
        if ord(c) >= 32 and c not in "\ufffe\uffff" and not "\ud800" <= c <= "\udfff"
    ]
    kept = [c for c in label.text or "" if c not in "\t\n\r\ufffd"]
    assert kept == [c for c in written if c != "\ufffd"]
