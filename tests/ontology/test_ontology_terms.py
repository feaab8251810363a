"""Every term is explained in both languages, and serves the tables as what it is."""

from __future__ import annotations

from typing import Any

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, URIRef

from .ontology_graph import GOV, Column, columns, languages, ontology, own

BOUNDS = URIRef(f"{GOV}bounds")
ROW_TERMS = {f"{GOV}inTable", f"{GOV}line"}


def mentioned(value: Any) -> set[str]:
    """Every gov: IRI without a template in a piece of JSON, keys included."""
    if isinstance(value, dict):
        return set().union(*map(mentioned, value), *map(mentioned, value.values()))
    if isinstance(value, list):
        return set().union(*map(mentioned, value))
    is_term = isinstance(value, str) and value.startswith(GOV) and "{" not in value
    return {value} if is_term else set()


def enumerated(column: Column) -> set[str]:
    """The gov: IRIs that the words of a column turn into."""
    template = column.description.get("valueUrl", "")
    place = "{" + column.description["name"] + "}"
    makes_terms = template.startswith(GOV)
    return {template.replace(place, word) for word in column.words} if makes_terms else set()


def relation_names() -> set[URIRef]:
    return {
        URIRef(GOV + word)
        for column in columns()
        if column.description["name"] == "predicate"
        for word in column.words
    }


@pytest.mark.parametrize("text", [RDFS.label, SKOS.definition], ids=["label", "definition"])
def test_every_term_is_explained_in_zh_and_en(text: URIRef) -> None:
    terms = own(ontology())
    assert terms
    for term in terms:
        assert languages(ontology(), term, text) == ["en", "zh"], term


def test_enumerated_values_belong_to_a_scheme() -> None:
    schemes = set(ontology().subjects(RDF.type, SKOS.ConceptScheme))
    individuals = {term for term, kinds in own(ontology()).items() if OWL.NamedIndividual in kinds}
    assert individuals > schemes
    for value in individuals - schemes:
        assert ontology().value(value, SKOS.inScheme) in schemes, value
        (class_,) = set(ontology().objects(value, RDF.type)) - {OWL.NamedIndividual}
        assert (class_, RDFS.subClassOf, SKOS.Concept) in ontology(), value


def test_every_term_of_the_tables_is_declared() -> None:
    used = ROW_TERMS | relation_names()
    for column in columns():
        used |= mentioned(column.description) | enumerated(column)
    assert set(map(URIRef, used)) - own(ontology()).keys() == set()


def test_columns_use_properties_as_what_they_are() -> None:
    """A column with a valueUrl makes entities, one without makes literals."""
    terms = own(ontology())
    for table, column in columns():
        kinds = terms.get(URIRef(column.get("propertyUrl", "")))
        expected = OWL.ObjectProperty if "valueUrl" in column else OWL.DatatypeProperty
        assert kinds is None or expected in kinds, (table, column["name"])


def test_relations_use_object_properties() -> None:
    """The direct triple of a relation leads to an entity, never to a literal."""
    names, terms = relation_names(), own(ontology())
    assert names
    assert {name for name in names if OWL.ObjectProperty not in terms.get(name, set())} == set()


def test_date_columns_have_the_bounds_of_their_property() -> None:
    dated = [column.description for column in columns() if str(BOUNDS) in column.description]
    assert dated
    for column in dated:
        bounds = set(ontology().objects(URIRef(column["propertyUrl"]), BOUNDS))
        assert bounds == set(map(URIRef, column[str(BOUNDS)])), column["name"]
