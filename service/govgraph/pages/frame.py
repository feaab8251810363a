"""The frame around every page, and the environment in which templates are drawn."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from govgraph import __version__
from govgraph.pages.compiled import Compiled
from govgraph.pages.data.findings import repair
from govgraph.pages.data.tables import labels
from govgraph.pages.kinds import KINDS
from govgraph.pages.language import COOKIE
from govgraph.pages.page import Page
from govgraph.pages.static_files import built, read_static
from govgraph.pages.vocabulary.store import shortened
from govgraph.pages.words import texts

#: A year.
_LONG = 31_536_000
_NOUNS = (
    ("find", "/search"),
    ("compare", "/compare"),
    ("rules", "/rules"),
    ("funding", "/funding"),
    ("query", "/queries"),
    ("data", "/data"),
)
#: What a template is compiled with.
_OPTIONS: dict[str, Any] = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}


@cache
def environment() -> Environment:
    """Templates with everything escaped; a name that is not given is an error."""
    made = Environment(
        loader=PackageLoader("govgraph.pages"), undefined=StrictUndefined,
        bytecode_cache=Compiled(_OPTIONS), **_OPTIONS,
    )  # fmt: skip
    made.filters |= {"code": _code, "repair": repair, "shortened": shortened}
    made.tests["worded"] = lambda key: key in texts()
    made.globals |= {
        "static": static, "nouns": _NOUNS, "kinds": KINDS, "built": built, "labels_of": labels,
    }  # fmt: skip
    return made


def _code(text: str) -> Markup:
    """Text with its `quoted` words as code; everything else is escaped."""
    return Markup(re.sub(r"`([^`]*)`", r"<code>\1</code>", str(escape(text))))


@cache
def static(name: str) -> str:
    """The address of a file that ships with the pages; it changes when the file does."""
    return f"/static/{name}?v={hashlib.sha256(read_static(name)).hexdigest()[:10]}"


def respond(
    template: str, page: Page, noun: str | None = None, status: int = 200, **values: Any
) -> HTMLResponse:
    """A page as a response; `noun` is the part of the site that it belongs to. What it says of a
    release it says for ever, so that is its ETag."""
    html = environment().get_template(template).render(page=page, t=page.t, noun=noun, **values)
    response = HTMLResponse(html, status)
    response.headers["Vary"] = "Accept, Accept-Language, Cookie"
    response.headers["Content-Language"] = page.language
    if page.release and status == 200:
        response.headers["Govgraph-Release"] = page.release
        tag = f"{page.release};{__version__};html;{page.language};{page.theme}"
        response.headers["ETag"] = f'W/"{tag}"'
    _remember(response, page)
    return response


def _remember(response: HTMLResponse, page: Page) -> None:
    """A language that was chosen in the address holds for the pages that follow."""
    chosen = page.request.query_params.get("lang")
    if chosen == page.language and page.request.cookies.get(COOKIE) != chosen:
        response.set_cookie(COOKIE, chosen, max_age=_LONG, samesite="lax", httponly=True)
