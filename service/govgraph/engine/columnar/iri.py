"""Resolution of IRI references against a base (RFC 3986, 5.2)."""

from __future__ import annotations

import re

from govgraph.engine.columnar.notcompiled import NotCompiled

_PARTS = re.compile(
    r"(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(#.*)?", re.S
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_DOTS = re.compile(r"/\.\.?(?:/|\Z)")


def resolve(reference: str, base: str | None) -> str | None:
    """The absolute IRI that a reference stands for; None for a relative one without a base.

    Dot segments of a reference that has a scheme or an authority of its own are taken out by the
    RFC and left in by others (data among them): NotCompiled.
    """
    if _SCHEME.match(reference):
        return _as_it_stands(reference)
    if base is None or not _SCHEME.match(base):
        return None
    _, authority, path, query, fragment = _split(reference)
    scheme, base_authority, base_path, base_query, _ = _split(base)
    if authority is not None:
        return f"{scheme}:{_as_it_stands(reference)}"
    if not path:
        path = base_path or ""
        query = base_query if query is None else query
    elif path.startswith("/"):
        path = remove_dot_segments(path)
    else:
        path = remove_dot_segments(_merge(base_authority, base_path or "", path))
    host = "" if base_authority is None else f"//{base_authority}"
    return f"{scheme}:{host}{path}{'' if query is None else f'?{query}'}{fragment or ''}"


def remove_dot_segments(path: str) -> str:
    """The path without its `.` and `..` segments (RFC 3986, 5.2.4)."""
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(kept) > 1 or (kept and kept[0]):
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    rooted = path.startswith("/") and kept[:1] != [""]
    return ("/" if rooted else "") + "/".join(kept)


def _split(iri: str) -> tuple[str | None, ...]:
    """(scheme, authority, path, query, #fragment)"""
    match = _PARTS.fullmatch(iri)
    assert match is not None
    return match.groups()


def _merge(authority: str | None, base: str, path: str) -> str:
    if authority is not None and not base:
        return f"/{path}"
    return base[: base.rfind("/") + 1] + path


def _as_it_stands(reference: str) -> str:
    if "/." in reference and _DOTS.search(reference.partition("#")[0].partition("?")[0]):
        raise NotCompiled("an IRI with dot segments")
    return reference
