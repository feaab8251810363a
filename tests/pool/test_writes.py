"""The lane of writes: one worker, which its client does not stop; what ends it; large bodies."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from govgraph.access.keys import Keys
from govgraph.pool.front import Front
from govgraph.pool.lanes import Lane, Lanes
from govgraph.pool.pool import Pool
from govgraph.pool.role import Role
from govgraph.settings import Settings

sys.path.insert(0, str(Path(__file__).parent))
LIMIT = 6 << 20


class Request:
    """A request to a front, in pieces, and the answer to it."""

    def __init__(self, *parts: bytes, method: str = "POST", **headers: str) -> None:
        self.parts, self.read = list(parts), 0
        told = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
        self.scope = {
            "type": "http", "method": method, "path": "/update", "raw_path": b"/update",
            "query_string": b"", "scheme": "http", "http_version": "1.1", "root_path": "",
            "headers": told, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2),
        }  # fmt: skip
        self.gone = asyncio.Event()
        self.status, self.headers, self.body = 0, dict[bytes, bytes](), b""

    async def receive(self) -> dict[str, Any]:
        if self.read < len(self.parts):
            self.read += 1
            more = self.read < len(self.parts)
            return {"type": "http.request", "body": self.parts[self.read - 1], "more_body": more}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        else:
            self.body += message["body"]

    async def ask(self, front: Front) -> Request:
        await front(self.scope, self.receive, self.send)  # type: ignore[arg-type]
        return self

    @property
    def code(self) -> str:
        return str(json.loads(self.body)["code"])


@asynccontextmanager
async def front(folder: Path, seconds: float = 60, queue: int = 8) -> AsyncIterator[Front]:
    """A front whose one writer runs the application of `pool_applications`."""
    settings = Settings(home=folder, queue_seconds=30)
    role = Role("pool_applications:create", (str(folder),))
    reads = Lane("readers", Pool(role, 1, 1), 60, LIMIT, "query-timeout", "query-ended-worker")
    writes = Lane(
        "writer",
        Pool(role, 1, queue),
        seconds,
        LIMIT,
        "write-timeout",
        "write-ended",
        unstoppable=True,
    )
    made = Front(settings, Lanes(reads, writes, scratch=True))
    try:
        yield made
    finally:
        await asyncio.gather(reads.pool.stop(), writes.pool.stop())


Test = Callable[[Path], Awaitable[None]]


@pytest.fixture
def run(tmp_path: Path) -> Callable[[Test], None]:
    return lambda test: asyncio.run(asyncio.wait_for(test(tmp_path), 120))


async def appears(path: Path) -> None:
    while not path.exists():
        await asyncio.sleep(0.01)


def noted(folder: Path) -> list[str]:
    log = folder / "log"
    return log.read_text().split() if log.exists() else []


def test_a_client_that_hangs_up_does_not_stop_a_write(run: Callable[[Test], None]) -> None:
    async def test(folder: Path) -> None:
        async with front(folder) as made:
            request = Request(b"wait")
            asked = asyncio.create_task(request.ask(made))
            await appears(folder / "begun")
            request.gone.set()
            after = asyncio.create_task(Request(b"after").ask(made))
            await asyncio.sleep(0.2)
            assert not noted(folder)
            (folder / "go").touch()
            await asyncio.gather(asked, after)
            assert len(noted(folder)) == 2
            assert request.body.split()[0] == after.result().body.split()[0]

    run(test)


def test_a_write_that_takes_too_long_is_ended_and_the_next_is_made(
    run: Callable[[Test], None],
) -> None:
    async def test(folder: Path) -> None:
        async with front(folder, seconds=0.1) as made:
            late = await Request(b"wait").ask(made)
            assert (late.status, late.code) == (503, "write-timeout")
            assert (await Request(b"next").ask(made)).status == 200
            assert noted(folder) == [hashlib.sha256(b"next").hexdigest()]

    run(test)


def test_a_writer_that_ends_says_that_nobody_knows(run: Callable[[Test], None]) -> None:
    async def test(folder: Path) -> None:
        async with front(folder) as made:
            first = await Request(b"one").ask(made)
            lost = await Request(b"die").ask(made)
            assert (lost.status, lost.code) == (503, "write-ended")
            third = await Request(b"three").ask(made)
            assert (first.status, third.status) == (200, 200)
            assert first.body.split()[0] != third.body.split()[0]
            assert made.lanes.writes.pool.replaced == 1

    run(test)


def test_writes_take_turns_in_a_queue_that_has_an_end(run: Callable[[Test], None]) -> None:
    async def test(folder: Path) -> None:
        async with front(folder, queue=2) as made:
            asked = [asyncio.create_task(Request(b"wait").ask(made))]
            await appears(folder / "begun")
            asked += [asyncio.create_task(Request(b"%d" % n).ask(made)) for n in range(2)]
            await asyncio.sleep(0.05)
            busy = await Request(b"too many").ask(made)
            assert (busy.status, busy.code) == (503, "busy")
            assert int(busy.headers[b"retry-after"]) >= 1
            (folder / "go").touch()
            assert [(await task).status for task in asked] == [200, 200, 200]

    run(test)


def test_a_large_body_arrives_whole(run: Callable[[Test], None]) -> None:
    parts = [bytes([n]) * 700_001 for n in range(7)]

    async def test(folder: Path) -> None:
        async with front(folder) as made:
            answer = await Request(*parts).ask(made)
            _, pieces, digest = answer.body.decode().split()
            assert digest == hashlib.sha256(b"".join(parts)).hexdigest()
            assert int(pieces) > 1

    run(test)


def test_a_body_that_is_too_large_is_refused_as_early_as_that_is_known(
    run: Callable[[Test], None],
) -> None:
    async def test(folder: Path) -> None:
        async with front(folder) as made:
            said = await Request(b"x", content_length=str(LIMIT + 1)).ask(made)
            assert (said.status, said.code, said.read) == (413, "body-too-large", 0)
            found = await Request(*[bytes(1 << 20)] * 20).ask(made)
            assert (found.status, found.code) == (413, "body-too-large")
            assert found.read == (LIMIT >> 20) + 1
            assert not noted(folder)

    run(test)


def test_what_has_not_come_whole_changes_nothing(run: Callable[[Test], None]) -> None:
    async def test(folder: Path) -> None:
        async with front(folder) as made:
            request = Request(b"DELETE", b" everything")
            request.receive = cut_after(b"DELETE")  # type: ignore[method-assign]
            assert (await request.ask(made)).status == 0
            assert not noted(folder)
            assert not made.lanes.writes.pool.workers

    run(test)


def cut_after(part: bytes) -> Callable[[], Awaitable[dict[str, Any]]]:
    messages = [
        {"type": "http.request", "body": part, "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    return receive


@pytest.mark.parametrize(
    ("allowed", "scope", "expected"),
    [(False, "admin", (403, "updates-off")), (True, "read", (403, "key-scope")),
     (True, None, (401, "key-missing"))],
)  # fmt: skip
def test_who_may_not_write_is_told_before_the_body_is_read(
    run: Callable[[Test], None], allowed: bool, scope: str | None, expected: tuple[int, str]
) -> None:
    async def test(folder: Path) -> None:
        made = Front(Settings(home=folder, allow_update=allowed))
        secret = Keys(folder).add("someone", scope)[1] if scope else ""  # type: ignore[arg-type]
        request = await Request(b"x", x_api_key=secret).ask(made)
        assert (request.status, request.code, request.read) == (*expected, 0)

    run(test)


def test_a_read_that_met_a_dying_worker_is_given_another(run: Callable[[Test], None]) -> None:
    async def test(folder: Path) -> None:
        async with front(folder) as made:
            for _ in range(5):
                first = await asking(made)
                os.kill(int(first.split()[0]), signal.SIGKILL)
                assert (await asking(made)).split()[0] != first.split()[0]
            killer = Request(b"die")
            killer.scope["path"] = "/sparql"
            await killer.ask(made)
            assert (killer.status, killer.code) == (503, "query-ended-worker")
            assert made.lanes.reads.pool.replaced in (6, 7)

    run(test)


async def asking(made: Front) -> bytes:
    request = Request(b"x")
    request.scope["path"] = "/sparql"
    assert (await request.ask(made)).status == 200
    return request.body
