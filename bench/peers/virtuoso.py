"""Virtuoso, with a configuration and a database folder of the bench's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

from bench.client import Client
from bench.data import GRAPH, Nation
from bench.endpoint import Endpoint
from bench.engine import Absent, Load
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


class Virtuoso(Endpoint):
    """The server on its database folder; it may read the folder `data` too."""

    def __init__(self, folder: Path, data: Path | None = None) -> None:
        super().__init__()
        self.folder, self.data = folder, data or folder
        self._sql = 0

    def launch(self) -> tuple[Server, Client]:
        (self.folder / "virtuoso.lck").unlink(missing_ok=True)  # left by a killed server
        self._sql, port = free_port(), free_port()
        ini = _configuration(self._sql, port, self.data)
        (self.folder / "virtuoso.ini").write_text(ini, "utf-8")
        argv = [server_command(), "+configfile", "virtuoso.ini", "+foreground"]
        server = Server(argv, port, self.folder / "serve.log", cwd=self.folder)
        return server, Client(port, "/sparql")

    def end(self, server: Server) -> None:
        """It ends at once when asked, and in order."""
        server.stop()

    def load(self, nation: Nation) -> Step:
        name = nation.triples_file.name
        orders = f"ld_dir('{self.data}', '{name}', '{GRAPH}'); rdf_loader_run(); checkpoint;"
        argv = ["isql-vt", f"127.0.0.1:{self._sql}", "dba", "dba", f"exec={orders}"]
        start, cpu = time.perf_counter(), cpu_seconds(self.server.pid)
        done = subprocess.run(argv, capture_output=True, text=True)
        wall = time.perf_counter() - start
        if done.returncode or "Error" in done.stdout + done.stderr:
            raise RuntimeError(f"Virtuoso's loader: {(done.stdout + done.stderr)[-1000:]}")
        spent = cpu_seconds(self.server.pid) - cpu
        return Step("load", wall, spent, peak_memory(self.server.pid))


def _configuration(sql: int, http: int, data: Path) -> str:
    gigabytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    buffers = int(gigabytes / 3 * BUFFERS_PER_GB)
    return _INI.format(
        sql=sql, http=http, data=data, buffers=buffers, dirty=buffers * 3 // 4,
        cores=os.cpu_count() or 1,
    )  # fmt: skip
