"""The wheel, installed where no source tree is in reach, builds its own data and answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCATE = """
import json, govgraph, govgraph_loaders
from govgraph import resources
names = ("data", "ontology", "queries", "shapes", "tables")
print(json.dumps([govgraph.__file__, govgraph_loaders.__file__, *map(str, map(resources.folder, names))]))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", str(ROOT), "--no-deps", "--no-build-isolation"]
    done = subprocess.run([*command, "-q", "-w", str(folder)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment: the wheel, and the dependencies of this one.

    The dependencies are added without their .pth files, one of which names the source tree.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return python


def run(python: Path, *arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run in another directory with a clean environment."""
    return subprocess.run(
        [str(python), *arguments],
        cwd=home,
        env={"HOME": str(home), "PATH": os.defpath, "GOVGRAPH_HOME": str(home / "releases"), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
    )  # fmt: skip


def test_the_wheel_holds_the_data_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for expected in (
        "govgraph/_data/ontology/govgraph.ttl",
        "govgraph/_data/shapes/posts.ttl",
        "govgraph/_data/queries/competency/CQ24.rq",
        "govgraph/_data/tables/persons.csv-metadata.json",
        "govgraph/_data/data/xiyuan/observations.csv",
        "govgraph/pages/templates/entity.html",
        "govgraph/pages/static/style.css",
        "govgraph/pages/words/frame.yaml",
        "govgraph_loaders/edtf.py",
    ):
        assert expected in names
    assert {name.partition("/")[0] for name in names} == {
        "govgraph", "govgraph_loaders", next(n for n in names if "dist-info" in n).partition("/")[0],
    }  # fmt: skip
    assert not [name for name in names if "/tests/" in name or name.endswith(".pyc")]


def test_the_wheel_works_alone(python: Path, tmp_path: Path) -> None:
    located = run(python, "-c", LOCATE, home=tmp_path)
    assert located.returncode == 0, located.stderr
    paths = json.loads(located.stdout)
    assert all(Path(path).is_relative_to(python.parents[1]) for path in paths), paths
    assert all("_data" in Path(path).parts for path in paths[2:])
    data = Path(paths[2]) / "xiyuan"
    built = run(python, "-m", "govgraph.cli", "build", str(data), home=tmp_path)
    assert built.returncode == 0, built.stdout + built.stderr
    asked = run(python, "-m", "govgraph.cli", "ask", "CQ24", "--json", home=tmp_path)
    assert asked.returncode == 0, asked.stderr
    answer = json.loads(asked.stdout)
    assert [row["value"] for row in answer["rows"]] == ["3.4"]
    assert [piece["table"] for piece in answer["evidence"]] == ["observations.csv"]
