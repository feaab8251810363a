"""/docs: the OpenAPI description as a plain page, without scripts or outside requests."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from govgraph.pages.frame import respond
from govgraph.pages.page import Page

router = APIRouter(include_in_schema=False)
_METHODS = ("get", "post", "put", "patch", "delete")


@router.get("/docs")
async def docs(request: Request) -> Response:
    """Every route with its parameters and a link or command that tries it."""
    description = request.app.openapi()
    groups = _groups(description, request)
    return respond("docs.html", Page.of(request), info=description["info"], groups=groups)


def _groups(description: dict[str, Any], request: Request) -> dict[str, list[dict[str, Any]]]:
    """The operations by their tag, in the order of the document."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in description["paths"].items():
        for method in _METHODS:
            if method in operations:
                operation = operations[method]
                entry = _operation(method, path, operation, str(request.base_url).rstrip("/"))
                groups.setdefault(operation["tags"][0], []).append(entry)
    return groups


def _operation(method: str, path: str, operation: dict[str, Any], base: str) -> dict[str, Any]:
    parameters = [_parameter(parameter) for parameter in operation.get("parameters", [])]
    return {
        "id": f"{method}{path}",
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "parameters": parameters,
        "example": _example(base + path, parameters) if method == "get" else None,
    }


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    schema = parameter["schema"]
    examples = schema.get("examples") or [
        e for s in schema.get("anyOf", ()) for e in s.get("examples", ())
    ]
    kinds = [
        s["type"] for s in schema.get("anyOf", [schema]) if s.get("type") not in (None, "null")
    ]
    return {
        "name": parameter["name"],
        "in": parameter["in"],
        "required": parameter.get("required", False),
        "type": " or ".join(kinds),
        "description": parameter.get("description") or schema.get("description", ""),
        "example": examples[0] if examples else None,
    }


def _example(url: str, parameters: list[dict[str, Any]]) -> str | None:
    """A URL with the examples of its parameters, None if a required one has none."""
    query = {}
    for parameter in parameters:
        example = parameter["example"]
        if example is None and parameter["required"]:
            return None
        if parameter["in"] == "path":
            url = url.replace("{" + parameter["name"] + "}", str(example))
        elif example is not None:
            query[parameter["name"]] = example
    return url + (f"?{urlencode(query)}" if query else "")
