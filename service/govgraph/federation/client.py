"""Asking an endpoint: its name is looked up once, and the connection goes to what was checked."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import time
from ipaddress import ip_address

import httpx
from pyoxigraph import QueryResultsFormat

from govgraph import __version__
from govgraph.errors import GovgraphError
from govgraph.federation.allowed import Address, Allowed, Endpoint, netloc

log = logging.getLogger("govgraph.federation")
#: Bytes of an answer.
MOST = 16 << 20
_FORMATS = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "application/xml": QueryResultsFormat.XML,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
_HEADERS = {
    "Accept": "application/sparql-results+json, application/sparql-results+xml;q=0.8",
    "Accept-Encoding": "identity",
    "User-Agent": f"govgraph/{__version__}",
}


class Unanswered(Exception):
    """The endpoint gave no answer that can be used; the text, which is for the log, says why."""


async def ask(
    endpoint: Endpoint, query: str, allowed: Allowed, seconds: float
) -> tuple[bytes, QueryResultsFormat]:
    """An endpoint's answer to a SELECT query. Unanswered; GovgraphError(service-limit)."""
    began, outcome = time.perf_counter(), "answered"
    try:
        async with asyncio.timeout(seconds):
            return await _asked(endpoint, query, await addresses(endpoint, allowed))
    except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError, Unanswered) as error:
        outcome = str(error) or type(error).__name__
        raise Unanswered(outcome) from error
    finally:
        spent = round(time.perf_counter() - began, 3)
        said = {"endpoint": endpoint.netloc, "seconds": spent, "outcome": outcome}
        log.info("service call", extra=said)


async def addresses(endpoint: Endpoint, allowed: Allowed) -> list[Address]:
    """The addresses of an endpoint, every one of which may be asked. Unanswered if one may not."""
    loop = asyncio.get_running_loop()
    infos = await loop.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    found = list(dict.fromkeys(ip_address(info[4][0]) for info in infos))
    if not found or not allowed.admits(endpoint, found):
        raise Unanswered("an address that is not public")
    return found


async def _asked(
    endpoint: Endpoint, query: str, found: list[Address]
) -> tuple[bytes, QueryResultsFormat]:
    async with httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=None) as client:
        for address in found[:-1]:
            with contextlib.suppress(httpx.ConnectError):
                return await _posted(client, endpoint, address, query)
        return await _posted(client, endpoint, found[-1], query)


async def _posted(
    client: httpx.AsyncClient, endpoint: Endpoint, address: Address, query: str
) -> tuple[bytes, QueryResultsFormat]:
    """The URL has the address; the header, the certificate and TLS the name."""
    url = f"{endpoint.scheme}://{netloc(str(address), endpoint.port)}{endpoint.target}"
    request = client.build_request(
        "POST", url, data={"query": query}, headers=_HEADERS | {"Host": endpoint.netloc}
    )
    request.extensions["sni_hostname"] = endpoint.host
    response = await client.send(request, stream=True)
    try:
        return await _read(response)
    finally:
        await response.aclose()


async def _read(response: httpx.Response) -> tuple[bytes, QueryResultsFormat]:
    media = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if response.status_code != 200:
        raise Unanswered(f"status {response.status_code}")
    if media not in _FORMATS or "content-encoding" in response.headers:
        raise Unanswered("neither JSON nor XML")
    content = bytearray()
    async for part in response.aiter_raw():
        content += part
        if len(content) > MOST:
            raise GovgraphError("service-limit", limit=f"{MOST} bytes", limit_zh=f"{MOST} 字节")
    return bytes(content), _FORMATS[media]
