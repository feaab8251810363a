"""A server that nobody should call: it counts who does."""

from __future__ import annotations

import socket
import threading
from types import TracebackType

#: The ways to write this machine's address, and those that only machines in a cloud can reach.
ADDRESSES = {
    "loopback": "http://127.0.0.1:{port}/",
    "a name of loopback": "http://localhost:{port}/",
    "an integer": "http://2130706433:{port}/",
    "octal": "http://0177.0.0.1:{port}/",
    "hexadecimal": "http://0x7f000001:{port}/",
    "short": "http://127.1:{port}/",
    "any address": "http://0.0.0.0:{port}/",
    "IPv6": "http://[::1]:{port}/",
    "IPv4 in IPv6": "http://[::ffff:127.0.0.1]:{port}/",
    "a name that is rebound": "http://127.0.0.1.nip.io:{port}/",
    "a user before it": "http://example.org@127.0.0.1:{port}/",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "metadata by name": "http://metadata.google.internal/",
}


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

    def url(self, address: str) -> str:
        """Its URL, written in one of the ways of ADDRESSES."""
        return ADDRESSES[address].format(port=self.port)

    def _count(self) -> None:
        while True:
            try:
                self.listening.accept()[0].close()
            except OSError:
                return
            self.connections += 1
