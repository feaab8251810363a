"""Builds that are killed at one moment each, in children of one process that has all imported.

Prints a JSON line for each moment: was the child killed, what is served after, does it answer.
Run: crashes.py HOME DATASET
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import govgraph.build
import govgraph.release
from govgraph.build import STEPS
from govgraph.http.state import Releases
from govgraph.settings import Settings

HOME, DATASET = Path(sys.argv[1]), Path(sys.argv[2])
SPREAD = 10


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def build(notify: Callable[[str, int], None] = lambda _step, _count: None) -> None:
    # The shapes write nothing: leaving them out makes many crashes affordable.
    govgraph.build.validate = lambda *_: []  # type: ignore[assignment]
    govgraph.build.build([DATASET], Settings(home=HOME), notify=notify)


def at_step(name: str) -> Callable[[], None]:
    def notify(step: str, _count: int) -> None:
        if step == name:
            die()

    return lambda: build(notify)


def around(owner: Any, name: str, *, before: bool, skip: int = 0) -> Callable[[], None]:
    """Die before or after a function's call, leaving out the first `skip` calls."""
    original, calls = getattr(owner, name), [0]

    def patched(*arguments: Any, **options: Any) -> Any:
        calls[0] += 1
        if before and calls[0] > skip:
            die()
        result = original(*arguments, **options)
        if calls[0] > skip:
            die()
        return result

    def run() -> None:
        setattr(owner, name, patched)
        build()

    return run


def child(work: Callable[[], None], kill_after: float | None = None) -> bool:
    """Run work in a fork; whether it was killed."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        except BaseException as error:
            print(json.dumps({"error": repr(error)}), flush=True)
        os._exit(0)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(pid, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])


def look(moment: str, killed: bool) -> None:
    """Say what is served, from a fork of its own."""

    def work() -> None:
        opened = Releases(Settings(home=HOME)).open()
        rows = opened.engine.select("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
        print(
            json.dumps(
                {
                    "moment": moment,
                    "killed": killed,
                    "served": opened.release.id,
                    "whole": int(rows[0]["n"].value) == opened.release.manifest["triples"],
                    "left": len(list(HOME.glob(".build-*"))),
                }
            ),
            flush=True,
        )

    child(work)


def main() -> None:
    start = time.perf_counter()
    look("first", child(build))
    seconds = time.perf_counter() - start
    release = govgraph.release
    moments: dict[str, Callable[[], None]] = {f"step {name}": at_step(name) for name in STEPS}
    moments |= {
        "before the first fsync": around(release, "sync", before=True),
        "amid the fsyncs": around(release, "sync", before=False, skip=9),
        "before the rename": around(Path, "rename", before=True),
        "after the rename": around(Path, "rename", before=False),
        "before the pointer": around(os, "replace", before=True),
        "after the pointer": around(os, "replace", before=False),
    }
    for name, work in moments.items():
        look(name, child(work))
    for number in range(SPREAD):
        delay = seconds * (number + 0.5) / SPREAD
        look(f"after {number + 0.5}/{SPREAD}", child(build, delay))
    look("last", child(build))


if __name__ == "__main__":
    main()
