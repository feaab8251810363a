"""What OpenAPI says of an entry of the catalogue: its parameters, its rows, its formats."""

from __future__ import annotations

from typing import Any

from govgraph.catalog.entry import Column, Entry, Parameter
from govgraph.catalog.files import MEDIA

Schema = dict[str, Any]
_REFERENCE: Schema = {
    "type": "object",
    "properties": {
        "iri": {"type": "string", "format": "iri"},
        "type": {"type": ["string", "null"]},
        "id": {"type": "string"},
        "label": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
_COLUMNS: dict[str, Schema] = {
    "entity": _REFERENCE,
    "iri": {"type": "string", "format": "iri"},
    "date": {"type": "string", "format": "date"},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "list": {"type": "array", "items": {"type": "string"}},
}
_PARAMETERS: dict[str, Schema] = {
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "boolean": {"type": "boolean"},
}


def described(entry: Entry) -> Schema:
    """The entry's part of an OpenAPI 3.1 operation."""
    parameters = [*map(_parameter, entry.parameters), *_OURS]
    content: Schema = {media.partition(";")[0]: {} for media in MEDIA.values()}
    answer = {"application/json": {"schema": _document(entry)}} | content
    return {
        "parameters": parameters,
        "responses": {"200": {"description": entry.title_en, "content": answer}},
    }


def _parameter(parameter: Parameter) -> Schema:
    schema = dict(_PARAMETERS.get(parameter.type, {"type": "string"}))
    if parameter.values:
        schema["enum"] = list(parameter.values)
    for key, name in (("minimum", "min"), ("maximum", "max"), ("default", "default")):
        if getattr(parameter, name) is not None:
            schema[key] = getattr(parameter, name)
    example = parameter.example[0] if isinstance(parameter.example, list) else parameter.example
    if example is not None:
        schema["examples"] = [example]
    if parameter.many:
        schema = {"type": "array", "items": schema, "examples": schema.get("examples", [])}
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": f"{parameter.en} · {parameter.zh}",
        "schema": schema,
    }


def _document(entry: Entry) -> Schema:
    row = {column.name: _column(column) for column in entry.shown}
    return {
        "type": "object",
        "properties": {
            "query": {"const": entry.name},
            "release": {"type": "string"},
            "parameters": {"type": "object"},
            "columns": {"type": "array", "items": {"type": "object"}},
            "rows": {"type": "array", "items": {"type": "object", "properties": row}},
            "total": {"type": "integer"},
            "offset": {"type": "integer"},
            "limit": {"type": "integer"},
            "next": {"type": ["string", "null"]},
            "permalink": {"type": "string"},
            "coverage": {"type": "array", "items": {"type": "object"}},
        },
    }


def _column(column: Column) -> Schema:
    schema = _COLUMNS.get(column.type, {"type": "string"})
    unit = f" ({column.unit})" if column.unit else ""
    return {"anyOf": [schema, {"type": "null"}], "description": f"{column.en} · {column.zh}{unit}"}


def _query(name: str, kind: Schema, description: str) -> Schema:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "schema": kind,
        "description": description,
    }


_OURS = [
    _query("limit", {"type": "integer", "minimum": 1, "maximum": 10000}, "Rows of a page (100); a file is whole."),
    _query("offset", {"type": "integer", "minimum": 0}, "Rows to leave out before the page."),
    _query("format", {"enum": ["json", *MEDIA], "type": "string"}, "Instead of Accept."),
    _query("evidence", {"type": "boolean"}, "The facts, cells and sentences behind each row (JSON, to 100 rows)."),
    _query("release", {"type": "string"}, "Id of an older release; the current one if left out."),
]  # fmt: skip
