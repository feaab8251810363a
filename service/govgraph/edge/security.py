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
    is encrypted."""
    page = any(n.lower() == b"content-type" and v.startswith(b"text/html") for n, v in headers)
    return [*(_FOR_PAGE if page else _FOR_DATA), *((_BY_HTTPS,) if https else ())]
