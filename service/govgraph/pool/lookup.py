"""One request on the short way. To the server below us it is the cycle of a request and its answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from govgraph.edge.asked import Asked
from govgraph.edge.edge import BEGAN, GONE, REQUEST_ID, Ended, new_id
from govgraph.errors import GovgraphError
from govgraph.observed import Observed
from govgraph.pool.clients import Client
from govgraph.pool.connection import Unheard
from govgraph.pool.front import BEYOND, DYING, FAILED, TRIED, failure
from govgraph.pool.heads import Head
from govgraph.pool.keeper import Worker
from govgraph.pool.reply import Kept
from govgraph.pool.watch import PATIENCE, Why
from govgraph.pool.worker import AT_ONCE, LATER, WHOLE
from govgraph.pool.written import top_of, written

if TYPE_CHECKING:
    from govgraph.pool.connection import Connection
    from govgraph.pool.shortway import ShortWay


class Lookup:
    """A request without a body; it is answered whole, or begins anew the long way."""

    message_event = Unheard()
    more_body = False
    keep_alive, response_complete = True, False
    client: Client | None = None
    worker: Worker | None = None
    place: asyncio.Future[Worker] | None = None
    timer: asyncio.TimerHandle | None = None
    why: Why | None = None
    _gone = False

    def __init__(
        self,
        way: ShortWay,
        connection: Connection,
        scope: dict[str, Any],
        head: Head,
        key: tuple[Hashable, ...] | None,
    ) -> None:
        self.way, self.connection, self.scope, self.head, self.key = (
            way, connection, scope, head, key,
        )  # fmt: skip
        self.url = connection.url
        self.observed, self.asked = Observed(head.id or new_id()), Asked(scope)
        self.began = self.lent = time.perf_counter()

    # -- waiting and working ---------------------------------------------------------------------

    def wait(self, place: asyncio.Future[Worker], seconds: float) -> None:
        """Wait at a place in the queue for so long."""
        self.place = place
        self.way.front.lookups.add(self)
        place.add_done_callback(self._come)
        self.timer = self.connection.loop.call_later(seconds, self._left)

    def work(self, worker: Worker) -> None:
        """Have a worker answer it."""
        self.worker, self.lent = worker, time.perf_counter()
        self.observed.lane, self.observed.waited = "readers", self.lent - self.began
        front = self.way.front
        front.lookups.add(self)
        worker.answering, worker.line.listener = True, self._heard
        worker.tell((self._sent(), b"", False))
        late = front.lanes.reads.seconds + BEYOND
        self.timer = self.connection.loop.call_later(late, self.end, "late")

    def end(self, why: Why) -> None:
        """End what is done for it, for a reason."""
        if self.worker and self.why is None:
            self.why = why
            self.worker.kill()
        elif self.place:
            self._left()

    def _sent(self) -> dict[str, Any]:
        scope = self.scope
        kept = [pair for pair in scope["headers"] if pair[0] != REQUEST_ID]
        return {
            "method": "GET", "path": scope["path"], "query_string": scope["query_string"],
            "headers": kept, AT_ONCE: True,
        }  # fmt: skip

    def _come(self, place: asyncio.Future[Worker]) -> None:
        if self.place is not place or place.cancelled():
            return
        self.place = None
        self._stop_clock()
        self.work(place.result())

    def _left(self) -> None:
        """Give the place in the queue up, and say so: it has waited for long."""
        self._leave()
        seconds = round(self.way.front.settings.queue_seconds)
        self._anew(None if self.way.front.ending else GovgraphError("busy", seconds=seconds))

    def _leave(self) -> None:
        place, self.place = self.place, None
        assert place is not None
        self.way.front.lanes.reads.pool.leave(place)
        self._let_go()

    def _heard(self, said: tuple[Any, ...] | None) -> None:
        worker = self.worker
        assert worker is not None
        worker.line.listener = None
        worker.answering = said is not None and said[0] not in (WHOLE, LATER)
        if said is None or worker.answering:
            worker.kill()
        self._let_go()
        if said is None:
            self._lost()
        elif said[0] == WHOLE:
            self._whole(Kept(*said[1:]))
        else:
            self.way.no_lookup(self.url)
            self._anew()

    def _lost(self) -> None:
        """The worker has ended. One that ended at once may have been ending when it was lent."""
        self.observed.ended = self.why or "lost"
        if self.why == "gone":
            self._over_unheard()
        elif self.why or time.perf_counter() - self.lent >= DYING:
            error = failure(self.way.front.lanes.reads, self.why)
            self._anew(error if isinstance(error, GovgraphError) else None)
        else:
            self.scope["state"][TRIED] = True
            self._anew()

    def _let_go(self) -> None:
        """Nothing is done for it any more."""
        self._stop_clock()
        front = self.way.front
        front.lookups.discard(self)
        if client := self.client:
            client.running -= 1
            self.client = None
        if self.worker:
            if client:
                client.used += time.perf_counter() - self.lent
            front.lanes.reads.pool.back(self.worker)

    def _stop_clock(self) -> None:
        if self.timer:
            self.timer.cancel()
            self.timer = None

    # -- the end -----------------------------------------------------------------------------------

    def _whole(self, answer: Kept) -> None:
        self.way.over(self, answer)
        if self._gone:
            self._over_unheard()
        else:
            self.answer(answer)

    def answer(self, answer: Kept) -> None:
        """Send the answer."""
        top = top_of(tuple(map(tuple, answer.headers)), https=self.scope["scheme"] == "https")
        if top.told:
            self.observed.hear(top.told)
        of_moment = [*self.connection.server_state.default_headers, (REQUEST_ID, self._id())]
        if not self.keep_alive:
            of_moment.append((b"connection", b"close"))
        if answer.status != 304 and b"content-length:" not in top.lines:
            of_moment.append((b"content-length", str(len(answer.body)).encode()))
        self.response_complete = True
        self.connection.send(
            written(answer.status, top.lines, of_moment, answer.body), last=not self.keep_alive
        )
        outcome = "not-modified" if answer.status == 304 else "ok"
        self._over(answer.status, outcome, len(answer.body), top.release)

    def _id(self) -> bytes:
        return self.observed.id.encode()

    def _over_unheard(self) -> None:
        self.response_complete = True
        self._over(GONE, "gone", 0, b"")

    def _over(self, status: int, outcome: str, size: int, release: bytes) -> None:
        self.way.edge.over(
            Ended(self.scope, self.observed, self.asked, self.began, status, outcome, size, release)
        )

    def _anew(self, error: GovgraphError | None = None) -> None:
        """Begin the long way; with an error, to its end."""
        state = self.scope["state"]
        state[BEGAN] = self.began
        if error:
            state[FAILED] = error
        self.connection.begin_anew(self)

    # -- what the server tells ---------------------------------------------------------------------

    @property
    def disconnected(self) -> bool:
        """Whether the client has hung up. Its worker has a moment to be done before it is ended."""
        return self._gone

    @disconnected.setter
    def disconnected(self, gone: bool) -> None:
        self._gone = gone
        if self.place:
            self._leave()
            self._over_unheard()
        elif self.worker:
            self.connection.loop.call_later(PATIENCE, self._end_if_working)

    def _end_if_working(self) -> None:
        if self in self.way.front.lookups:
            self.end("gone")
