"""A server that nobody should call: it counts who does."""

from __future__ import annotations

import socket
import threading
from types import TracebackType


class Trap:
    """Listens on loopback and answers nothing."""

    def __init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listening.getsockname()[1]
        self.connections = 0
        self._thread = threading.Thread(target=self._count, daemon=True)

    def __enter__(self) -> Trap:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.listening.close()

    @property
    def urls(self) -> dict[str, str]:
        """The ways to write its address, and those of what only machines in a cloud can reach."""
        return {
            "loopback": f"http://127.0.0.1:{self.port}/",
            "a name of loopback": f"http://localhost:{self.port}/",
            "an integer": f"http://2130706433:{self.port}/",
            "octal": f"http://0177.0.0.1:{self.port}/",
            "hexadecimal": f"http://0x7f000001:{self.port}/",
            "short": f"http://127.1:{self.port}/",
            "any address": f"http://0.0.0.0:{self.port}/",
            "IPv6": f"http://[::1]:{self.port}/",
            "IPv4 in IPv6": f"http://[::ffff:127.0.0.1]:{self.port}/",
            "a name that is rebound": f"http://127.0.0.1.nip.io:{self.port}/",
            "a user before it": f"http://example.org@127.0.0.1:{self.port}/",
            "metadata": "http://169.254.169.254/latest/meta-data/",
            "metadata by name": "http://metadata.google.internal/",
        }

    def _count(self) -> None:
        while True:
            try:
                self.listening.accept()[0].close()
            except OSError:
                return
            self.connections += 1
