"""Many clients of the scratch endpoint at once: no write is lost, none is seen by half."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
from asking import TURTLE, UPDATE, G, ask, command_server, count, put, update


def test_writers_at_once_lose_nothing(web: httpx.Client, server: str) -> None:
    def write(number: int) -> int:
        with httpx.Client(base_url=server, timeout=60) as own:
            text = f"INSERT DATA {{ <x:s{number}> <x:p> {number} }}"
            if number % 2:
                return update(own, text).status_code
            headers = {"content-type": TURTLE}
            content = f"<x:s{number}> <x:p> {number} ."
            return own.post("/graphs?default", content=content, headers=headers).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(write, range(100))) == {204}
    assert count(web) == 100


def test_a_counter_that_many_raise_counts_all(web: httpx.Client, server: str) -> None:
    put(web, None, "<x:c> <x:n> 0 .")
    text = "DELETE { ?c ?p ?n } INSERT { ?c ?p ?m } WHERE { ?c ?p ?n BIND(?n + 1 AS ?m) }"

    def patch(number: int) -> int:
        with httpx.Client(base_url=server, timeout=60) as own:
            if number % 2:
                return update(own, text).status_code
            headers = {"content-type": UPDATE}
            return own.patch("/graphs?default", content=text, headers=headers).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(patch, range(40))) == {204}
    assert ask(web, "<x:c> <x:n> 40")


def test_a_reader_sees_a_graph_before_or_after_a_put(web: httpx.Client, server: str) -> None:
    sizes = 50, 80
    texts = [" ".join(f"<x:s> <x:p> {n} ." for n in range(size)) for size in sizes]
    put(web, G, texts[0])
    over = threading.Event()

    def write() -> None:
        with httpx.Client(base_url=server, timeout=60) as own:
            for number in range(60):
                put(own, G, texts[number % 2])
        over.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = set()
    while not over.is_set():
        seen.add(count(web, f"GRAPH <{G}> {{ ?s ?p ?o }}"))
        document = web.get("/graphs", params={"graph": G, "format": "nt"}).text
        seen.add(document.count("\n"))
    writer.join()
    assert seen <= set(sizes)


def test_a_query_without_end_is_given_up_and_others_go_on() -> None:
    """In a process of its own: what is given up goes on in a thread until the server ends."""
    with command_server(GOVGRAPH_QUERY_SECONDS="2") as url, httpx.Client(base_url=url) as own:
        put(own, None, " ".join(f"<x:s{n}> <x:p> {n} ." for n in range(300)))
        product = " . ".join(f"?s{n} ?p{n} ?o{n}" for n in range(6))
        query = f"SELECT (SUM(?o0) AS ?n) {{ {product} FILTER(?o1 + ?o2 = ?o3 * ?o4 - 1) }}"
        answer = own.get("/sparql", params={"query": query}, timeout=60)
        assert (answer.status_code, answer.json()["code"]) == (503, "query-timeout")
        assert count(own) == 300
        assert update(own, "CLEAR ALL").status_code == 204
