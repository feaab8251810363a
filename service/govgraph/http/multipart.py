"""The files of a multipart/form-data body (RFC 7578)."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser

from govgraph.errors import GovgraphError

#: Parts that a body may have.
MOST = 100
MULTIPART = "multipart/form-data"


@dataclass(frozen=True)
class Part:
    """A part with its name and that of its file; `media` is its Content-Type as it is given."""

    name: str
    filename: str | None
    media: str | None
    content: bytes


def parts_of(content: bytes, header: str) -> list[Part]:
    """The parts of a body with this Content-Type. GovgraphError(upload-syntax, upload-refused)."""
    boundary = _headers(f"Content-Type: {header}").get_boundary()
    if not boundary:
        raise _broken("the boundary is missing")
    mark = b"\r\n--" + boundary.encode("utf-8", "surrogateescape")
    # what stands before the first mark and after the last is not for us
    _, *found = (b"\r\n" + content).split(mark, MOST + 2)
    if len(found) > MOST + 1:
        raise GovgraphError(
            "upload-refused", why=f"more than {MOST} parts", why_zh=f"超过 {MOST} 个部分"
        )
    ends = [place for place, text in enumerate(found) if text.startswith(b"--")]
    if not ends:
        raise _broken("the last boundary is missing")
    return [_part(text) for text in found[: ends[0]]]


def leading_fields(content: bytes, header: str) -> dict[str, str]:
    """The texts that come before the first file of a body, of which no more than the beginning
    need be there; none of a body that is not such a form."""
    boundary = _headers(f"Content-Type: {header}").get_boundary()
    found: dict[str, str] = {}
    if not boundary:
        return found
    mark = b"\r\n--" + boundary.encode("utf-8", "surrogateescape")
    # what stands before the first mark is not for us; what follows the last one may go on
    for text in (b"\r\n" + content).split(mark, MOST)[1:-1]:
        try:
            part = _part(text)
        except GovgraphError:
            break
        if part.filename is not None:
            break
        found.setdefault(part.name, part.content.decode("utf-8", "replace"))
    return found


def _part(text: bytes) -> Part:
    padding, line_end, rest = text.partition(b"\r\n")
    # a part without headers begins with the empty line
    head, empty_line, content = (b"\r\n" + rest).partition(b"\r\n\r\n")
    if padding.strip(b" \t") or not line_end or not empty_line:
        raise _broken("a part has no head")
    headers = _headers(head.decode("utf-8", "replace").lstrip("\r\n"))
    return Part(
        str(headers.get_param("name", "", "content-disposition")),
        headers.get_filename(),
        headers["content-type"],
        content,
    )


def _headers(text: str) -> Message:
    return HeaderParser().parsestr(text, headersonly=True)


def _broken(why: str) -> GovgraphError:
    return GovgraphError("upload-syntax", media=MULTIPART, why=why)
