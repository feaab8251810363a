"""An error as a page of the front's own: it needs no worker, which may be what is wanting."""

from __future__ import annotations

from html import escape

from govgraph import __version__
from govgraph.errors import GovgraphError
from govgraph.observed import note
from govgraph.pool.reply import Kept

#: In both languages: which one a reader wants is for workers to find out.
_PAGE = """<!doctype html>
<html lang="zh-Hans">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>没有得到结果 · Not answered · govgraph</title>
<link rel="stylesheet" href="/static/style.css?v={version}">
</head>
<body>
<main class="width">
<div class="title"><p class="kind">{status} · <code>{code}</code></p>
<h1>没有得到结果 <span class="also" lang="en">Not answered</span></h1>
<p role="alert">{zh}</p>
<p lang="en">{en}</p>
<p><a href="/">首页 <span lang="en">Home</span></a></p></div>
</main>
</body>
</html>
"""


def failure_page(error: GovgraphError) -> Kept:
    """The page of an error, which may say when to try again."""
    note(code=error.code)
    said = {"zh": escape(error.message_zh), "en": escape(error.message_en)}
    text = _PAGE.format(status=error.status, code=error.code, version=__version__, **said)
    more = {k: v for k, v in error.headers.items() if k == "Retry-After"}
    more |= {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
    body = text.encode()
    more["Content-Length"] = str(len(body))
    headers = [(k.lower().encode(), v.encode()) for k, v in more.items()]
    return Kept(error.status, headers, body)
