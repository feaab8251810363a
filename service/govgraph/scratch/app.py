"""The scratch application: an empty dataset, its protocols, and nothing of a release."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from anyio import CapacityLimiter
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from govgraph import __version__
from govgraph.http import errors
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
    app.add_middleware(OnlyLoopback)
    app.include_router(sparql.router)
    app.include_router(graphs.router)

    @app.get("/health")
    async def health() -> JSONResponse:
        return JSONResponse({"status": "ok", "version": __version__, "release": None})

    return app


def create_reading_app(given: dict[str, Any], folder: str) -> FastAPI:
    """The dataset in a folder as a worker has it that reads; settings as JSON has them."""
    return create_scratch_app(Settings(**given), Seen(Path(folder)), one_by_one=True)


def create_writing_app(given: dict[str, Any], folder: str) -> FastAPI:
    """The dataset in a folder as the one worker has it that writes."""
    return create_scratch_app(Settings(**given), Written(Path(folder)), one_by_one=True)


def _limiters(settings: Settings) -> dict[bool, CapacityLimiter]:
    return {heavy: CapacityLimiter(settings.query_threads) for heavy in (True, False)}
