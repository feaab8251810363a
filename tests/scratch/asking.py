"""Asking a scratch endpoint, for the tests of this folder."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx

QUERY, UPDATE = "application/sparql-query", "application/sparql-update"
FORM, TURTLE = "application/x-www-form-urlencoded", "text/turtle"
G, H = "http://example.org/g", "http://example.org/h"


def update(web: httpx.Client, text: str, **parameters: object) -> httpx.Response:
    return web.post("/update", content=text, headers={"content-type": UPDATE}, params=parameters)


def put(
    web: httpx.Client, graph: str | None, content: str | bytes, media: str = TURTLE
) -> httpx.Response:
    return web.put("/graphs", params=named(graph), content=content, headers={"content-type": media})


def named(graph: str | None) -> dict[str, str]:
    return {"graph": graph} if graph else {"default": ""}


def ask(web: httpx.Client, pattern: str, **parameters: object) -> bool:
    answer = web.get("/sparql", params={"query": f"ASK {{ {pattern} }}", **parameters})
    assert answer.status_code == 200, answer.text
    found: bool = answer.json()["boolean"]
    return found


def count(web: httpx.Client, pattern: str = "?s ?p ?o") -> int:
    query = f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"
    answer = web.post("/sparql", data={"query": query})
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


@contextmanager
def command_server(**environment: str) -> Iterator[str]:
    """The URL of `govgraph serve --scratch`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "govgraph.cli", "serve", "--scratch", "--port", str(port)]
    with subprocess.Popen(
        command, env=os.environ | environment, stdout=subprocess.DEVNULL
    ) as server:
        try:
            wait(f"http://127.0.0.1:{port}/health")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def wait(url: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with suppress(httpx.TransportError):
            httpx.get(url)
            return
        time.sleep(0.1)
    raise TimeoutError(url)
