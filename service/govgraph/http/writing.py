"""What all routes that change something share: the key, the release that they may change, the record
of it in the audit log, the headers of the answer."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Protocol, TypeVar

import anyio.to_thread
from fastapi import Request, Response

from govgraph.access.audit import Audit
from govgraph.access.key import Key
from govgraph.errors import GovgraphError
from govgraph.gate.gate import Gate
from govgraph.http.access import SCHEMES, Checked, writer
from govgraph.settings import Settings, in_bytes

log = logging.getLogger("govgraph")
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The release that may be changed, by its id or by the ETag of an answer from it;"
    " 412 if another is current. 只改动所指的发布版。",
    "schema": {"type": "string"},
}
#: Refusals of keys that are known to someone: a request without one says nothing of anyone.
_TOLD = ("key-unknown", "key-expired", "key-scope")


class Outcome(Protocol):
    """What came of a change: the releases that were current before and after it."""

    @property
    def before(self) -> str: ...

    @property
    def release(self) -> str: ...


R = TypeVar("R", bound=Outcome)


class Writing:
    """A request that changes something. Its audit line says first what is asked, with the digest of
    the body, and another one what came of it: a change that is made has at least the first."""

    def __init__(self, request: Request, key: Key, action: str) -> None:
        self.request, self.key, self.action = request, key, action
        self.settings: Settings = request.app.state.settings
        self.gate, self.audit = Gate(self.settings), Audit(self.settings.home)
        self.details = _where(request)
        self.begun: int | None = None

    @property
    def limit(self) -> int:
        """Bytes that the body may have."""
        return in_bytes(self.settings.upload_limit)

    @property
    def expected(self) -> set[str] | None:
        """The releases that may be changed, by `If-Match`; None: whichever is current."""
        said = self.request.headers.get("if-match")
        if said is None or said.strip() == "*":
            return None
        return {_release_of(tag) for tag in said.split(",")}

    def tell(self, **details: Any) -> None:
        """Add to what the audit line says of the request."""
        self.details |= details

    async def made(self, body: bytes, work: Callable[[], R], about: Callable[[R], Any]) -> R:
        """The outcome of a change, recorded before and after; `about` gives its counts."""
        digest = {"sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)}
        if self.request.app.state.limiters is None:
            return self._recorded(digest, work, about)
        # a thread of its own: writers that wait for their turn are in nobody's way
        return await anyio.to_thread.run_sync(lambda: self._recorded(digest, work, about))

    def _recorded(
        self, digest: dict[str, Any], work: Callable[[], R], about: Callable[[R], Any]
    ) -> R:
        self.begun = self._record("begun", **self.details, **digest)
        found = work()
        self._end("done", before=found.before, release=found.release, **about(found))
        return found

    def refused(self, code: str) -> None:
        """Record that nothing was changed, and why."""
        if self.begun is None:
            self._record(code, **self.details)
        else:
            self._end(code)

    def _record(self, outcome: str, **details: Any) -> int:
        line = self.audit.record(self.action, self.key, outcome=outcome, **details)
        return int(line["number"])

    def _end(self, outcome: str, **details: Any) -> None:
        """The second line. What is done is done: a log that is full by now does not undo it."""
        try:
            self._record(outcome, began=self.begun, **details)
        except GovgraphError as error:
            log.error("audit of %s %s: %s", self.action, self.begun, outcome, exc_info=error)


@asynccontextmanager
async def writing(
    request: Request, action: str, allowed: Checked = writer
) -> AsyncIterator[Writing]:
    """A request that changes something, if its key may. GovgraphError(updates-off, key-missing,
    key-unknown, key-expired, key-scope); refusals are recorded."""
    try:
        key = await allowed(request)
    except GovgraphError as error:
        if error.code in _TOLD:
            audit = Audit(request.app.state.settings.home)
            audit.record(action, None, outcome=error.code, **_where(request))
        raise
    write = Writing(request, key, action)
    try:
        yield write
    except GovgraphError as error:
        write.refused(error.code)
        raise
    except Exception:
        write.refused("internal")
        raise


def answer_of(found: Outcome, response: Response) -> Response:
    """The response with the release that is current after a change."""
    response.headers["Govgraph-Release"] = found.release
    return response


def _where(request: Request) -> dict[str, Any]:
    return {"client": request.client.host if request.client else None, "path": request.url.path}


def _release_of(tag: str) -> str:
    """The release of an ETag of ours, or of its bare id."""
    return tag.strip().removeprefix("W/").strip('"').partition(";")[0]


__all__ = ["IF_MATCH", "SCHEMES", "Outcome", "Writing", "answer_of", "writing"]
