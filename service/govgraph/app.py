"""The application: settings in, a FastAPI app out."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

from anyio import CapacityLimiter
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from govgraph import __version__
from govgraph.access.keys import Keys
from govgraph.edge.edge import Edge
from govgraph.edge.logs import configure
from govgraph.errors import GovgraphError
from govgraph.federation.allowed import Allowed
from govgraph.http import (
    access,
    comparison,
    datasets,
    entities,
    errors,
    graphs,
    graphwrites,
    linked,
    lookups,
    money,
    networks,
    queries,
    releases,
    search,
    sparql,
    updates,
    void,
)
from govgraph.http.ahead import begin_reading
from govgraph.http.caching import Caching
from govgraph.http.compress import Compress
from govgraph.http.conditional import NotModified
from govgraph.http.heads import Heads
from govgraph.http.prompt import Lookups
from govgraph.http.state import Releases
from govgraph.http.told import Told
from govgraph.pages import failures
from govgraph.pages import parts as pages
from govgraph.pages.ahead import look_ahead
from govgraph.settings import Settings

_DESCRIPTION = """Knowledge graph of local governance: bodies, posts, rules, money, with evidence.

本地治理知识图谱：组织、岗位、规则与资金，每个答案都有依据。"""

_PARTS = (
    sparql, graphs, lookups, entities, search, queries, comparison, networks, money, releases, linked, void,
    access, updates, graphwrites, datasets,
)  # fmt: skip


def create_app(settings: Settings | None = None, *, one_by_one: bool = False) -> FastAPI:
    """The service over the releases of a home folder. In a process that answers requests
    `one_by_one` all work is done where it is asked for, without threads, and the edge is around its
    keeper."""
    settings = settings or Settings()
    app = FastAPI(
        title="govgraph", version=__version__, description=_DESCRIPTION, docs_url=None, redoc_url=None,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )  # fmt: skip
    app.state.settings = settings
    app.state.keys = Keys(settings.home)
    app.state.releases = Releases(settings)
    app.state.service_allow = Allowed(settings.service_allow)
    app.state.limiters = None if one_by_one else _limiters(settings)
    app.add_middleware(Caching)
    app.add_middleware(NotModified)
    if settings.read_key:
        app.add_middleware(access.PrivateReads, keys=app.state.keys, settings=settings)
    errors.install(app)
    failures.install(app)
    app.add_middleware(Compress)
    app.add_middleware(Told, keeper=one_by_one)
    app.add_middleware(Heads)
    if not one_by_one:
        app.add_middleware(Edge, settings=settings)
    app.router.routes.insert(0, sparql.route())
    for part in (*pages.PARTS, *_PARTS):
        app.include_router(part.router)

    @app.get("/health", tags=["operations"], summary="Is the process up, and what does it serve?")
    async def health() -> JSONResponse:
        """200 as long as the process answers; `release` is null before the first build."""
        return JSONResponse({"status": "ok", "version": __version__, "release": _current(app)})

    return app


def create_worker_app(given: dict[str, Any]) -> ASGIApp:
    """The service as one worker has it, from settings as JSON has them, with the current release
    open, if there is one. Each release that it opens is read ahead."""
    settings = Settings(**given)
    configure(settings.log_level, settings.log_format)
    app = create_app(settings, one_by_one=True)
    app.state.releases.begin = partial(begin_reading, look=partial(look_ahead, app))
    with suppress(GovgraphError):
        app.state.releases.open()
    if settings.read_key:
        return app  # who may read is looked at in the application
    return AtOnce(app, Lookups(app.state.releases, services=bool(app.state.service_allow)))


class AtOnce:
    """An application, and what of it can be answered without its event loop."""

    def __init__(self, app: ASGIApp, lookups: Lookups) -> None:
        self.app, self.at_once = app, lookups.answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


def _limiters(settings: Settings) -> dict[bool, CapacityLimiter]:
    return {heavy: CapacityLimiter(settings.query_threads) for heavy in (True, False)}


def _current(app: FastAPI) -> str | None:
    try:
        release: str = app.state.releases.home.current().id
    except GovgraphError:
        return None
    return release
