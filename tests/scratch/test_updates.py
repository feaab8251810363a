"""Updates of the scratch endpoint: their dataset, their prologues, data of any length."""

from __future__ import annotations

import httpx
import pytest
from asking import G, ask, count, put, update


def test_an_update_comes_as_a_form_or_as_it_is(web: httpx.Client) -> None:
    assert update(web, "INSERT DATA { <x:a> <x:p> 1 }").status_code == 204
    assert web.post("/update", data={"update": "INSERT DATA { <x:b> <x:p> 1 }"}).status_code == 204
    assert count(web) == 2


def test_an_update_is_made_whole_or_not_at_all(web: httpx.Client) -> None:
    assert update(web, f"INSERT DATA {{ <x:a> <x:p> 1 }} ; CLEAR GRAPH <{G}>").status_code == 404
    assert count(web) == 0


USING = {
    "DELETE and INSERT": "DELETE { GRAPH <%s> { ?s ?p ?o } } INSERT { <x:new> ?p ?o } WHERE { ?s ?p ?o }",
    "INSERT": "INSERT { <x:new> ?p ?o } WHERE { ?s ?p ?o }",
    "with a prologue": "PREFIX where: <x:> BASE <x:> INSERT { where:new ?p 'WHERE' } WHERE { ?s ?p ?o }",
    "after another": "INSERT DATA { <x:a> <x:p> 'x;y' } ;\n INSERT{<x:new> ?p ?o}WHERE{?s ?p ?o} # ;",
}


@pytest.mark.parametrize("text", USING.values(), ids=USING)
def test_using_graph_uri_says_what_a_pattern_sees(web: httpx.Client, text: str) -> None:
    put(web, G, "<x:b> <x:only> 2 .")
    text = text % G if "%" in text else text
    assert update(web, text).status_code == 204
    assert not ask(web, "<x:new> <x:only> ?o")
    assert update(web, text, **{"using-graph-uri": G}).status_code == 204
    assert ask(web, "<x:new> <x:only> ?o")


def test_using_graph_uri_holds_for_the_short_form_too(web: httpx.Client) -> None:
    put(web, None, "<x:a> <x:p> 1 .")
    put(web, G, "<x:b> <x:p> 2 .")
    assert update(web, "DELETE WHERE { ?s ?p ?o }", **{"using-graph-uri": G}).status_code == 204
    # the pattern saw the graph; what is deleted is in the default graph, where nothing matches
    assert count(web) == 1
    text = f"DELETE WHERE {{ GRAPH <{G}> {{ ?s ?p ?o }} }}"
    assert update(web, text, **{"using-named-graph-uri": G}).status_code == 204
    assert count(web, f"GRAPH <{G}> {{ ?s ?p ?o }}") == 0


@pytest.mark.parametrize("clause", ["USING <x:g>", "USING NAMED <x:g>", "usingNAMED<x:g>"])
def test_a_dataset_is_said_once(web: httpx.Client, clause: str) -> None:
    text = f"INSERT {{ ?s ?p ?o }} {clause} WHERE {{ ?s ?p ?o }}"
    for wrong in (text, "WITH <x:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }"):
        answer = update(web, wrong, **{"using-graph-uri": G})
        assert (answer.status_code, answer.json()["code"]) == (400, "update-dataset")


def test_data_may_be_long(web: httpx.Client) -> None:
    data = " ".join(f"<x:s{n}> <x:p> ({n} -1) ." for n in range(5_000))
    assert update(web, f"INSERT DATA {{ {data} }}").status_code == 204
    assert count(web, "?s <x:p> ?o") == 5_000


def test_every_operation_may_declare_prefixes(web: httpx.Client) -> None:
    text = """PREFIX a: <x:> INSERT DATA { a:s a:p 1 } ;
        PREFIX b: <x:> PREFIX a: <x:> INSERT DATA { b:s a:q 1 } ; PREFIX b: <x:> # end"""
    assert update(web, text).status_code == 204
    assert ask(web, "<x:s> <x:p> 1 ; <x:q> 1")


CHANGED = {
    "after a base": "BASE <x:> PREFIX e: <x:a> INSERT DATA {} ; PREFIX e: <x:b> INSERT DATA { e:s e:p 1 }",
    "run on": "PREFIXe: <x:a> INSERT DATA {} ; PREFIX e: <x:b> INSERT DATA { e:s e:p 1 }",
    "later": "CLEAR ALL; PREFIX e: <x:a> INSERT DATA {}; PREFIX e: <x:b> INSERT DATA { e:s e:p 1 }",
    "relative": "CLEAR ALL; PREFIX e: <a> INSERT DATA { e:s e:p 1 }",
}


@pytest.mark.parametrize("text", CHANGED.values(), ids=CHANGED)
def test_a_prefix_never_means_what_it_does_not_say(web: httpx.Client, text: str) -> None:
    assert update(web, text).json()["code"] == "update-syntax"
    assert count(web) == 0


def test_load_silent_does_nothing_and_the_rest_is_made(web: httpx.Client) -> None:
    text = "INSERT DATA { <x:a> <x:p> 1 } ; PREFIX e: <http://127.0.0.1:9/> LOAD SILENT e:x INTO GRAPH <x:g>"
    assert update(web, text).status_code == 204
    assert count(web) == 1
