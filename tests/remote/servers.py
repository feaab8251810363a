"""Real endpoints for the tests: `oxigraph serve`, and Virtuoso where it is installed."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

LOOPBACK = "127.0.0.1"
#: Seconds that a server may take to start: Virtuoso writes its database first.
START = 120.0
_INI = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = temp.db
TransactionFile = temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CaseMode = 2
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
ThreadsPerQuery = 1
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 10
MaxKeepAlives = 10
KeepAliveTimeout = 30
[SPARQL]
ResultSetMaxRows = 100000
"""
OXIGRAPH = Path(sys.executable).with_name("oxigraph")


def missing(name: str) -> str | None:
    """Why a server cannot be started here, None if it can."""
    if name == "oxigraph":
        return None if OXIGRAPH.is_file() else "needs the package `oxigraph`"
    found = shutil.which("virtuoso-t")
    return None if found else "needs virtuoso-t, of Debian's virtuoso-opensource"


@contextmanager
def running(name: str, folder: Path, *options: str) -> Iterator[dict[str, str]]:
    """A server on loopback while the block runs: the settings that name it."""
    start = _oxigraph if name == "oxigraph" else _virtuoso
    argv, settings, probe = start(folder, options)
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(argv, cwd=folder, stdout=log, stderr=log)
    try:
        _await(process, probe)
        yield settings
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _oxigraph(_folder: Path, options: tuple[str, ...]) -> tuple[list[str], dict[str, str], str]:
    port = free_port()
    url = f"http://{LOOPBACK}:{port}"
    argv = [str(OXIGRAPH), "serve", "--bind", f"{LOOPBACK}:{port}", *options]
    names = {"query": "query", "update": "update", "graphs": "store"}
    return argv, {f"remote_{key}": f"{url}/{path}" for key, path in names.items()}, f"{url}/query"


def _virtuoso(folder: Path, _options: tuple[str, ...]) -> tuple[list[str], dict[str, str], str]:
    """Changes go to the paths that ask for a password, which is that of a new database."""
    sql, port = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(_INI.format(sql=sql, http=port), "utf-8")
    argv = [shutil.which("virtuoso-t") or "", "+configfile", "virtuoso.ini", "+foreground"]
    url = f"http://{LOOPBACK}:{port}"
    settings = {
        "remote_query": f"{url}/sparql",
        "remote_update": f"{url}/sparql-auth",
        "remote_graphs": f"{url}/sparql-graph-crud-auth",
        "remote_user": "dba",
        "remote_password": "dba",
    }
    return argv, settings, f"{url}/sparql"


def _await(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        assert process.poll() is None, f"{process.args!r} ended while starting"
        try:
            httpx.get(url, params={"query": "ASK {}"}, timeout=5).raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError(f"{process.args!r} does not answer")


def free_port() -> int:
    """A port of loopback that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
