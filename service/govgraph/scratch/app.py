"""The scratch application: an empty dataset, its protocols, and nothing of a release."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from anyio import CapacityLimiter
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from govgraph import __version__
from govgraph.edge.edge import Edge
from govgraph.edge.logs import configure
from govgraph.http import errors
from govgraph.http.compress import Compress
from govgraph.http.told import Told
from govgraph.scratch import graphs, sparql
from govgraph.scratch.dataset import ScratchDataset
from govgraph.scratch.loopback import OnlyLoopback
from govgraph.scratch.shelf import InMemory, Seen, Shelf, Written
from govgraph.settings import Settings


def create_scratch_app(
    settings: Settings | None = None, shelf: Shelf | None = None, *, one_by_one: bool = False
) -> FastAPI:
    """A dataset, open to this machine: a new one in memory if no shelf is given, which one process
    has to serve. One that answers requests `one_by_one` works without threads."""
    settings = settings or Settings()
    app = FastAPI(title="govgraph scratch", version=__version__, openapi_url=None)
    app.state.settings = settings
    app.state.dataset = ScratchDataset(shelf or InMemory(), settings.queue_seconds)
    app.state.limiters = None if one_by_one else _limiters(settings)
    errors.install(app)
    app.add_middleware(Compress)
    app.add_middleware(OnlyLoopback)
    app.add_middleware(Told, keeper=one_by_one)
    if not one_by_one:
        app.add_middleware(Edge, settings=settings)
    app.include_router(sparql.router)
    app.include_router(graphs.router)

    @app.get("/health")
    async def health() -> JSONResponse:
        return JSONResponse({"status": "ok", "version": __version__, "release": None})

    return app


def create_reading_app(given: dict[str, Any], folder: str) -> FastAPI:
    """The dataset in a folder as a worker has it that reads; settings as JSON has them."""
    return _worker_app(Settings(**given), Seen(Path(folder)))


def create_writing_app(given: dict[str, Any], folder: str) -> FastAPI:
    """The dataset in a folder as the one worker has it that writes."""
    return _worker_app(Settings(**given), Written(Path(folder)))


def _worker_app(settings: Settings, shelf: Shelf) -> FastAPI:
    configure(settings.log_level, settings.log_format)
    return create_scratch_app(settings, shelf, one_by_one=True)


def _limiters(settings: Settings) -> dict[bool, CapacityLimiter]:
    return {heavy: CapacityLimiter(settings.query_threads) for heavy in (True, False)}
