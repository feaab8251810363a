"""The IRIs that the code itself speaks of."""

from __future__ import annotations

GOV = "https://w3id.org/govgraph/ontology#"
ONTOLOGY_GRAPH = "https://w3id.org/govgraph/ontology"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SH = "http://www.w3.org/ns/shacl#"
PROV = "http://www.w3.org/ns/prov#"
CSVW = "http://www.w3.org/ns/csvw#"

#: Prefixes offered to every query of ours and written into Turtle.
PREFIXES = {
    "gov": GOV,
    "org": "http://www.w3.org/ns/org#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "prov": PROV,
    "foaf": "http://xmlns.com/foaf/0.1/",
    "schema": "http://schema.org/",
    "dcterms": "http://purl.org/dc/terms/",
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "csvw": CSVW,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
}
PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


def inferred_graph(base: str, family: str) -> str:
    """The graph of one family of inferences."""
    return f"{base}graph/inferred/{family}"


def is_inferred(graph: str) -> bool:
    return "/graph/inferred/" in graph or "#graph/inferred/" in graph
