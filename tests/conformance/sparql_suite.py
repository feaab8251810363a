"""The W3C's SPARQL tests over HTTP against `govgraph serve --scratch`: SPARQL 1.2, then 1.1.

    python tests/conformance/sparql_suite.py FOLDER-OF-THE-HARNESS [OPTION OF THE HARNESS…]

A failure is permitted only if `sparql_known.txt` lists it with its reason, and only as long as it
fails. The last line is that of the harness for SPARQL 1.1: `N passed, M failed, K skipped`.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

KNOWN = Path(__file__).parent / "sparql_known.txt"
#: Seconds in which the server has to answer.
PATIENCE = 60


def main(folder: Path, options: list[str]) -> int:
    """0 if nothing failed but what is listed, and all of that did; else 1."""
    with scratch_server() as url:
        verdicts = [
            run(folder, url, ["--versions", version, *options]) for version in ("1.2", "1.1")
        ]
    return max(verdicts)


@contextmanager
def scratch_server() -> Iterator[str]:
    """The URL of a scratch server, which ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "govgraph.cli", "serve", "--scratch", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait(f"http://127.0.0.1:{port}/health", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def wait(url: str, server: subprocess.Popen[bytes]) -> None:
    """Until the server answers. RuntimeError if it does not."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            urlopen(url, timeout=PATIENCE).close()
            return
        except URLError:
            time.sleep(0.1)
    raise RuntimeError(f"no answer from {url}")


def run(folder: Path, url: str, options: list[str]) -> int:
    """The harness's verdict on the server, 1 also if a listed test passes."""
    with TemporaryDirectory() as temporary:
        outcomes = Path(temporary) / "outcomes.json"
        command = [
            sys.executable, str(folder / "sparql_conformance.py"),
            "--suite", str(folder / "suites/rdf-tests/sparql"),
            "--query", f"{url}/sparql", "--update", f"{url}/update", "--gsp", f"{url}/graphs",
            "--known-failures", str(KNOWN), "--json", str(outcomes), *options,
        ]  # fmt: skip
        verdict = subprocess.run(command, check=False).returncode
        passing = listed_but_passing(outcomes) if verdict < 2 else []
    if passing:
        print(f"listed in {KNOWN.name}, but passing: {', '.join(passing)}", file=sys.stderr)
    return 1 if passing else verdict


def listed_but_passing(outcomes: Path) -> list[str]:
    """The tests that a list of known failures should no longer name."""
    return [test["id"] for test in json.loads(outcomes.read_text()) if _passes(test)]


def _passes(test: dict[str, str]) -> bool:
    return test["outcome"] == "pass" and bool(test["why"])


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
