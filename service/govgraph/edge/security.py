"""Headers that keep a browser from doing with an answer what it was not meant for."""

from __future__ import annotations

from collections.abc import Iterable

Headers = list[tuple[bytes, bytes]]

#: Our pages: a stylesheet, scripts and pictures of our own, nothing inline, nothing from elsewhere.
_PAGE = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    b" font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    b" frame-ancestors 'none'"
)
#: Data never acts as a page, whatever markup is in it.
_DATA = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"
_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
_FOR_PAGE = (
    *_ALWAYS,
    (b"content-security-policy", _PAGE),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_FOR_DATA = (
    *_ALWAYS,
    (b"content-security-policy", _DATA),
    (b"cross-origin-resource-policy", b"cross-origin"),
)
_BY_HTTPS = (b"strict-transport-security", b"max-age=31536000")


def security_headers(headers: Iterable[tuple[bytes, bytes]], *, https: bool) -> Headers:
    """What an answer with these headers gets beside them; `https` says that its client's connection
    is encrypted. An answer without content has no policy: a 304 would put it in the place of that of
    the page that a browser has kept."""
    media = next((v for n, v in headers if n.lower() == b"content-type"), None)
    of_content = _FOR_PAGE if media and media.startswith(b"text/html") else _FOR_DATA
    found = _ALWAYS if media is None else of_content
    return [*found, *((_BY_HTTPS,) if https else ())]
