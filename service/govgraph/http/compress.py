"""Middleware that compresses answers where the client wants it, streams piece by piece."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from govgraph.edge.coding import ENCODERS, LEAST, Encoder, allows_identity, choose
from govgraph.errors import GovgraphError
from govgraph.http.errors import problem_response

#: Texts and RDF; workbooks, Parquet and pictures are compressed as they are.
_TEXTS = ("text/", "application/json", "application/xml", "application/javascript")
_SUFFIXES = ("+json", "+xml", "json", "-triples", "-quads", "trig", "turtle", "-query", "graphml")
_NO_BODY = (204, 304)


class Compress:
    """The coding is chosen here, so what is kept of an answer is kept compressed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        accepted = ",".join(Headers(scope=scope).getlist("accept-encoding"))
        try:
            sender = _Sender(choose(accepted), accepted, send)
        except GovgraphError as error:
            await problem_response(error)(scope, receive, send)
            return
        await self.app(scope, receive, sender)


class _Sender:
    """Holds the start of an answer back until it is known whether it comes in one piece."""

    def __init__(self, coding: str, accepted: str, send: Send) -> None:
        self.coding, self.send = coding, send
        self.least = LEAST if allows_identity(accepted) else 1
        self.start: Message = {}
        self.encoder: Encoder | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif self.start:
            await self._first(message)
        elif self.encoder:
            await self.send({**message, "body": self._encoded(message)})
        else:
            await self.send(message)

    async def _begin(self, message: Message) -> None:
        headers = MutableHeaders(raw=list(message["headers"]))
        message = {**message, "headers": headers.raw}
        text = is_text(headers.get("content-type", "")) and "content-encoding" not in headers
        if text or message["status"] == 304:
            headers.add_vary_header("Accept-Encoding")
        if not text or self.coding == "identity" or message["status"] in _NO_BODY:
            await self.send(message)
            return
        self.start = message

    async def _first(self, message: Message) -> None:
        start, self.start = self.start, {}
        more = message.get("more_body", False)
        if more or len(message.get("body", b"")) >= self.least:
            headers = MutableHeaders(raw=start["headers"])
            headers["content-encoding"] = self.coding
            self.encoder = ENCODERS[self.coding]()
            message = {**message, "body": self._encoded(message)}
            if more:
                del headers["content-length"]
            else:
                headers["content-length"] = str(len(message["body"]))
        await self.send(start)
        await self.send(message)

    def _encoded(self, message: Message) -> bytes:
        assert self.encoder is not None
        content = message.get("body", b"")
        return (
            self.encoder.piece(content) if message.get("more_body") else self.encoder.end(content)
        )


def is_text(content_type: str) -> bool:
    """Whether content of this type gets smaller by compression."""
    media = content_type.partition(";")[0].strip().lower()
    return media.startswith(_TEXTS) or media.endswith(_SUFFIXES)
