"""The headers by which an answer names its release."""

from __future__ import annotations

from govgraph import __version__


def naming(release_id: str, media: str, *, fixed: bool = True) -> dict[str, str]:
    """Headers that name a release. Under one URL an answer depends on no more than the release, our
    version and the media type, so these are its ETag. The current release is asked for each time;
    one asked for by its id answers the same for good. An answer that is not `fixed`, as by a query
    of NOW() or of other endpoints, is of its moment."""
    named = {"Govgraph-Release": release_id, "Vary": "Accept"}
    if not fixed:
        return named | {"Cache-Control": "no-store"}
    tag = f'W/"{release_id};{__version__};{media}"'
    return named | {"ETag": tag, "Cache-Control": "no-cache"}
