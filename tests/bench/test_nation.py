"""The synthetic nation: the same bytes for the same seed, sound where nothing is planted, and wrong
exactly where something is."""

from __future__ import annotations

import csv
import gzip
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from bench.nation import SCALES, write_nation
from bench.nation.bad_rows import BAD_ROWS, BAD_ROWS_ONCE
from bench.nation.blueprint import model_of
from bench.nation.breaches import BREACHES
from bench.nation.dates import after
from bench.nation.places import invented
from bench.nation.register import REGISTER_FAULTS
from bench.nation.shape_faults import SHAPE_FAULTS
from bench.nation.tables import TABLES
from bench.nation.unit_faults import UNIT_FAULTS
from rdflib import SH, Graph
from tests.conftest import ROOT
from typer.testing import CliRunner

from govgraph.build import Build, build
from govgraph.cli import app
from govgraph.settings import Settings
from govgraph_loaders import Ingested, find_sources, ingest

FAULTS = (*SHAPE_FAULTS, *UNIT_FAULTS, *REGISTER_FAULTS)
PLACED = ("code", "severity", "table", "row", "line", "column", "value")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / table).open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


def load(folder: Path, out: Path) -> Ingested:
    sources, problems = find_sources(folder, ROOT / "loaders" / "tables")
    assert not problems
    return ingest(sources, out)


def places(found: Iterable[dict[str, Any]]) -> Counter[tuple[Any, ...]]:
    """What was found or planted, each with its coordinates, shape and focus."""
    return Counter(
        (*(one[name] for name in PLACED), (one.get("shape") or "").split("#")[-1], one.get("focus"))
        for one in found
    )


@pytest.mark.parametrize("compress", [False, True])
def test_the_same_seed_makes_the_same_bytes(tmp_path: Path, compress: bool) -> None:
    made = [
        (
            write_nation(40, tmp_path / name, seed=seed, breaches=1, bad_rows=2, compress=compress),
            contents(tmp_path / name),
            (tmp_path / f"{name}.expected.json").read_bytes(),
        )
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    ]
    assert made[0] == made[1]
    persons = "persons.csv.gz" if compress else "persons.csv"
    assert made[0][1][persons] != made[2][1][persons]
    assert made[0][0]["findings"] != made[2][0]["findings"]


def test_packed_tables_hold_the_same_rows(tmp_path: Path) -> None:
    write_nation(15, tmp_path / "plain", breaches=1)
    write_nation(15, tmp_path / "packed", breaches=1, compress=True)
    plain, packed = contents(tmp_path / "plain"), contents(tmp_path / "packed")
    tables = {name: text for name, text in plain.items() if name.endswith(".csv")}
    assert tables == {
        name.removesuffix(".gz"): gzip.decompress(text)
        for name, text in packed.items()
        if name.endswith(".gz")
    }


@pytest.mark.parametrize("count", [1, 100, 1000])
def test_a_nation_of_any_size_holds_together(tmp_path: Path, count: int) -> None:
    """Every reference is met, every cell is of its type, and the counts are those announced."""
    expected = write_nation(count, tmp_path / "nation")
    done = load(tmp_path / "nation", tmp_path / "quads")
    assert not done.problems
    assert {t.table: t.rows_loaded for t in done.tables} == expected["rows"]
    assert expected["rows"]["persons.csv"] == 12 * count
    assert expected["findings"] == []
    by_type = Counter(row["type"] for row in rows(tmp_path / "nation", "places.csv"))
    assert by_type["Community"] == count
    assert by_type["Province"] == 1


def test_the_scales_by_name() -> None:
    assert SCALES == {"100": 100, "1k": 1000, "10k": 10_000, "119k": 119_000}


def test_dates_and_sums_are_of_every_precision(tmp_path: Path) -> None:
    write_nation(300, tmp_path / "nation")
    terms = rows(tmp_path / "nation", "appointments.csv")
    shapes = {
        "".join("9" if ch.isdigit() else ch for ch in row[end])
        for row in terms
        for end in ("start", "end")
    }
    assert shapes == {"", "..", "9999", "9999~", "9999-99", "9999-99-99", "9999/9999"}
    flows = rows(tmp_path / "nation", "funding_flows.csv")
    assert {flow["precision"] for flow in flows} == {"exact", "approxBelow", "unknown"}
    parts = [flow for flow in flows if flow["part_of"]]
    assert {flow["precision"] for flow in parts} == {"exact", "unknown"}
    assert all((flow["amount"] == "") == (flow["precision"] != "exact") for flow in flows)


def test_codes_of_invented_places_are_unique() -> None:
    communities = [one for one, _ in zip(invented(1), range(20_000), strict=False)]
    codes = [one.code for one in communities] + [u.code for one in communities for u in one.above]
    assert len(codes) == len(set(codes))


def test_places_of_the_code_table(tmp_path: Path, shared: Path) -> None:
    table = shared / "data" / "cn_divisions"
    write_nation(150, tmp_path / "nation", code_table=table)
    places = {row["stat_code"]: row for row in rows(tmp_path / "nation", "places.csv")}
    assert places["110101001001"]["label_zh"] == "多福巷社区居委会"
    assert places["110101001001"]["parent"] == "n-110101001"
    assert [places[code]["type"] for code in ("11", "1101", "110101", "110101001")] == [
        "Province", "City", "District", "Subdistrict",
    ]  # fmt: skip
    assert not load(tmp_path / "nation", tmp_path / "quads").problems


def test_more_communities_than_the_code_table_has(tmp_path: Path) -> None:
    table = tmp_path / "codes"
    table.mkdir()
    (table / "provinces.csv").write_text("code,name\n99,某省\n", "utf-8")
    (table / "cities.csv").write_text("code,name\n9901,某市\n", "utf-8")
    (table / "areas.csv").write_text("code,name\n990101,某县\n", "utf-8")
    (table / "streets.csv").write_text("code,name\n990101101,某镇\n", "utf-8")
    (table / "villages.csv").write_text(
        "code,name\n990101101001,甲社区\n990101101002,乙村委会\n990101101003,丙居委会\n", "utf-8"
    )
    write_nation(2, tmp_path / "two", code_table=table)
    assert [(row["label_zh"], row["type"]) for row in rows(tmp_path / "two", "places.csv")] == [
        ("某省", "Province"), ("某市", "City"), ("某县", "County"), ("某镇", "Town"),
        ("甲社区", "Community"), ("丙居委会", "Community"),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="only 2 communities"):
        write_nation(3, tmp_path / "three", code_table=table)


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text("mine", "utf-8")
    with pytest.raises(FileExistsError):
        write_nation(1, tmp_path)
    assert (tmp_path / "places.csv").read_text("utf-8") == "mine"


def test_a_nation_has_communities(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one"):
        write_nation(0, tmp_path / "nation", bad_rows=1)


def test_breaches_need_communities(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="3 breaches need as many communities of n-gm-b"):
        write_nation(10, tmp_path / "nation", breaches=1)


def test_faults_are_planted_as_often_as_asked_and_all_over(tmp_path: Path) -> None:
    findings = write_nation(600, tmp_path / "nation", breaches=3, bad_rows=2)["findings"]
    kinds = Counter(one["kind"] for one in findings)
    once = Counter(fault.kind for fault in BAD_ROWS_ONCE)
    asked = Counter({breach.kind: 3 for breach in BREACHES}) + once
    for fault in (*FAULTS * 3, *BAD_ROWS * 2):
        asked[fault.kind] += len(fault.results)
    assert kinds == asked
    last = len(rows(tmp_path / "nation", "appointments.csv"))
    breaches = [one["row"] / last for one in findings if one["shape"] == "PostRuleBreachShape"]
    assert {int(place * 4) for place in breaches} == {0, 1, 2, 3}


def test_bad_rows_are_found_where_they_stand(tmp_path: Path) -> None:
    """Over several batches of rows, each problem at its row, line and column, and no other."""
    expected = write_nation(2_000, tmp_path / "nation", bad_rows=5)
    done = load(tmp_path / "nation", tmp_path / "quads")
    assert places(p.as_dict() for p in done.problems) == places(expected["findings"])
    rejected = {(one["table"], one["row"]) for one in expected["findings"]}
    assert done.rejected == len(rejected)
    kinds = {one["kind"] for one in expected["findings"]}
    assert len(kinds) >= 12
    assert any(one["line"] > one["row"] + 1 for one in expected["findings"])


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Build]:
    """Twenty communities with one of each fault, checked."""
    folder = tmp_path_factory.mktemp("nation") / "faulty"
    write_nation(20, folder, breaches=1, bad_rows=1)
    home = tmp_path_factory.mktemp("home")
    return folder, build([folder], Settings(home=home), publish=False, max_rejects=1000)


def test_every_fault_is_found_at_its_cell_and_none_invented(checked: tuple[Path, Build]) -> None:
    folder, done = checked
    expected = json.loads(folder.with_name("faulty.expected.json").read_text("utf-8"))
    report = done.report()
    found, planted = places(report["problems"] + report["validation"]), places(expected["findings"])
    assert found - planted == Counter()
    assert planted - found == Counter()


def test_each_breach_is_told_with_its_rule_and_first_day(checked: tuple[Path, Build]) -> None:
    """The day named in the message is the first of the breach, or the last before it."""
    folder, done = checked
    expected = json.loads(folder.with_name("faulty.expected.json").read_text("utf-8"))
    breaches = [one for one in expected["findings"] if one["shape"] == "PostRuleBreachShape"]
    assert {one["kind"] for one in breaches} == {breach.kind for breach in BREACHES}
    messages = {result.value: result.message_en for result in done.results}
    for one in breaches:
        message = messages[one["value"]]
        assert f"post-rule/{one['rule']}" in message
        assert f"person/{one['person']}" in message
        day = one["from"]
        assert message.startswith((f"From {day} ", f"After {after(day, -1)} ")), message
        assert one["to"] == "" or one["from"] <= one["to"]


def test_a_nation_without_faults_is_in_order(tmp_path: Path) -> None:
    """The command accepts it without a warning."""
    write_nation(6, tmp_path / "sound", seed=3)
    command = ["check", str(tmp_path / "sound"), "--home", str(tmp_path / "home"), "--json"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert (report["problems"], report["validation"]) == ([], [])
    assert report["rows_rejected"] == 0


@pytest.mark.parametrize("extra", [[], ["--gzip"]])
def test_the_command(tmp_path: Path, extra: list[str]) -> None:
    command = [sys.executable, "-m", "bench.nation", "20", str(tmp_path / "n"), "--breaches", "1"]
    done = subprocess.run([*command, *extra], cwd=ROOT, capture_output=True, text=True, check=True)
    expected = json.loads((tmp_path / "n.expected.json").read_text("utf-8"))
    assert f"{len(expected['findings'])} planted findings" in done.stdout
    assert (tmp_path / "n" / ("persons.csv" + ".gz" * bool(extra))).is_file()
    again = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert again.returncode == 1
    assert again.stderr.startswith("FileExistsError")


def test_every_shape_that_a_row_can_break_is_broken() -> None:
    """All but the bounds of dates, which the loader makes and never wrongly, and what sources say
    of models, of which a nation has nothing."""
    elsewhere = ("DateBounds-", "ModelStatement-", "StatementStateShape")
    shapes = Graph()
    for path in (ROOT / "shapes").glob("*.ttl"):
        shapes.parse(path)
    named = {str(s).split("#")[1] for s in shapes.subjects() if "shapes#" in str(s)}
    judged = {
        str(s).split("#")[1]
        for predicate in (SH["class"], SH["in"], SH.sparql, SH.pattern, SH.datatype, SH["or"])
        for s in shapes.subjects(predicate)
        if "shapes#" in str(s)
    }
    planted = {result.shape for fault in FAULTS for result in fault.results} | {
        "PostRuleBreachShape"
    }
    assert planted <= named
    assert {name for name in judged - planted if not name.startswith(elsewhere)} == set()


def test_the_models_of_communities() -> None:
    assert Counter(model_of(number) for number in range(100)) == {"n-gm-a": 80, "n-gm-b": 20}


def test_the_tables_are_standard_tables() -> None:
    standard = ROOT / "loaders" / "tables"
    for name, (kind, columns) in TABLES.items():
        if name == "register.csv":
            continue
        schema = json.loads((standard / f"{name}-metadata.json").read_text("utf-8"))["tableSchema"]
        assert f"/{kind}/{{id}}" in schema["aboutUrl"]
        known = {column["name"] for column in schema["columns"] if not column.get("virtual")}
        assert set(columns) <= known, name
