"""/api/v1/datasets: the tables that a release was made of, to download, and to send back changed."""

from __future__ import annotations

import gzip
from email.message import Message
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from govgraph.errors import GovgraphError
from govgraph.gate.files import table_file
from govgraph.gate.tables import Tables, Upload, Uploading, mode_of
from govgraph.http import protocol
from govgraph.http.common import Release, in_thread, name_release
from govgraph.http.multipart import MULTIPART, Part, parts_of
from govgraph.http.updates import REFUSALS
from govgraph.http.writing import IF_MATCH, SCHEMES, Writing, answer_of, writing

router = APIRouter(prefix="/api/v1/datasets", tags=["datasets"])
CSV = "text/csv"
#: What the bytes of a table may be called.
_TABLES = (
    CSV,
    "application/csv",
    "application/gzip",
    "application/x-gzip",
    "application/octet-stream",
)
Dataset = Annotated[str, Path(description="A dataset 数据集", examples=["xiyuan"])]
Table = Annotated[str, Path(description="A table, with or without .csv 表名", examples=["persons"])]
Rejects = Annotated[
    int, Query(ge=0, description="Publish although up to so many rows were rejected 允许拒绝的行数")
]
DryRun = Annotated[
    bool, Query(description="Report what would come of it, and change nothing 只报告，不改动")
]
_BODY = {
    "parameters": [IF_MATCH],
    "requestBody": {
        "required": True,
        "content": {
            CSV: {"schema": {"type": "string"}, "example": "id,label_zh\np-1,某人\n"},
            MULTIPART: {
                "schema": {
                    "type": "object",
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "metadata": {
                            "type": "string",
                            "description": "CSVW metadata of a table that is not a standard one",
                        },
                    },
                    "required": ["file"],
                }
            },
        },
    },
}
_REPORT: dict[int | str, dict[str, Any]] = {
    200: {"description": "The report: rows read, loaded and rejected, problems by row 报告"}
}


@router.get("", summary="The datasets of a release and their tables 数据集与表")
async def datasets(response: Response, release: Release) -> list[dict[str, Any]]:
    """Each table with its title and the numbers of its rows. 每张表的标题与行数。"""
    name_release(response, release)
    found: dict[str, list[dict[str, Any]]] = {}
    for table in release.release.report["tables"]:
        about = {
            name: table[name] for name in ("table", "title", "iri", "rows_read", "rows_loaded")
        }
        found.setdefault(table["dataset"], []).append(about)
    return [{"dataset": name, "tables": tables} for name, tables in found.items()]


@router.head("/{dataset}/tables/{table}", include_in_schema=False)
@router.get(
    "/{dataset}/tables/{table}",
    summary="A table as CSV 下载一张表",
    responses={200: {"content": {CSV: {}}}},
    response_class=Response,
)
async def download(request: Request, dataset: Dataset, table: Table, release: Release) -> Response:
    """The file that the release was made of, in its own encoding; what updates have changed since
    lies over it and is not in it. 原表文件；更新所作的改动不在其中。"""

    def work() -> tuple[bytes, str, str]:
        path, encoding = table_file(release.release, dataset, table)
        content = path.read_bytes()
        packed = path.name.lower().endswith(".gz")
        return gzip.decompress(content) if packed else content, encoding, path.name

    content, encoding, name = await in_thread(request, work)
    response = Response(content, media_type=f"{CSV}; charset={encoding.removesuffix('-sig')}")
    name_release(response, release, CSV)
    response.headers["Content-Disposition"] = _attachment(name.removesuffix(".gz"))
    return response


@router.post(
    "/{dataset}/tables/{table}", summary="Send rows of a table 上传表的行",
    responses=REFUSALS | _REPORT, openapi_extra=_BODY, dependencies=SCHEMES,
)  # fmt: skip
async def post(
    request: Request,
    dataset: Dataset,
    table: Table,
    mode: Annotated[
        str,
        Query(
            description="merge: rows take the place of those with the same primary key, others are"
            " added; append: only new keys; replace: the file is the table"
            " merge 按主键替换或添加；append 只添加；replace 整表替换",
            pattern="^(merge|append|replace)$",
        ),
    ] = "merge",
    max_rejects: Rejects = 0,
    dry_run: DryRun = False,
) -> Response:
    """CSV, plain or packed by gzip, or a form with one file. Columns go by name, in any order; a row
    that is there keeps what the file has no column for. A dataset or a table that is not there is
    made. Row numbers of the report are those of the file. Needs a key of scope `write`.

    列按名称对应，顺序不限；文件中没有的列保持原值；报告中的行号是上传文件的行号。"""
    async with writing(request, "table-post") as write:
        write.tell(dataset=dataset, table=table, mode=mode, dry_run=dry_run)
        received = await _received(request, write)
        upload = Upload(*received, mode_of(mode), max_rejects, dry_run)
        return await _sent(write, dataset, table, upload)


@router.put(
    "/{dataset}/tables/{table}", summary="Replace a table 替换整张表",
    responses=REFUSALS | _REPORT, openapi_extra=_BODY, dependencies=SCHEMES,
)  # fmt: skip
async def put(
    request: Request,
    dataset: Dataset,
    table: Table,
    max_rejects: Rejects = 0,
    dry_run: DryRun = False,
) -> Response:
    """The file is the table from now on. Needs a key of scope `write`. 上传的文件即为整张表。"""
    async with writing(request, "table-put") as write:
        write.tell(dataset=dataset, table=table, dry_run=dry_run)
        received = await _received(request, write)
        upload = Upload(*received, "replace", max_rejects, dry_run)
        return await _sent(write, dataset, table, upload)


@router.delete(
    "/{dataset}/tables/{table}", summary="Take a table away 删除一张表",
    responses=REFUSALS | _REPORT, openapi_extra={"parameters": [IF_MATCH]}, dependencies=SCHEMES,
)  # fmt: skip
async def delete(
    request: Request, dataset: Dataset, table: Table, dry_run: DryRun = False
) -> Response:
    """With the CSVW metadata of its own; a dataset goes with its last table. Refused where rows of
    other tables refer to it. Needs a key of scope `write`. 若其他表引用其中的行则拒绝。"""
    async with writing(request, "table-delete") as write:
        write.tell(dataset=dataset, table=table, dry_run=dry_run)
        tables, expected = Tables(write.gate), write.expected
        found = await write.made(
            b"", lambda: tables.drop(dataset, table, dry_run=dry_run, expected=expected), counts
        )
        return answer_of(found, JSONResponse(found.report))


async def _sent(write: Writing, dataset: str, table: str, upload: Upload) -> Response:
    tables, expected = Tables(write.gate), write.expected
    found = await write.made(
        upload.content, lambda: tables.send(dataset, table, upload, expected), counts
    )
    return answer_of(found, JSONResponse(found.report))


def counts(found: Uploading) -> dict[str, Any]:
    """What the audit log says of an upload."""
    names = ("rows_read", "rows_loaded", "rows_rejected")
    return {name: found.report[name] for name in names}


async def _received(request: Request, write: Writing) -> tuple[bytes, str | None, bytes | None]:
    """The table of a request, its charset and its metadata.

    GovgraphError(unsupported-media-type, body-too-large, upload-syntax, upload-refused)."""
    header = request.headers.get("content-type", CSV)
    media = header.partition(";")[0].strip().lower()
    if media not in (*_TABLES, MULTIPART):
        raise GovgraphError("unsupported-media-type", given=media or "(none)")
    content = await protocol.body(request, write.limit, "gzip", "x-gzip")
    if media != MULTIPART:
        return content, _charset(header), None
    parts = parts_of(content, header)
    metadata = [part.content for part in parts if part.name == "metadata"]
    files = [part for part in parts if part.name != "metadata"]
    if len(files) != 1 or len(metadata) > 1:
        raise _unlike_a_form()
    return files[0].content, _charset_of(files[0]), metadata[0] if metadata else None


def _unlike_a_form() -> GovgraphError:
    why = "send one file, and its metadata in a part of that name at most"
    return GovgraphError("upload-syntax", media=MULTIPART, why=why)


def _charset_of(part: Part) -> str | None:
    return _charset(part.media) if part.media else None


def _charset(header: str) -> str | None:
    message = Message()
    message["content-type"] = header
    return message.get_content_charset()


def _attachment(name: str) -> str:
    """A Content-Disposition with a file's name (RFC 6266)."""
    return f"attachment; filename*=UTF-8''{quote(name)}"
