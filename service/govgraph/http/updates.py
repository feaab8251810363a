"""POST /update of a release: SPARQL 1.1 Update, through the gate."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from govgraph.gate.gate import Written
from govgraph.http import protocol
from govgraph.http.received import UPDATE
from govgraph.http.writing import IF_MATCH, SCHEMES, answer_of, writing

router = APIRouter(tags=["changes"])
REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"description": "No key, or none that is known 缺少密钥或密钥无效"},
    403: {"description": "The key may not, the service takes no changes, or the graph is protected 无权改动"},
    409: {
        "description": "The change is not valid: `report` says where; nothing has changed"
        " 改动未通过校验，`report` 说明位置",
        "content": {"application/problem+json": {}},
    },
    412: {"description": "Another release is current than `If-Match` names 当前发布版已变"},
    503: {"description": "Others are writing: try again 正有其他改动"},
}  # fmt: skip
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            UPDATE: {
                "schema": {"type": "string"},
                "example": 'INSERT DATA { <https://example.org/p> foaf:name "某人"@zh }',
            },
            protocol.FORM: {
                "schema": {
                    "type": "object",
                    "properties": {
                        "update": {"type": "string"},
                        "using-graph-uri": {"type": "string"},
                        "using-named-graph-uri": {"type": "string"},
                    },
                    "required": ["update"],
                }
            },
        },
    },
    "parameters": [IF_MATCH],
}


@router.post(
    "/update",
    summary="SPARQL update: a new release, or nothing 更新：发布新版本，否则不变",
    responses=REFUSALS
    | {200: {"description": "The current release, and how many quads came and went"}},
    openapi_extra=_BODY,
    dependencies=SCHEMES,
)
async def update(request: Request) -> Response:
    """A form with `update`, or the update itself. All its operations are made together, checked by
    the shapes, and published as one release. Triples without a graph go to the graph of edits, or are
    taken out of every graph that asserts them. Needs a key of scope `write`.

    各操作一并执行，经形状校验后发布为一个新版本；任何一步不成立则不作改动。需要 `write` 权限的密钥。"""
    async with writing(request, "update") as write:
        parameters = await protocol.posted(request, "update", write.limit)
        text = protocol.only(parameters, "update")
        using = protocol.dataset(parameters, "using-graph-uri", "using-named-graph-uri")
        url = protocol.url_of(request)
        found = await write.made(
            text.encode(), lambda: write.gate.update(text, using, url, write.expected), counts
        )
    said = {"release": found.release, **counts(found), "seconds": found.seconds}
    return answer_of(found, JSONResponse(said))


def counts(found: Written) -> dict[str, int]:
    """How many quads came and went."""
    return {"added": found.added, "removed": found.removed}
