"""The SPARQL 1.1 Service Description of the endpoint as it serves a release."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import Request, Response
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from govgraph.http.common import name_release
from govgraph.http.dcat import VOID
from govgraph.http.rdf import a, document, number, says
from govgraph.http.state import Opened
from govgraph.inference.entailed import RULES, feature
from govgraph.settings import Settings
from govgraph.vocabulary import RDFS

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
#: Answers are found by simple entailment; what the rules entail is in the graphs already.
SIMPLE = NamedNode("http://www.w3.org/ns/entailment/Simple")
RESULT_FORMATS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "N-Quads", "TriG", "RDF_XML", "JSON-LD",
)  # fmt: skip
INPUT_FORMATS = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD")
_LANGUAGE = NamedNode(SD + "SPARQL11Query")


def service_description(request: Request, release: Opened) -> Response:
    """The description, in an RDF format. GovgraphError(not-acceptable)."""
    endpoint = str(request.url.replace(query=""))
    settings: Settings = request.app.state.settings
    response = document(request, _triples(endpoint, release, settings), {"sd": SD, "void": VOID})
    name_release(response, release, str(response.media_type))
    return response


def _triples(endpoint: str, release: Opened, settings: Settings) -> Iterator[Triple]:
    service, dataset = NamedNode(endpoint), BlankNode("dataset")
    federated = NamedNode(SD + "BasicFederatedQuery") if settings.service_allow else None
    yield from says(
        service,
        a(SD + "Service"),
        (SD + "endpoint", service),
        (SD + "supportedLanguage", _LANGUAGE),
        (SD + "feature", NamedNode(SD + "UnionDefaultGraph")),
        (SD + "feature", federated),
        (SD + "feature", [NamedNode(feature(rule)) for rule in RULES]),
        (SD + "resultFormat", _formats(RESULT_FORMATS)),
        (SD + "defaultEntailmentRegime", SIMPLE),
        (SD + "defaultDataset", dataset),
        (RDFS + "seeAlso", NamedNode(endpoint.removesuffix("/sparql") + "/.well-known/void")),
    )
    yield from _rules()
    yield from _dataset(dataset, release)
    if settings.allow_update:
        yield from _updates(endpoint, dataset)


def _formats(names: tuple[str, ...]) -> Iterator[NamedNode]:
    return (NamedNode(FORMATS + name) for name in names)


def _rules() -> Iterator[Triple]:
    """The rules under which the graphs are closed."""
    for rule, (zh, en) in RULES.items():
        yield from says(
            NamedNode(feature(rule)),
            a(SD + "Feature"),
            (RDFS + "label", Literal(rule)),
            (RDFS + "comment", [Literal(zh, language="zh"), Literal(en, language="en")]),
            (RDFS + "seeAlso", NamedNode(
                "https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules"
            )),
        )  # fmt: skip


def _dataset(dataset: BlankNode, release: Opened) -> Iterator[Triple]:
    """The default graph, which is the union of all, and every named graph with its size."""
    manifest, graphs = release.release.manifest, release.statistics.graphs
    default = BlankNode("default")
    yield from says(dataset, a(SD + "Dataset"), (SD + "defaultGraph", default))
    yield from says(default, a(SD + "Graph"), (VOID + "triples", number(manifest["triples"])))
    for place, graph in enumerate(manifest["graphs"]):
        named, content = BlankNode(f"graph{place}"), BlankNode(f"content{place}")
        size = number(graphs.get(graph, {}).get("triples"))
        yield from says(dataset, (SD + "namedGraph", named))
        yield from says(
            named,
            a(SD + "NamedGraph"),
            (SD + "name", NamedNode(graph)),
            (SD + "entailmentRegime", SIMPLE),
            (SD + "graph", content),
        )
        yield from says(content, a(SD + "Graph"), (VOID + "triples", size))


def _updates(endpoint: str, dataset: BlankNode) -> Iterator[Triple]:
    """The endpoint of updates, a service of its own."""
    service = NamedNode(endpoint.removesuffix("/sparql") + "/update")
    yield from says(
        service,
        a(SD + "Service"),
        (SD + "endpoint", service),
        (SD + "supportedLanguage", NamedNode(SD + "SPARQL11Update")),
        (SD + "inputFormat", _formats(INPUT_FORMATS)),
        (SD + "defaultDataset", dataset),
    )
