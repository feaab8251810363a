"""Small graphs: an ontology and facts in Turtle, random ones, and what the rules infer from them."""

from __future__ import annotations

from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, parse
from tests.inference.reference import infer

from govgraph.engine import merge
from govgraph.vocabulary import ONTOLOGY_GRAPH, is_inferred

BASE = "https://example.org/"
FACTS = f"{BASE}table/small/facts.csv"
PREFIXES = """@prefix : <x:> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . """


def store_of(axioms: str, facts: str) -> Store:
    """A store of an ontology's graph and a table's, and their merge."""
    store = Store()
    for graph, text in ((ONTOLOGY_GRAPH, axioms), (FACTS, facts)):
        triples = parse(PREFIXES + text, format=RdfFormat.TURTLE)
        name = NamedNode(graph)
        merge.extend(store, (Quad(t.subject, t.predicate, t.object, name) for t in triples))
    return store


def completed(axioms: str, facts: str) -> Store:
    """The same with all that follows."""
    store = store_of(axioms, facts)
    infer(store, [], BASE)
    return store


def by_family(store: Store) -> dict[str, set[Triple]]:
    """What was inferred, by the family of rules."""
    found: dict[str, set[Triple]] = {}
    for quad in store:
        graph = getattr(quad.graph_name, "value", "")
        if is_inferred(graph):
            found.setdefault(graph.rpartition("/")[2], set()).add(quad.triple)
    return found


# -- random ones ---------------------------------------------------------------------------------

_class, _property = st.sampled_from([":A", ":B", ":C"]), st.sampled_from([":p", ":q", ":r"])
_thing = st.sampled_from([":a", ":b", ":c"])
_step = _property | st.builds("[ owl:inverseOf {} ]".format, _property)
_chain = st.lists(_step, min_size=2, max_size=3).map(" ".join)
_of_classes = (
    st.builds("{} rdfs:subClassOf {} .".format, _class, _class)
    | st.builds("{} rdfs:subClassOf [ rdfs:subClassOf {} ] .".format, _class, _class)
    | st.builds("{} owl:equivalentClass {} .".format, _class, _class)
    | st.builds("{} rdfs:subClassOf owl:Thing . owl:Thing rdfs:subClassOf {} .".format, _class, _class)
    | st.builds("{} rdfs:domain {} ; rdfs:range {} .".format, _property, _class, _class)
)  # fmt: skip
_of_one = (
    st.builds("{} a owl:TransitiveProperty .".format, _property)
    | st.builds("{} owl:propertyChainAxiom ( {} ) .".format, _property, _chain)
    | st.builds("{} a owl:SymmetricProperty .".format, _property)
)
_of_two = (
    st.builds("{} rdfs:subPropertyOf {} .".format, _property, _property)
    | st.builds("{} owl:equivalentProperty {} .".format, _property, _property)
    | st.builds("{} owl:inverseOf {} .".format, _property, _property)
)
_value = _thing | _thing | st.sampled_from(['"1"', '"1"@en'])
_link = st.builds("{} {} {} .".format, _thing, _property, _value)
_type = st.builds("{} a {} .".format, _thing, _class)
axioms = st.builds(
    "{} {} {}".format,
    st.lists(_of_classes, max_size=2).map(" ".join),
    st.lists(_of_one, min_size=1, max_size=2).map(" ".join),
    st.lists(_of_two, max_size=2).map(" ".join),
)
#: Few terms and many facts, so that axioms find what they ask for.
facts = st.builds(
    "{} {}".format,
    st.lists(_type, max_size=3).map(" ".join),
    st.lists(_link, min_size=3, max_size=8).map(" ".join),
)
