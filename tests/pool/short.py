"""A server in a thread with the short way, and its answers on raw sockets."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

from govgraph.edge import logs
from govgraph.edge.edge import Edge
from govgraph.edge.lines import JSON, RequestLines
from govgraph.pool.connection import taking
from govgraph.pool.front import Front
from govgraph.pool.lanes import Lane, Lanes
from govgraph.pool.pool import Pool
from govgraph.pool.role import Role
from govgraph.pool.shortway import ShortWay
from govgraph.settings import Settings

sys.path.insert(0, str(Path(__file__).parent))


@dataclass
class Served:
    """A server in a thread, with one worker of `at_once_application`."""

    folder: Path
    port: int
    front: Front
    loop: Any
    stream: io.StringIO
    server: uvicorn.Server

    def connections(self) -> list[Any]:
        return list(self.server.server_state.connections)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    def asked(self) -> list[str]:
        return (self.folder / "asked").read_text().splitlines()

    def when(self, so: Callable[[], bool]) -> None:
        end = time.monotonic() + 30
        while not so():
            assert time.monotonic() < end
            time.sleep(0.01)


@contextmanager
def serving(folder: Path, seconds: float = 30, queue: int = 2, **more: Any) -> Iterator[Served]:
    role = Role("at_once_application:create", (str(folder),))
    lane = Lane(
        "readers", Pool(role, 1, queue), seconds, 1 << 20, "query-timeout", "query-ended-worker"
    )
    (folder / "current").write_text("R1")
    settings = Settings(home=folder, queue_seconds=30, **more)
    front = Front(settings, Lanes(lane, lane))
    edge = Edge(front, settings)
    kind = taking(settings.arrival_seconds, 100, ShortWay(edge, front))
    config = uvicorn.Config(edge, port=0, http=kind, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    kept, stream = logs._requests, io.StringIO()
    logs._requests = RequestLines(logging.INFO, JSON, stream)
    thread.start()
    while not server.started:
        thread.join(0.01)
    loop = server.servers[0].get_loop()
    try:
        yield Served(
            folder, server.servers[0].sockets[0].getsockname()[1], front, loop, stream, server
        )
    finally:
        (folder / "go").touch()
        asyncio.run_coroutine_threadsafe(lane.pool.stop(), loop).result(30)
        server.should_exit = True
        thread.join()
        logs._requests = kept


def answers(connection: socket.socket, number: int = 1) -> list[tuple[int, bytes, bytes]]:
    """Status, head and body of the next answers."""
    found, come = [], b""
    while len(found) < number:
        part = connection.recv(1 << 16)
        assert part, come
        come += part
        while b"\r\n\r\n" in come:
            head, _, rest = come.partition(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            if len(rest) < length:
                break
            found.append((int(head.split()[1]), head.lower(), rest[:length]))
            come = rest[length:]
    assert not come
    return found
