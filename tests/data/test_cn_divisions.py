"""The real code table of 蜀山区 through its own CSVW metadata, from CSV to a published release."""

from __future__ import annotations

import csv
import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from govgraph.build import Build, build
from govgraph.http.state import Releases
from govgraph.settings import Settings

METADATA = Path(__file__).resolve().parents[2] / "data" / "cn_divisions" / "csv-metadata.json"
COUNTY = "340104"
COMMITTEES = {"光明", "美虹", "安居苑", "汉嘉", "七里塘", "岳西新村"}


def copy_rows(source: Path, target: Path, keep: Callable[[dict[str, str]], bool]) -> int:
    """Copy the header and the rows that `keep` wants; return their number."""
    opener = gzip.open if source.suffix == ".gz" else open
    with opener(source, "rt", encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = [row for row in reader if keep(row)]
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, reader.fieldnames or [])
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


@pytest.fixture(scope="module")
def shushan(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Build, Path, int]:
    """The county's part of the five tables, built: the build, its home, the committees read."""
    source = shared / "data" / "cn_divisions"
    folder = tmp_path_factory.mktemp("cn") / "cn_divisions"
    folder.mkdir()
    shutil.copy(METADATA, folder)
    for name in ("provinces.csv", "cities.csv", "areas.csv"):
        copy_rows(source / name, folder / name, lambda row: COUNTY.startswith(row["code"]))
    copy_rows(
        source / "streets.csv.gz", folder / "streets.csv", lambda row: row["areaCode"] == COUNTY
    )
    committees = copy_rows(
        source / "villages_340104_shushan.csv", folder / "villages.csv", lambda _: True
    )
    home = folder.parent / "home"
    return build([folder], Settings(home=home)), home, committees


def test_every_row_is_loaded(shushan: tuple[Build, Path, int]) -> None:
    done, _, committees = shushan
    assert done.release is not None, done.report()
    assert not done.ingested.problems
    loaded = {table.table: table.rows_loaded for table in done.ingested.tables}
    assert loaded["villages.csv"] == committees == 85
    assert loaded["areas.csv"] == 1


def test_the_six_committees_are_found_by_code(shushan: tuple[Build, Path, int]) -> None:
    engine = Releases(Settings(home=shushan[1])).open().engine
    rows = engine.select(
        """SELECT ?name ?code WHERE {
             ?street gov:statCode "340104005" ; skos:prefLabel "西园街道"@zh .
             ?committee gov:parentPlace ?street ; skos:prefLabel ?name ; gov:statCode ?code }"""
    )
    assert {row["name"].value.removesuffix("社区居委会") for row in rows} == COMMITTEES
    assert all(row["code"].value.startswith("340104005") for row in rows)


def test_a_committee_is_within_the_province(shushan: tuple[Build, Path, int]) -> None:
    engine = Releases(Settings(home=shushan[1])).open().engine
    rows = engine.select(
        """SELECT ?where WHERE { ?place gov:statCode "340104005001" ; gov:within/skos:prefLabel ?where }"""
    )
    assert {row["where"].value for row in rows} == {"安徽省", "合肥市", "蜀山区", "西园街道"}
