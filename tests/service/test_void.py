"""What a release says of itself is what SPARQL finds in it."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, Store, parse
from tests.service.conftest import serve, write_dataset

from govgraph.build import build
from govgraph.http.state import Opened
from govgraph.inference.entailed import RULES
from govgraph.lookup.statistics import STATISTICS, statistics, statistics_of
from govgraph.settings import Settings

PREFIXES = {
    "void": "http://rdfs.org/ns/void#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "spdx": "http://spdx.org/rdf/terms#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
}
ROOT = Path(__file__).resolve().parents[2]


def described(web: httpx.Client, path: str = "/.well-known/void") -> Store:
    store = Store()
    response = web.get(path, headers={"Accept": "text/turtle"})
    assert response.status_code == 200
    store.load(response.content, RdfFormat.TURTLE)
    return store


def found(store: Store, query: str) -> list[tuple[str, ...]]:
    rows = store.query(query, prefixes=PREFIXES)
    return sorted(tuple(term.value for term in row) for row in rows)  # type: ignore[union-attr]


def asked(web: httpx.Client, query: str) -> list[tuple[str, ...]]:
    document = web.get("/sparql", params={"query": query, "format": "json"}).json()
    names = document["head"]["vars"]
    return sorted(tuple(b[n]["value"] for n in names) for b in document["results"]["bindings"])


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        ("SELECT ?c ?n { [] void:classPartition [ void:class ?c ; void:entities ?n ] }",
         "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c"),
        ("SELECT ?p ?n ?s ?o { [] void:propertyPartition [ void:property ?p ; void:triples ?n ;"
         " void:distinctSubjects ?s ; void:distinctObjects ?o ] }",
         "SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?ss) (COUNT(DISTINCT ?o) AS ?os)"
         " { ?s ?p ?o } GROUP BY ?p"),
        ("SELECT ?n ?s ?o { [] void:triples ?n ; void:distinctSubjects ?s ; void:distinctObjects ?o ;"
         " void:uriSpace ?base }",
         "SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?ss) (COUNT(DISTINCT ?o) AS ?os) { ?s ?p ?o }"),
        ("SELECT ?n { [] void:uriSpace [] ; void:entities ?n }",
         'SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o'
         ' FILTER(STRSTARTS(STR(?s), "https://w3id.org/govgraph/id/")) }'),
        ("SELECT ?c ?p { [] void:classes ?c ; void:properties ?p }",
         "SELECT (COUNT(DISTINCT ?c) AS ?cs) (COUNT(DISTINCT ?p) AS ?ps)"
         " { ?s ?p ?o OPTIONAL { ?s a ?c } }"),
    ],
)  # fmt: skip
def test_counts_are_sparqls(tiny_web: httpx.Client, said: str, counted: str) -> None:
    assert found(described(tiny_web), said) == asked(tiny_web, counted) != []


def test_examples_are_of_the_release(tiny_web: httpx.Client) -> None:
    examples = found(described(tiny_web), "SELECT ?e { [] void:exampleResource ?e }")
    assert examples
    for (iri,) in examples:
        assert asked(tiny_web, f"SELECT (COUNT(*) AS ?n) {{ <{iri}> ?p ?o }}") != [("0",)]


def test_where_it_comes_from(tiny_web: httpx.Client, tiny_home: tuple[Path, str, str]) -> None:
    home, old, new = tiny_home
    store = described(tiny_web)
    manifest = json.loads((home / "releases" / new / "manifest.json").read_text("utf-8"))
    digests = found(store, """SELECT ?file ?sha { [] prov:wasGeneratedBy/prov:used ?f .
        ?f dcterms:title ?file ; spdx:checksum/spdx:checksumValue ?sha }""")  # fmt: skip
    assert digests == sorted((i["file"], i["sha256"]) for i in manifest["inputs"])
    versions = found(store, "SELECT ?v { ?d dcat:inSeries ?s ; dcat:version ?v }")
    assert versions == [(old,), (new,)]
    (before,) = found(store, "SELECT ?v { ?d dcat:previousVersion/dcat:version ?v }")
    assert before == (old,)
    older = described(tiny_web, f"/.well-known/void?release={old}")
    assert found(older, "SELECT ?d { ?d dcat:previousVersion ?x }") == []
    assert found(older, "SELECT ?id { ?d dcterms:identifier ?id }") == [(old,)]


def test_the_dump_is_the_release(tiny_web: httpx.Client, tiny_home: tuple[Path, str, str]) -> None:
    home, _, new = tiny_home
    ((url,),) = found(described(tiny_web), "SELECT ?u { ?d void:dataDump ?u }")
    response = tiny_web.get(url)
    assert response.headers["content-type"] == "application/n-quads"
    assert response.headers["govgraph-release"] == new
    assert "immutable" in response.headers["cache-control"]
    manifest = json.loads((home / "releases" / new / "manifest.json").read_text("utf-8"))
    assert len(set(parse(response.content, RdfFormat.N_QUADS))) == manifest["quads"]
    current = tiny_web.get("/api/v1/releases/current/export.nq")
    assert hashlib.sha256(current.content).digest() == hashlib.sha256(response.content).digest()
    assert current.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("media", ["text/turtle", "application/ld+json", "application/rdf+xml"])
def test_it_is_negotiated(tiny_web: httpx.Client, media: str) -> None:
    response = tiny_web.get("/.well-known/void", headers={"Accept": media})
    assert response.headers["content-type"].startswith(media)
    assert tiny_web.get("/.well-known/void", headers={"Accept": "image/png"}).status_code == 406


def test_a_release_without_statistics_is_counted_now(opened: Opened) -> None:
    kept = statistics_of(opened.release, opened.engine)
    base = opened.release.manifest["base"]
    assert (opened.release.path / STATISTICS).is_file()
    assert statistics(opened.engine, base, kept.described) == kept


def test_what_metadata_says_of_a_dataset_is_said(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path / "described")
    (folder / "extra.csv").write_text("id,name\n1,x\n", "utf-8")
    metadata = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:license": {"@id": "https://creativecommons.org/licenses/by/4.0/"},
        "dc:source": {"@id": "https://example.org/source"},
        "dc:title": [{"@value": '说"明', "@language": "zh"}],
        "tables": [{
            "url": "extra.csv",
            "tableSchema": {
                "aboutUrl": "https://w3id.org/govgraph/id/extra/{id}",
                "columns": [
                    {"name": "id", "titles": "id", "propertyUrl": "dcterms:identifier"},
                    {"name": "name", "titles": "name", "propertyUrl": "dcterms:title"},
                ],
            },
        }],
    }  # fmt: skip
    (folder / "csv-metadata.json").write_text(json.dumps(metadata, ensure_ascii=False), "utf-8")
    settings = Settings(home=tmp_path / "home")
    assert build([folder], settings).release
    for web in serve(settings):
        store = described(web)
        query = """SELECT ?l ?s ?t { [] dcterms:hasPart ?d . ?d dcterms:license ?l ;
            dcterms:source ?s ; dcterms:title ?t FILTER(LANG(?t) = "zh") }"""
        assert found(store, query) == [
            ("https://creativecommons.org/licenses/by/4.0/", "https://example.org/source", '说"明')
        ]


# -- the service description -----------------------------------------------------------------------


def test_the_declared_rules_are_those_that_are_documented() -> None:
    rows = re.findall(r"^\| ([^|]+) \| used \|", (ROOT / "docs/inference.md").read_text(), re.M)
    used = {name for row in rows for name in row.split(", ")}
    # what is said of classes and properties themselves is not multiplied, so it is not declared
    assert {name for name in used if not name.startswith("scm-")} == set(RULES)


def test_the_endpoint_says_what_it_can(tiny_web: httpx.Client) -> None:
    store = described(tiny_web, "/sparql")
    features = {row[0] for row in found(store, "SELECT ?f { [] sd:endpoint [] ; sd:feature ?f }")}
    rules = {f"https://w3id.org/govgraph/feature#owl-rl-{rule}" for rule in RULES}
    assert features == {PREFIXES["sd"] + "UnionDefaultGraph"} | rules
    assert found(store, "SELECT ?l { [] sd:supportedLanguage ?l }") == [
        (PREFIXES["sd"] + "SPARQL11Query",)
    ]
    said = "SELECT ?g ?n { [] sd:namedGraph [ sd:name ?g ; sd:graph/void:triples ?n ] }"
    counted = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    assert found(store, said) == asked(tiny_web, counted) != []


def test_the_endpoint_says_what_is_switched_on(tiny_home: tuple[Path, str, str]) -> None:
    on = Settings(home=tiny_home[0], service_allow="example.org", allow_update=True)
    for web in serve(on):
        store = described(web, "/sparql")
        feature = PREFIXES["sd"] + "BasicFederatedQuery"
        assert (feature,) in found(store, "SELECT ?f { ?s sd:feature ?f }")
        (update,) = found(
            store, "SELECT ?e { ?s sd:endpoint ?e ; sd:supportedLanguage sd:SPARQL11Update }"
        )
        assert update[0].endswith("/update")


def test_links_lead_back_the_way_that_the_client_came(tiny_home: tuple[Path, str, str]) -> None:
    for web in serve(Settings(home=tiny_home[0], trusted_proxies="127.0.0.1")):
        headers = {
            "Host": "graph.example.org",
            "X-Forwarded-Proto": "https",
            "Accept": "text/turtle",
        }
        for path in ("/.well-known/void", "/sparql"):
            assert "<https://graph.example.org/sparql>" in web.get(path, headers=headers).text
