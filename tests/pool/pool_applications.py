"""An application for tests of the pool: what a request's body says, it does."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def create(folder: str) -> Callable[..., Any]:
    """Bodies: `die`, `wait` (for a file `go`), or content that is noted in the file `log`."""
    home = Path(folder)

    async def app(_scope: dict[str, Any], receive: Callable[[], Any], send: Any) -> None:
        body, pieces = b"", 0
        more = True
        while more:
            message = await receive()
            body, pieces, more = body + message["body"], pieces + 1, message["more_body"]
        if body == b"die":
            os._exit(1)
        (home / "begun").touch()
        while body == b"wait" and not (home / "go").exists():
            time.sleep(0.01)
        digest = hashlib.sha256(body).hexdigest()
        with (home / "log").open("a") as log:
            log.write(f"{digest}\n")
        said = f"{os.getpid()} {pieces} {digest}".encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": said})

    return app
