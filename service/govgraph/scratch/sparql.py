"""/sparql and /update of the scratch dataset: the SPARQL 1.1 Protocol with both its operations."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from govgraph.engine.base import Answer, Dataset, Formats
from govgraph.engine.guard import guard
from govgraph.engine.places import without_silent_services
from govgraph.http import protocol
from govgraph.http.answering import answered
from govgraph.http.common import in_thread
from govgraph.http.protocol import url_of
from govgraph.scratch.dataset import ScratchDataset
from govgraph.scratch.description import scratch_description

router = APIRouter()
#: Bytes of an update or an upload.
UPLOAD = 16 << 20


@router.head("/sparql")
@router.get("/sparql")
async def get(request: Request) -> Response:
    """`?query=` evaluates a query; without it the service describes itself."""
    parameters = protocol.in_url(request)
    if "query" in parameters:
        return await _evaluated(request, parameters)
    return await in_thread(request, lambda: scratch_description(request, dataset_of(request)))


@router.post("/sparql")
async def post(request: Request) -> Response:
    """A form with `query`, or the query itself as application/sparql-query."""
    return await _evaluated(request, await protocol.posted(request, "query"))


@router.post("/update")
async def update(request: Request) -> Response:
    """A form with `update`, or the update itself as application/sparql-update."""
    parameters = await protocol.posted(request, "update", UPLOAD)
    text = protocol.only(parameters, "update")
    using = protocol.dataset(parameters, "using-graph-uri", "using-named-graph-uri")
    await in_thread(request, lambda: dataset_of(request).update(text, using, url_of(request)))
    return Response(status_code=204)


async def _evaluated(request: Request, parameters: protocol.Parameters) -> Response:
    asked = protocol.operation(parameters)
    dataset = Dataset(asked.dataset.default, asked.dataset.named)

    limit = request.app.state.settings.query_seconds

    def begin(formats: Formats) -> Answer:
        query = without_silent_services(asked.query)
        guard(query)
        engine = dataset_of(request).engine(url_of(request), limit)
        return engine.answer(query, formats, dataset)

    response = await answered(request, asked.format, begin)
    response.headers["Vary"] = "Accept"
    return response


def dataset_of(request: Request) -> ScratchDataset:
    """The dataset of the application."""
    found: ScratchDataset = request.app.state.dataset
    return found
