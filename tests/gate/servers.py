"""Servers of a home on one port, one after the other, each a fork of a process that has imported all.

Prints the port; then, for each line that it reads, starts a server and prints its process id.
Run: servers.py HOME
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import uvicorn

import govgraph.build
from govgraph.app import create_app
from govgraph.settings import Settings


def main() -> None:
    # The shapes write nothing: leaving them out makes many crashes affordable.
    govgraph.build.judgements = lambda *_, **__: []  # type: ignore[assignment]
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(listening.getsockname()[1], flush=True)
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            settings = Settings(home=Path(sys.argv[1]), allow_update=True, queue_seconds=600)
            config = uvicorn.Config(create_app(settings), log_level="critical", lifespan="off")
            uvicorn.Server(config).run(sockets=[listening])
            os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
