"""Which language a page is in: the address says so, else a cookie, else the browser, else Chinese."""

from __future__ import annotations

from typing import Literal, get_args

from fastapi import Request

from govgraph.http.negotiate import choose

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
COOKIE = "lang"


def language_of(request: Request) -> Language:
    """The language for a request."""
    for text in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        for language in LANGUAGES:
            if text == language:
                return language
    return _accepted(request.headers.get("accept-language", ""))


def _accepted(header: str) -> Language:
    """By the header's q-values; zh-TW and zh-Hans are Chinese as well."""
    ranges = [part.strip() for part in header.split(",") if part.strip()]
    primary = ",".join(_primary(part) for part in ranges)
    found = choose(primary or None, [f"{language}/x" for language in LANGUAGES])
    return "en" if found == "en/x" else "zh"


def _primary(part: str) -> str:
    """A language range as a media range: they are weighed alike."""
    tag, semicolon, weight = part.partition(";")
    name = tag.strip().partition("-")[0].lower()
    return f"{'*/*' if name == '*' else name + '/x'}{semicolon}{weight}"
