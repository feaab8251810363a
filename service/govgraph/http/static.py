"""/static: the files that our pages need, for their policy allows nothing inline."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from fastapi import APIRouter, Response

from govgraph.errors import GovgraphError

router = APIRouter(include_in_schema=False)
_FOLDER = Path(__file__).parent / "assets"
_MEDIA = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@router.get("/static/{name}")
async def static(name: str) -> Response:
    """A file by its name. GovgraphError(no-such-path)."""
    path = _files().get(name)
    if path is None:
        raise GovgraphError("no-such-path")
    content = path.read_bytes()
    headers = {"ETag": f'"{sha256(content).hexdigest()[:16]}"', "Cache-Control": "no-cache"}
    return Response(content, media_type=_MEDIA[path.suffix], headers=headers)


@cache
def _files() -> dict[str, Path]:
    return {path.name: path for path in _FOLDER.iterdir() if path.suffix in _MEDIA}
