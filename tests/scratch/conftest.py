"""A scratch endpoint to ask. Test modules of this folder share `asking.py`."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from govgraph.scratch.app import create_scratch_app
from govgraph.settings import Settings

sys.path.insert(0, str(Path(__file__).parent))
from asking import update


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = Settings(home=tmp_path_factory.mktemp("scratch"))
    config = uvicorn.Config(create_scratch_app(settings), port=0, log_level="critical")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run)
    thread.start()
    while not running.started:
        thread.join(0.01)
    yield f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}"
    running.should_exit = True
    thread.join()


@pytest.fixture
def web(server: str) -> Iterator[httpx.Client]:
    """A client of an empty dataset."""
    with httpx.Client(base_url=server, timeout=60) as client:
        assert update(client, "DROP ALL").status_code == 204
        yield client
