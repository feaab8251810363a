"""/static: the style sheet, drawings and scripts that ship with the pages, and scripts that `make
assets` builds from packages."""

from __future__ import annotations

from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

from fastapi import APIRouter, Response

from govgraph.errors import GovgraphError

router = APIRouter(include_in_schema=False)
_MEDIA = {"css": "text/css", "svg": "image/svg+xml", "js": "text/javascript"}
#: Folders in which files are looked for; the second is empty where nothing was built.
_FOLDERS = ("static", "built")


@router.get("/static/{name}")
async def file(name: str) -> Response:
    """A file by its name, to be kept for ever: its address names its content."""
    media = _MEDIA.get(name.rpartition(".")[2])
    if media is None or _found(name) is None:
        raise GovgraphError("no-such-path")
    content = read_static(name)
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "ETag": f'"{sha256(content).hexdigest()[:16]}"',
    }
    return Response(content, media_type=media, headers=headers)


def built(name: str) -> bool:
    """Whether a script that is made of packages is there; pages are complete without."""
    return _found(name) is not None


def read_static(name: str) -> bytes:
    """The content of a file. FileNotFoundError."""
    found = _found(name)
    if found is None:
        raise FileNotFoundError(name)
    return found.read_bytes()


def _found(name: str) -> Traversable | None:
    for folder in (files("govgraph.pages") / each for each in _FOLDERS):
        if folder.is_dir() and name in {file.name for file in folder.iterdir()}:
            return folder / name
    return None
