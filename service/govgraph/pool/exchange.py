"""One request and its answer, on their way through a worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from govgraph.pool.body import Body, Receive
from govgraph.pool.keeper import Worker
from govgraph.pool.reply import Kept, Reply
from govgraph.pool.worker import START, WHOLE

_CARRIED = ("method", "path", "query_string", "scheme", "http_version", "root_path")


@dataclass(frozen=True)
class Exchange:
    """A request whose body has come, and where its answer goes."""

    scope: dict[str, Any]
    body: Body
    receive: Receive
    reply: Reply

    @property
    def begun(self) -> bool:
        """Whether it cannot be begun anew: something was sent, or the body was read from a file."""
        return self.reply.begun or self.body.small is None

    async def work(self, worker: Worker) -> Kept | None:
        """Pass a worker's answer on; the answer if it came in one piece.

        WorkerLost, and the GovgraphError of an application that fails on the way."""
        async for item in worker.ask(self._sent(), self.body):
            if item[0] == WHOLE:
                answer = Kept(item[1], [(bytes(k), bytes(v)) for k, v in item[2]], item[3])
                await self.reply.whole(*answer)
                return answer
            await (self.reply.start if item[0] == START else self.reply.chunk)(*item[1:])
        return None

    def _sent(self) -> dict[str, Any]:
        """The scope, as far as a worker needs it and a frame can hold it."""
        scope = self.scope
        return {name: scope.get(name, "") for name in _CARRIED} | {
            "type": "http",
            "raw_path": scope.get("raw_path") or scope["path"].encode(),
            "headers": [[name, value] for name, value in scope["headers"]],
            "client": list(scope["client"] or ()),
            "server": list(scope["server"] or ()),
        }
