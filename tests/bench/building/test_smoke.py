"""The whole bench on a nation of three communities, with the peers that need no installation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from bench.building import __main__ as bench
from bench.building.cases import inference
from bench.building.comparison import OURS
from bench.engine import Absent
from bench.peers import environment


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The figures of a run whose peers' environments cannot be made."""
    folder = tmp_path_factory.mktemp("building")
    options = ["--work", str(folder), "--results", str(folder), "--tables", str(folder / "none")]

    def offline(_: Path, name: str) -> Path:
        raise Absent(f"no network for {name}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(environment, "python", offline)
        patch.setitem(inference.MOST, "owlrl", 2)  # it takes its time
        status = bench.main(["--scale", "3", *options])
    assert status == 0
    found: dict[str, Any] = json.loads((folder / "latest-build.json").read_text("utf-8"))
    return found


def runs(content: dict[str, Any], case: str) -> dict[str, Any]:
    (found,) = [one["runs"] for one in content["comparisons"] if one["case"] == case]
    return dict(found)


def test_ours_did_all(content: dict[str, Any]) -> None:
    cases = [one["case"] for one in content["comparisons"]]
    assert cases == [
        "build", "mapping", "validation", "validation-core", "validation-spoiled",
        "inference", "incremental", "codes",
    ]  # fmt: skip
    assert all(runs(content, case)[OURS]["why"] == "" for case in cases[:-1])
    assert "provinces.csv is not in" in runs(content, "codes")[OURS]["why"]
    (build,) = [one["about"] for one in content["comparisons"] if one["case"] == "build"]
    assert build["quads"] == runs(content, "mapping")[OURS]["said"]["triples"]
    assert {"read", "load", "infer", "validate", "columns"} <= build["seconds"].keys()
    families = runs(content, "inference")[OURS]["said"]["families"]
    assert {"subclass", "inverse", "transitive", "chain"} <= families.keys()


def test_peers_that_are_there(content: dict[str, Any]) -> None:
    for case, name in (("mapping", "rdflib"), ("validation", "pyshacl")):
        assert runs(content, case)[name]["took"]["cpu"] > 0
    assert runs(content, "validation")["pyshacl"]["said"]["results"] == 0
    spoiled = runs(content, "validation-spoiled")
    assert spoiled[OURS]["said"]["results"] == spoiled["pyshacl"]["said"]["results"] > 0


def test_peers_that_are_not_are_named(content: dict[str, Any]) -> None:
    absent = {
        (one["case"], name): run["why"]
        for one in content["comparisons"]
        for name, run in one["runs"].items()
        if run["took"] is None and name != OURS
    }
    assert absent == {
        ("build", "oxigraph"): "no network for oxigraph",
        ("mapping", "morph-kgc"): "no network for morph-kgc",
        ("validation-core", "shacl"): "no network for shacl",
        ("validation-spoiled", "shacl"): "no network for shacl",
        ("inference", "owlrl"): "takes part up to 2 communities",
        ("inference", "nemo"): "no network for nemo",
        ("inference", "reasonable"): "no network for reasonable",
    }


def test_a_small_size_is_added_for_slow_peers() -> None:
    assert bench.scales([1_000, 10_000], ["validation"]) == [100, 1_000, 10_000]
    assert bench.scales([10_000], ["build", "mapping"]) == [10_000]
    assert bench.scales([20, 1_000], ["inference"]) == [20, 1_000]


def test_an_unknown_case_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as error:
        bench.main(["--only", "build,cooking"])
    assert error.value.code == 2
    assert "no case cooking" in capsys.readouterr().err
