"""No request makes the service call anyone, or read a file."""

from __future__ import annotations

import pytest
from tests.abuse.server import OK, Server
from tests.abuse.trap import ADDRESSES, Trap

QUERIES = {
    "SERVICE": "SELECT * WHERE { SERVICE <URL> { ?a ?b ?c } }",
    "SILENT": "SELECT * WHERE { SERVICE SILENT <URL> { ?a ?b ?c } }",
    "run on": "SELECT * WHERE { SERVICESILENT<URL>{ ?a ?b ?c } }",
    "a variable": "SELECT * WHERE { BIND(<URL> AS ?u) SERVICE ?u { ?a ?b ?c } }",
    "a name": "PREFIX : <URL> SELECT * WHERE { SERVICE :a { ?a ?b ?c } }",
    "a base": "BASE <URL> SELECT * WHERE { SERVICE <> { ?a ?b ?c } }",
    "in EXISTS": "ASK { FILTER EXISTS { SERVICE <URL> { ?a ?b ?c } } }",
    "in a subquery": "ASK { { SELECT * WHERE { SERVICE <URL> { ?a ?b ?c } } } }",
    "within another": "ASK { SERVICE SILENT <URL> { SERVICE <URL> { ?a ?b ?c } } }",
}
#: Documents that are named are graphs, and such graphs there are none.
DATASETS = {
    "FROM": "SELECT * FROM <URL> WHERE { ?a ?b ?c }",
    "FROM NAMED": "SELECT * FROM NAMED <URL> WHERE { GRAPH ?g { ?a ?b ?c } }",
    "GRAPH": "SELECT * WHERE { GRAPH <URL> { ?a ?b ?c } }",
}


@pytest.mark.parametrize("form", QUERIES)
def test_no_query_calls_anyone(server: Server, scratch: Server, trap: Trap, form: str) -> None:
    for address in ADDRESSES:
        query = {"query": QUERIES[form].replace("URL", trap.url(address))}
        assert server.outcome("POST", "/sparql", data=query) == "remote-refused", address
        assert scratch.outcome("POST", "/sparql", data=query) in (OK, "remote-refused"), address


@pytest.mark.parametrize("form", DATASETS)
def test_no_dataset_is_fetched(server: Server, trap: Trap, canary: str, form: str) -> None:
    for url in (canary, *map(trap.url, ADDRESSES)):
        answer = server.ask(DATASETS[form].replace("URL", url))
        assert answer.json()["results"]["bindings"] == [], url
        parameters = {"default-graph-uri": url, "named-graph-uri": url}
        answer = server.ask("SELECT * WHERE { ?a ?b ?c }", **parameters)
        assert answer.json()["results"]["bindings"] == [], url


UPDATES = {
    "LOAD": ("LOAD <URL>", "remote-refused"),
    "LOAD INTO": ("LOAD <URL> INTO GRAPH <x:g>", "remote-refused"),
    "LOAD SILENT": ("LOAD SILENT <URL>", OK),
    "LOAD after another": ("CLEAR ALL; LOAD <URL>", "remote-refused"),
    "LOAD of a name": ("PREFIX : <URL> LOAD :", "remote-refused"),
    "LOAD of a base": ("BASE <URL> LOAD <>", "remote-refused"),
    "SERVICE": ("INSERT { ?a ?b ?c } WHERE { SERVICE <URL> { ?a ?b ?c } }", "remote-refused"),
    "USING": ("INSERT { ?a ?b ?c } USING <URL> WHERE { ?a ?b ?c }", OK),
}


@pytest.mark.parametrize("form", UPDATES)
def test_no_update_calls_anyone(scratch: Server, trap: Trap, canary: str, form: str) -> None:
    text, expected = UPDATES[form]
    for url in (canary, *map(trap.url, ADDRESSES)):
        update = {"update": text.replace("URL", url)}
        assert scratch.outcome("POST", "/update", data=update) == expected, url
    assert scratch.ask("SELECT * WHERE { ?a ?b ?c }").json()["results"]["bindings"] == []


TURTLE, JSON_LD, XML = "text/turtle", "application/ld+json", "application/rdf+xml"
DOCUMENTS = {
    "a context": (JSON_LD, '{"@context":"URL","@id":"x:a","x:p":1}'),
    "contexts": (JSON_LD, '{"@context":[{},"URL"],"@id":"x:a","x:p":1}'),
    "an import": (JSON_LD, '{"@context":{"@import":"URL"},"@id":"x:a"}'),
    "a context in a context": (JSON_LD, '[{"@context":{"p":{"@context":"URL"}}}]'),
    "a context of a type": (JSON_LD, '{"@context":{"T":{"@id":"x:T","@context":"URL"}},"@type":"T"}'),
    "an escaped key": (JSON_LD, '{"\\u0040context":"URL","@id":"x:a"}'),
    "a DTD": (XML, '<!DOCTYPE rdf:RDF SYSTEM "URL"><rdf:RDF/>'),
    "an entity": (XML, '<!DOCTYPE r [<!ENTITY x SYSTEM "URL">]><r>&x;</r>'),
    "a parameter entity": (XML, '<!DOCTYPE r [<!ENTITY % x SYSTEM "URL"> %x;]><r/>'),
}  # fmt: skip


@pytest.mark.parametrize("form", DOCUMENTS)
def test_no_document_calls_anyone(scratch: Server, trap: Trap, canary: str, form: str) -> None:
    media, text = DOCUMENTS[form]
    for url in (canary, trap.url("loopback")):
        headers, content = {"content-type": media}, text.replace("URL", url)
        came = scratch.outcome("PUT", "/graphs?default", content=content, headers=headers)
        assert came == "upload-refused", url
