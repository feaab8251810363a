"""The service in the test's own process, answering a browser without a server."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from govgraph.app import create_app
from govgraph.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Route

#: A site that is nowhere: what a route does not answer fails.
SITE = "http://site.localhost"
#: Headers of a transfer that has been made already.
_OF_TRANSFER = ("content-encoding", "content-length", "transfer-encoding")


class InProcess:
    """An app over a home folder; called with a route it fulfils it. It has a thread of its own: the
    browser's event loop is at work in the test's."""

    def __init__(self, home: Path) -> None:
        limits: dict[str, Any] = {"client_requests": 64, "client_seconds": 10_000}
        self.app = create_app(Settings(home=home, **limits))
        self.thread = ThreadPoolExecutor(1)

    def get(self, address: str, headers: dict[str, str]) -> httpx.Response:
        """The answer to one request."""
        return self._ask(httpx.Request("GET", httpx.URL(SITE).join(address), headers=headers))

    def _ask(self, request: httpx.Request) -> httpx.Response:
        return self.thread.submit(asyncio.run, self._answer(request)).result()

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=SITE) as client:
            return await client.send(request)

    def __call__(self, route: Route) -> None:
        asked = route.request
        answer = self._ask(
            httpx.Request(
                asked.method, asked.url, headers=asked.headers, content=asked.post_data_buffer
            )
        )
        kept = {n: v for n, v in answer.headers.items() if n.lower() not in _OF_TRANSFER}
        route.fulfill(status=answer.status_code, headers=kept, body=answer.content)
