"""Commands start light: what one of them needs does not slow the others down."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {"polars", "duckdb", "pyarrow", "numpy", "pyoxigraph", "fastapi", "jinja2"}


@pytest.mark.parametrize(
    ("module", "without"),
    [
        ("govgraph.cli", HEAVY | {"pydantic", "uvicorn", "asyncio"}),
        ("govgraph.pool.front", HEAVY),
        ("govgraph.settings", HEAVY),
        ("govgraph_loaders.edtf", HEAVY),
    ],
)
def test_what_is_loaded(module: str, without: set[str]) -> None:
    script = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert without & set(json.loads(done.stdout)) == set()


def test_names_of_the_loaders_are_there_when_asked_for() -> None:
    import govgraph_loaders

    for name in govgraph_loaders.__all__:
        assert getattr(govgraph_loaders, name).__name__ == name
    with pytest.raises(AttributeError):
        _ = govgraph_loaders.nothing  # type: ignore[attr-defined]
