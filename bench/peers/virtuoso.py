"""Virtuoso, with a configuration and a database folder of the bench's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

from bench.client import Client
from bench.data import GRAPH, Nation, Query
from bench.engine import Absent, Load, Reply
from bench.process import Server, Step, cpu_seconds, disk_bytes, free_port, peak_memory

#: Its manual's figure: buffers of 8 kB for each GB that it may have; it gets a third of the machine.
BUFFERS_PER_GB = 85_000
_INI = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
[TempDatabase]
DatabaseFile = temp.db
TransactionFile = temp.trx
MaxCheckpointRemap = 2000
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CaseMode = 2
DirsAllowed = {data}
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
MaxQueryMem = 2G
ThreadsPerQuery = {cores}
CheckpointInterval = 60
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 10
MaxKeepAlives = 10
KeepAliveTimeout = 120
[SPARQL]
ResultSetMaxRows = 1000000
"""


def server_command() -> str:
    """Absent unless Debian's virtuoso-opensource is installed."""
    found, client = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if not found or not client:
        raise Absent("virtuoso-t and isql-vt not found; Debian has them in virtuoso-opensource")
    return found


def version() -> str:
    said = subprocess.run([server_command(), "-?"], capture_output=True, text=True)
    words = (said.stdout + said.stderr).split()
    return words[words.index("Version") + 1] if "Version" in words else "unknown"


def load(folder: Path, nation: Nation) -> Load:
    """Load with its bulk loader into one graph, and write a checkpoint."""
    engine = Virtuoso(folder, data=nation.triples_file.parent)
    engine.start()
    try:
        step = engine.load(nation)
    finally:
        engine.stop()
    return Load([step], {"database": disk_bytes(folder)})


class Virtuoso:
    """The server on its database folder."""

    restarts = True

    def __init__(self, folder: Path, data: Path | None = None) -> None:
        self.folder, self.data = folder, data or folder
        self._server: Server | None = None
        self._client: Client | None = None
        self._sql = 0

    def start(self) -> None:
        (self.folder / "virtuoso.lck").unlink(missing_ok=True)  # left by a killed server
        self._sql, port = free_port(), free_port()
        ini = _configuration(self._sql, port, self.data)
        (self.folder / "virtuoso.ini").write_text(ini, "utf-8")
        argv = [server_command(), "+configfile", "virtuoso.ini", "+foreground"]
        self._server = Server(argv, port, self.folder / "serve.log", cwd=self.folder)
        self._client = Client(port, "/sparql")

    def load(self, nation: Nation) -> Step:
        assert self._server is not None
        name = nation.triples_file.name
        orders = f"ld_dir('{self.data}', '{name}', '{GRAPH}'); rdf_loader_run(); checkpoint;"
        argv = ["isql-vt", f"127.0.0.1:{self._sql}", "dba", "dba", f"exec={orders}"]
        start, cpu = time.perf_counter(), cpu_seconds(self._server.pid)
        done = subprocess.run(argv, capture_output=True, text=True)
        wall = time.perf_counter() - start
        if done.returncode or "Error" in done.stdout + done.stderr:
            raise RuntimeError(f"Virtuoso's loader: {(done.stdout + done.stderr)[-1000:]}")
        spent = cpu_seconds(self._server.pid) - cpu
        return Step("load", wall, spent, peak_memory(self._server.pid))

    def ask(self, query: Query, limit: float) -> Reply:
        assert self._client is not None
        return self._client.ask(query, limit)

    def memory(self) -> int:
        return peak_memory(self._server.pid) if self._server else 0

    def stop(self) -> None:
        if self._client:
            self._client.close()
        if self._server:
            self._server.stop()
        self._server = self._client = None


def _configuration(sql: int, http: int, data: Path) -> str:
    gigabytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    buffers = int(gigabytes / 3 * BUFFERS_PER_GB)
    return _INI.format(
        sql=sql, http=http, data=data, buffers=buffers, dirty=buffers * 3 // 4,
        cores=os.cpu_count() or 1,
    )  # fmt: skip
