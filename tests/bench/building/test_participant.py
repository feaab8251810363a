"""A process is measured, whatever comes of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from bench.building.participant import Run, absent, measure
from bench.engine import Absent
from bench.process import Exceeded, Limits, Step, run


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_what_it_says_last_is_kept() -> None:
    code = """print('{"n": 1}'); print('{"n": 2}'); print('done')"""
    found = measure("x", python(code))
    assert found.took is not None
    assert (found.said, found.why, found.killed) == ({"n": 2}, "", False)
    assert found.took.wall > 0


def test_an_environment_is_added_to() -> None:
    code = "import os, json; print(json.dumps([os.environ[n] for n in ('THREADS', 'PATH')]))"
    found = run("x", python(code), environment=os.environ | {"THREADS": "1"})
    assert found[1].strip() == f'["1", "{os.environ["PATH"]}"]'


def test_one_that_fails_says_why() -> None:
    found = measure("x", python("raise SystemExit('no such luck')"))
    assert found == Run(why="x ended with status 1: no such luck")


def test_one_that_is_not_there() -> None:
    def command() -> list[str]:
        raise Absent("pip could not install x")

    assert measure("x", command) == Run(why="pip could not install x", absent=True)
    assert "No such file" in measure("x", [Path("/no/such/command")]).why


def runs(pid: int) -> bool:
    """Whether a process runs: one that has ended may wait to be asked for its status."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_one_without_end_is_killed_with_its_children(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    code = f"""
import pathlib, subprocess, time
child = subprocess.Popen(["sleep", "60"])
pathlib.Path({str(told)!r}).write_text(str(child.pid))
print("first\\nwaiting\\n", flush=True)
time.sleep(60)
"""
    found = measure("x", python(code), Limits(seconds=1.5))
    assert found.took is not None
    assert (found.why, found.killed, found.said) == ("> 1.5 s", True, {"last": "waiting"})
    assert not runs(int(told.read_text()))


def test_one_that_takes_the_memory_is_killed() -> None:
    code = "block = b'x' * 300_000_000; import time; time.sleep(60)"
    with pytest.raises(Exceeded, match=r"> 0\.2 GB") as error:
        run("x", python(code), limits=Limits(memory=2e8))
    assert error.value.step.memory > 2e8


def test_the_memory_of_children_counts() -> None:
    child = "block = b'x' * 150_000_000; import time; time.sleep(0.5)"
    code = f"import subprocess as s, sys; s.run([sys.executable, '-c', {child!r}])"
    found = measure("x", python(code))
    assert found.took is not None
    assert found.took.memory > 150_000_000


def test_steps_add_up() -> None:
    steps = [Run(Step("load", 2, 3, 10), {"n": 1}), Run(Step("optimize", 1, 1, 20))]
    assert Run.sum("both", steps) == Run(Step("both", 3, 4, 20), {"n": 1})
    late = Run(Step("optimize", 5, 1, 20), why="> 5 s", killed=True)
    assert Run.sum("both", [steps[0], late]) == Run(
        Step("both", 7, 4, 20), {"n": 1}, "> 5 s", killed=True
    )
    assert Run.sum("both", [steps[0], Run(why="broken")]) == Run(why="broken")


def test_a_run_is_kept_as_json() -> None:
    for one in (Run(Step("x", 1, 2, 3), {"n": 1}), Run(why="broken"), absent("no network")):
        assert Run.from_dict(one.as_dict()) == one
