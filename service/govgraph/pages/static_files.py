"""/static: the style sheet and the drawings that ship with the pages."""

from __future__ import annotations

from hashlib import sha256
from importlib.resources import files

from fastapi import APIRouter, Response

from govgraph.errors import GovgraphError

router = APIRouter(include_in_schema=False)
_MEDIA = {"css": "text/css", "svg": "image/svg+xml", "js": "text/javascript"}


@router.get("/static/{name}")
async def file(name: str) -> Response:
    """A file by its name, to be kept for ever: its address names its content."""
    media = _MEDIA.get(name.rpartition(".")[2])
    folder = files("govgraph.pages") / "static"
    if media is None or name not in {found.name for found in folder.iterdir()}:
        raise GovgraphError("no-such-path")
    content = (folder / name).read_bytes()
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "ETag": f'"{sha256(content).hexdigest()[:16]}"',
    }
    return Response(content, media_type=media, headers=headers)
