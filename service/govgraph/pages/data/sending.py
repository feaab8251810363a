"""A form that sends a table: what it says, and the gate that it goes through."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request

from govgraph.access.authorize import authorize_form
from govgraph.access.key import Key
from govgraph.errors import GovgraphError
from govgraph.gate.tables import Tables, Upload, Uploading, mode_of
from govgraph.http import protocol
from govgraph.http.access import Checked
from govgraph.http.datasets import counts
from govgraph.http.multipart import leading_fields, parts_of
from govgraph.http.writing import writing
from govgraph.settings import in_bytes

#: How other files begin that are taken for tables: spreadsheets and archives, old spreadsheets, PDF.
_OTHERS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")
#: Rows that one may leave out at most.
MOST_REJECTS = 1_000_000


@dataclass(frozen=True)
class Form:
    """What was chosen. `release` and `tried` come from a trial: the release that it was made on and
    the digest of the file. The key is not part of it, so that no page can show it."""

    dataset: str = ""
    table: str = ""
    mode: str = "merge"
    rejects: str = "0"
    release: str = ""
    tried: str = ""
    publish: bool = False

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> Form:
        names = ("dataset", "table", "mode", "rejects", "release", "tried")
        found = {name: fields[name].strip()[:200] for name in names if name in fields}
        return cls(**found, publish=fields.get("do") == "publish")

    @property
    def max_rejects(self) -> int:
        """GovgraphError(invalid-parameter)."""
        if self.rejects.isdecimal() and int(self.rejects) <= MOST_REJECTS:
            return int(self.rejects)
        why, why_zh = f"a number from 0 to {MOST_REJECTS}", f"应为 0 至 {MOST_REJECTS} 的数"
        raise GovgraphError("invalid-parameter", name="rejects", why=why, why_zh=why_zh)


@dataclass(frozen=True)
class Sent:
    """What came of a form: the form, the digest of its file, and the gate's report."""

    form: Form
    digest: str
    outcome: Uploading


class NotATable(GovgraphError):
    """The file is no CSV by how it begins, or there is none: `word` says which."""

    def __init__(self, word: str) -> None:
        super().__init__("upload-refused", why=word, why_zh=word)
        self.word = word


class AnotherFile(GovgraphError):
    """What is to be published is not the file that was tried."""

    def __init__(self) -> None:
        why, why_zh = "not the file that was tried", "不是试装的那个文件"
        super().__init__("upload-refused", why=why, why_zh=why_zh)


async def read(request: Request) -> tuple[bytes, Form, str]:
    """The body of a request, its form without the file, and its key, which comes before the file:
    the front has looked for it there too.

    GovgraphError(body-too-large, content-coding)."""
    limit = in_bytes(request.app.state.settings.upload_limit)
    content, header = await protocol.body(request, limit), request.headers.get("content-type", "")
    key = leading_fields(content, header).get("key", "")
    return content, Form.of(_fields(content, header)), key


def _fields(content: bytes, header: str) -> dict[str, str]:
    """The texts of a form, the name of its button among them, which comes after the file. Of a form
    that is not whole, as a reader has it, those before the file."""
    try:
        parts = parts_of(content, header)
    except GovgraphError:
        return leading_fields(content, header)
    return {p.name: p.content.decode("utf-8", "replace") for p in parts if p.filename is None}


async def send(request: Request, content: bytes, form: Form, key: str) -> Sent:
    """Try a table, or publish it on the release that it was tried on.

    NotATable, AnotherFile; ChangeRefused and GovgraphError as of `Tables.send` and `writing`."""
    async with writing(request, "table-post", _holding(key)) as write:
        write.tell(dataset=form.dataset, table=form.table, mode=form.mode, dry_run=not form.publish)
        file = _file(content, request.headers.get("content-type", ""))
        digest = hashlib.sha256(file).hexdigest()
        if form.publish and digest != form.tried:
            raise AnotherFile
        upload = Upload(
            file, None, None, mode_of(form.mode), form.max_rejects, dry_run=not form.publish
        )
        # nobody publishes onto a release that another has changed meanwhile
        expected = {form.release} if form.publish else None
        tables = Tables(write.gate)
        found = await write.made(
            file, lambda: tables.send(form.dataset, form.table, upload, expected), counts
        )
        return Sent(form, digest, found)


def _holding(secret: str) -> Checked:
    """A check of the key that the form carries, and of no other."""

    async def checked(request: Request) -> Key:
        return authorize_form(secret, request.app.state.keys, request.app.state.settings)

    return checked


def _file(content: bytes, header: str) -> bytes:
    """The file of a form. NotATable, GovgraphError(upload-syntax, upload-refused)."""
    files = [part for part in parts_of(content, header) if part.name == "file"]
    if len(files) != 1 or not (files[0].filename or files[0].content):
        raise NotATable("no-file")
    file = files[0].content
    if not file.strip():
        raise NotATable("empty-file")
    if file.startswith(_OTHERS):
        raise NotATable("no-csv")
    return file
