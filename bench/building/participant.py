"""A participant of a comparison: a process that does one job, measured as a whole."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.engine import Absent
from bench.process import UNLIMITED, Command, Exceeded, Limits, Step, run

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Run:
    """What a process took, and the figures that it said of itself.

    `why` says what went wrong, if anything did. A process that was killed at a limit (`killed`)
    has the figures until then and its last words; one that failed or takes no part (`absent`) has none.
    """

    took: Step | None = None
    said: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    killed: bool = False
    absent: bool = False

    @property
    def failed(self) -> bool:
        """It took part, and broke."""
        return bool(self.why) and not self.killed and not self.absent

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Run:
        took = given["took"]
        return cls(**{**given, "took": Step(**took) if took else None})

    @classmethod
    def sum(cls, name: str, runs: list[Run]) -> Run:
        """Steps that follow on each other, as one; the first that went wrong ends them."""
        taken = [run.took for run in runs if run.took]
        wrong = next((run for run in runs if run.why), None)
        if wrong and not wrong.took:
            return wrong
        wall, cpu = sum(step.wall for step in taken), sum(step.cpu for step in taken)
        took = Step(name, wall, cpu, max(step.memory for step in taken))
        said = {key: value for run in runs for key, value in run.said.items()}
        return cls(took, said, wrong.why if wrong else "", wrong is not None)


def measure(
    name: str,
    argv: Command | Callable[[], Command],
    limits: Limits = UNLIMITED,
    environment: Mapping[str, str] | None = None,
) -> Run:
    """Run a command in the project's folder; what it says last is JSON, if it says any.

    A function gives the command where that can be Absent. Nothing is raised.
    """
    try:
        command = argv() if callable(argv) else argv
        took, said = run(
            name, command, ROOT, limits=limits, environment=os.environ | dict(environment or {})
        )
    except Exceeded as error:
        last = [line for line in error.said.splitlines() if line.strip()][-1:]
        return Run(error.step, {"last": "".join(last)[-200:]}, str(error), killed=True)
    except Absent as error:
        return absent(str(error))
    except (OSError, RuntimeError) as error:
        return Run(why=" ".join(str(error).split()))
    return Run(took, _last_json(said))


def absent(why: str) -> Run:
    """One that takes no part, and why."""
    return Run(why=why, absent=True)


def _last_json(said: str) -> dict[str, Any]:
    lines = [line for line in said.splitlines() if line.startswith("{")]
    try:
        found = json.loads(lines[-1]) if lines else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
