"""An application that answers at once what its query says; the rest it answers later."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs


class Application:
    """Queries: `later`, `die`, `long` (until there is a file `go`), `wrong`; others come back."""

    def __init__(self, folder: str) -> None:
        self.home = Path(folder)

    def at_once(self, scope: dict[str, Any], _body: bytes) -> tuple[Any, ...] | None:
        if scope["path"] != "/sparql":
            return None
        asked = parse_qs(scope["query_string"].decode())["query"][0]
        with (self.home / "asked").open("a") as log:
            log.write(f"{asked}\n")
        if asked == "later":
            return None
        if asked == "die":
            os._exit(1)
        if asked == "wrong":
            raise ValueError(asked)
        while asked == "long" and not (self.home / "go").exists():
            time.sleep(0.01)
        said = asked.encode()
        pairs = [
            (b"content-type", b"text/plain"),
            (b"content-length", str(len(said)).encode()),
            (b"etag", b'W/"1"'),
        ]
        return 200, pairs, said

    async def __call__(self, scope: dict[str, Any], _receive: Callable[[], Any], send: Any) -> None:
        said = b"the long way: " + scope["query_string"]
        headers = [(b"content-length", str(len(said)).encode())]
        if scope["path"] == "/kept":
            headers = [(b"etag", b'W/"2"')]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": said})


def create(folder: str) -> Application:
    return Application(folder)
