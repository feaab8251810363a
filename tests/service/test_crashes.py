"""kill -9 at any moment of a build leaves the old release served, or the new one completely."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from govgraph.release import Home

SCRIPT = Path(__file__).with_name("crashes.py")
#: Moments at which the new release is already published and served.
LATE = {"after the pointer"}


def test_every_crash_leaves_a_whole_release(copied_home: Home, tiny: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(copied_home.path), str(tiny)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert not [line for line in lines if "error" in line]
    served = lines[0]["served"]
    assert lines[0]["killed"] is False
    for line in lines[1:-1]:
        name = line["moment"]
        assert line["whole"], line
        assert line["killed"] or not name.startswith(("step", "before", "amid")), line
        if name.startswith(("step", "before", "amid")) or name == "after the rename":
            assert line["served"] == served, line
        if name in LATE:
            assert line["served"] != served, line
        served = line["served"]
    assert any(line["left"] for line in lines), "no crash left anything: were there any?"
    last = lines[-1]
    assert last["killed"] is False
    assert last["whole"]
    assert last["left"] == 0, "the next build cleans up"
    assert copied_home.current().id == last["served"]
    assert {path.name for path in copied_home.path.iterdir()} <= {
        ".lock", ".current.new", "current", "releases",
    }  # fmt: skip
