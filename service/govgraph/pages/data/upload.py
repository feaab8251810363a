"""/data/upload: send a table, try what would come of it, then publish it; all without scripts."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from govgraph.errors import GovgraphError
from govgraph.gate.report import ChangeRefused
from govgraph.http.common import in_thread, releases
from govgraph.pages.common import Shown
from govgraph.pages.data.findings import Findings
from govgraph.pages.data.sending import AnotherFile, Form, NotATable, read, send
from govgraph.pages.data.tables import kinds
from govgraph.pages.frame import respond
from govgraph.pages.page import Page
from govgraph.settings import in_bytes

router = APIRouter(include_in_schema=False)


@router.get("/data/upload")
async def form(request: Request, page: Shown) -> Response:
    """The form, with the data set and the table that the address names."""
    asked = request.query_params
    chosen = Form(asked.get("dataset", ""), asked.get("table", ""), asked.get("mode", "merge"))
    return await in_thread(request, lambda: _form(page, chosen))


@router.post("/data/upload")
async def sent(request: Request) -> Response:
    """Try a table, or publish it.

    What may be done hangs on the key that the form itself carries, never on what a browser sends
    along unasked: there is no authority that a page of another site could borrow, so the form needs
    no token against it."""
    content, given, key = await read(request)
    try:
        found = await send(request, content, given, key)
    except ChangeRefused as refused:
        return _report(await _page(request), given, "", refused.report, 409)
    except NotATable as wrong:
        return _form(await _page(request), given, 422, word=wrong.word)
    except AnotherFile:
        return _form(await _page(request), given, 409, word="another-file")
    except GovgraphError as error:
        return _refused(await _page(request), given, error)
    page = await _page(request)
    return _report(page, found.form, found.digest, found.outcome.report, 200)


async def _page(request: Request) -> Page:
    """The page on the release that is current when all is done."""
    opened = await in_thread(request, releases(request).open)
    return Page.of(request, opened)


def _form(
    page: Page,
    form: Form,
    status: int = 200,
    word: str | None = None,
    error: GovgraphError | None = None,
) -> Response:
    """The form with what was chosen, and what is wrong with that."""
    assert page.opened is not None
    tables: dict[str, list[dict[str, Any]]] = {}
    for table in page.opened.release.report["tables"]:
        tables.setdefault(table["dataset"], []).append(table)
    response = respond(
        "upload.html", page, "data", status, form=form, word=word, error=error, tables=tables,
        standard=kinds(), declared=kinds().get(_file_name(form.table)),
        settings=page.request.app.state.settings, limit=_limit(page),
    )  # fmt: skip
    return response if status == 200 and page.request.method == "GET" else _fresh(response)


def _refused(page: Page, form: Form, error: GovgraphError) -> Response:
    """The form with an error. There is no challenge with it: a browser that is challenged asks for
    a key of its own, keeps it, and sends it unasked."""
    response = _form(page, form, 403 if error.status == 401 else error.status, error=error)
    response.headers.update({k: v for k, v in error.headers.items() if k == "Retry-After"})
    return response


def _report(page: Page, form: Form, digest: str, report: dict[str, Any], status: int) -> Response:
    """What came of it, and what to do next."""
    findings = Findings.of([*report["problems"], *report["validation"]], report["codes"])
    response = respond(
        "uploaded.html", page, "data", status, form=form, digest=digest, report=report,
        findings=findings, limit=_limit(page),
    )  # fmt: skip
    return _fresh(response)


def _fresh(response: Response) -> Response:
    """An answer to one request only."""
    response.headers["Cache-Control"] = "no-store"
    if "etag" in response.headers:
        del response.headers["etag"]
    return response


def _limit(page: Page) -> int:
    """Bytes that a file may have, so that a script need not send what is refused."""
    return in_bytes(page.request.app.state.settings.upload_limit)


def _file_name(table: str) -> str:
    return table if table.endswith(".csv") else f"{table}.csv"
