"""What a request of the Graph Store Protocol brings: RDF documents, or an update."""

from __future__ import annotations

from fastapi import Request
from pyoxigraph import Triple

from govgraph.engine.uploads import ENDINGS, triples_of
from govgraph.errors import GovgraphError
from govgraph.http import protocol
from govgraph.http.multipart import MULTIPART, Part, parts_of

UPDATE = "application/sparql-update"


class Documents:
    """The documents of a request, not parsed yet; `content` is its body."""

    def __init__(self, content: bytes, parts: list[Part]) -> None:
        self.content, self.parts = content, parts

    def triples(self, base: str) -> list[Triple]:
        """Their triples. GovgraphError as of `triples_of`."""
        return [
            triple for part in self.parts for triple in triples_of(part.content, _media(part), base)
        ]


async def documents_of(request: Request, limit: int) -> Documents:
    """The document that is a request's body, or those of a form.

    GovgraphError(body-too-large, unsupported-media-type, upload-syntax, upload-refused)."""
    header = request.headers.get("content-type")
    content = await protocol.body(request, limit)
    if protocol.media_type(header) == MULTIPART:
        return Documents(content, parts_of(content, header or ""))
    return Documents(content, [Part("", None, header, content)])


async def update_of(request: Request, limit: int) -> str:
    """The update that is a request's body. GovgraphError(body-too-large, not-utf8,
    unsupported-media-type)."""
    media = protocol.media_type(request.headers.get("content-type"))
    if media != UPDATE:
        raise GovgraphError("unsupported-media-type", given=media or "(none)")
    return protocol.decoded(await protocol.body(request, limit))


def _media(part: Part) -> str:
    """The media type of a part: what it says, or else what its file's name says."""
    media = protocol.media_type(part.media)
    if media in ("", "application/octet-stream", "text/plain") and part.filename:
        return ENDINGS.get(part.filename.rpartition(".")[2].lower(), media)
    return media
