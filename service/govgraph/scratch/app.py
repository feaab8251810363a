"""The scratch application: an empty dataset, its protocols, and nothing of a release."""

from __future__ import annotations

from anyio import CapacityLimiter
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from govgraph import __version__
from govgraph.edge.edge import Edge
from govgraph.http import errors
from govgraph.http.compress import Compress
from govgraph.http.told import Told
from govgraph.scratch import graphs, sparql
from govgraph.scratch.dataset import ScratchDataset
from govgraph.scratch.loopback import OnlyLoopback
from govgraph.settings import Settings


def create_scratch_app(settings: Settings | None = None) -> FastAPI:
    """A new dataset in memory, open to this machine. One process has to serve it."""
    settings = settings or Settings()
    app = FastAPI(title="govgraph scratch", version=__version__, openapi_url=None)
    app.state.settings = settings
    app.state.dataset = ScratchDataset(settings.queue_seconds)
    app.state.limiters = {heavy: CapacityLimiter(settings.query_threads) for heavy in (True, False)}
    errors.install(app)
    app.add_middleware(Compress)
    app.add_middleware(OnlyLoopback)
    app.add_middleware(Told, keeper=False)
    app.add_middleware(Edge, settings=settings)
    app.include_router(sparql.router)
    app.include_router(graphs.router)

    @app.get("/health")
    async def health() -> JSONResponse:
        return JSONResponse({"status": "ok", "version": __version__, "release": None})

    return app
