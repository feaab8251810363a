"""What the front tells a reader of pages: a page in both languages that takes no worker to make."""

from __future__ import annotations

from html import escape
from typing import Any

from govgraph.edge.readers import reads_pages
from govgraph.errors import GovgraphError
from govgraph.pool.reply import Kept, problem

#: Headers of a document that a page has of its own.
_OF_PAGE = (b"content-type", b"content-length", b"cache-control")
_PAGE = """<!doctype html>
<html lang="zh-Hans">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{status} · govgraph</title>
<link rel="stylesheet" href="/static/style.css">
</head>
<body>
<main class="width">
<div class="title"><p class="kind">{status}</p><h1>{zh}</h1><p lang="en">{en}</p>
<p>{again}<a href="/">回首页 <span lang="en">Home</span></a> · <code>{code}</code></p></div>
</main>
</body>
</html>
"""


def told(scope: dict[str, Any], error: GovgraphError) -> Kept:
    """An error as the client of a request reads it: as a page, or as a problem document; one that
    asks for a key is for programs."""
    document = problem(error)
    if error.status == 401 or not reads_pages(scope["method"], scope["path"], scope["headers"]):
        return document
    body = _PAGE.format(
        status=error.status, code=escape(error.code), again=_again(scope),
        zh=escape(error.message_zh), en=escape(error.message_en),
    ).encode()  # fmt: skip
    kept = [p for p in document.headers if p[0] not in _OF_PAGE]
    of_page = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
    ]
    return Kept(error.status, kept + of_page, body)


def _again(scope: dict[str, Any]) -> str:
    """A link to the same page; what a form has sent is not sent again by a link."""
    if scope["method"] != "GET":
        return ""
    query = b"?" + scope["query_string"] if scope["query_string"] else b""
    # one slash: two would lead to another host
    path = "/" + (scope["raw_path"].lstrip(b"/") + query).decode("ascii", "replace")
    return f'<a href="{escape(path)}">再试一次 <span lang="en">Try again</span></a> · '
