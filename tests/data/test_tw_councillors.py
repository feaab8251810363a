"""The real suggestions and terms of councillors, through CSVW metadata alone, against their CSV."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from govgraph.build import Build, build
from govgraph.engine.base import Engine
from govgraph.governance.money.duplicates import duplicates
from govgraph.governance.money.listing import listing
from govgraph.governance.money.totals import by_year, totals
from govgraph.http.state import Releases
from govgraph.settings import Settings
from govgraph.vocabulary import PROLOGUE

METADATA = Path(__file__).resolve().parents[2] / "data" / "tw_councillors" / "csv-metadata.json"
NOT_YET = {
    "尚未決標", "未決標", "盎未決標", "保留決標", "尚未招標", "尚未辦理", "尚未", "尚無", "發包中",
}  # fmt: skip
Row = dict[str, str]


@pytest.fixture(scope="module")
def source(shared: Path) -> Path:
    return shared / "data" / "tw_councillors"


@pytest.fixture(scope="module")
def built(source: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Build, Engine]:
    """The build of both tables, and its release."""
    folder = tmp_path_factory.mktemp("tw") / "tw_councillors"
    folder.mkdir()
    for path in (METADATA, source / "suggestions.csv", source / "council_terms.csv"):
        shutil.copy(path, folder)
    settings = Settings(home=folder.parent / "home")
    done = build([folder], settings)
    assert done.release is not None, done.report()
    return done, Releases(settings).open().engine


@pytest.fixture(scope="module")
def engine(built: tuple[Build, Engine]) -> Engine:
    return built[1]


@pytest.fixture(scope="module")
def read(source: Path) -> Callable[[str], list[Row]]:
    def rows(name: str) -> list[Row]:
        with (source / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return rows


@pytest.fixture(scope="module")
def suggestions(read: Callable[[str], list[Row]]) -> list[Row]:
    return read("suggestions.csv")


def counted(engine: Engine, pattern: str) -> int:
    (row,) = engine.select(f"{PROLOGUE}SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {pattern} }}")
    return int(row["n"].value)


def approved(rows: list[Row]) -> Decimal:
    return sum((Decimal(row["approved_expense"] or 0) for row in rows), Decimal(0))


def test_every_row_is_loaded(built: tuple[Build, Engine]) -> None:
    done, _ = built
    assert not done.ingested.problems
    loaded = {table.table: (table.rows_read, table.rows_loaded) for table in done.ingested.tables}
    assert loaded == {"suggestions.csv": (5889, 5889), "council_terms.csv": (1742, 1742)}


def test_only_flows_without_a_party_are_warned_about(
    built: tuple[Build, Engine], suggestions: list[Row]
) -> None:
    done, _ = built
    nobody = [
        row for row in suggestions
        if not row["brought_by"].strip() and row["bid_by"].strip() in {"", *NOT_YET}
    ]  # fmt: skip
    assert len(done.report()["validation"]) == len(nobody) == 18


def test_amounts_are_those_of_the_rows(engine: Engine, suggestions: list[Row]) -> None:
    (total,) = totals(engine).frame.iter_rows(named=True)
    unknown = sum(not row["approved_expense"] for row in suggestions)
    assert (total["flows"], total["unknown"], total["currency"]) == (5889, unknown, "TWD")
    assert (unknown, total["value"], total["lower"]) == (249, approved(suggestions), total["value"])
    assert total["upper"] is None


def test_years_are_those_of_the_rows(engine: Engine, suggestions: list[Row]) -> None:
    found = by_year(engine).frame
    years = sorted({row["suggest_year"] for row in suggestions})
    assert found.select("year", "value").rows() == [
        (int(year), approved([row for row in suggestions if row["suggest_year"] == year]))
        for year in years
    ]


def test_shared_identifiers_are_shown_and_counted_both_ways(
    engine: Engine, suggestions: list[Row]
) -> None:
    found = duplicates(engine).frame
    assert (found.height, found["identifier"].n_unique()) == (966, 483)
    alike = Counter(tuple(each) for each in found.unique("identifier")["differ"].to_list())
    assert alike[("gov:reportMonth",)] == 3
    assert alike[("gov:amount", "gov:reportMonth")] == 8

    amounts: dict[str, list[Decimal]] = {}
    for row in suggestions:
        amounts.setdefault(row["uid"], [])
        if row["approved_expense"]:
            amounts[row["uid"]].append(Decimal(row["approved_expense"]))
    (total,) = totals(engine).frame.iter_rows(named=True)
    assert total["repeated"] == 966
    assert total["once_least"] == sum(min(each) for each in amounts.values() if each)
    assert total["once_most"] == sum(max(each) for each in amounts.values() if each)


def test_a_contract_not_awarded_has_no_contractor(engine: Engine, suggestions: list[Row]) -> None:
    named = [row for row in suggestions if row["bid_by"].strip() not in {"", *NOT_YET}]
    found = listing(engine).frame
    assert found["recipient"].count() == len(named)
    firms = {(row["county"], row["bid_by"].strip()) for row in named}
    assert found["recipient"].n_unique() - 1 == len(firms)


def test_each_councillor_of_a_cell_is_a_proposer(engine: Engine, suggestions: list[Row]) -> None:
    pairs = [(row, one) for row in suggestions for one in row["councilor_ids"].split("|") if one]
    rows = engine.select(f"{PROLOGUE}SELECT (COUNT(*) AS ?n) WHERE {{ ?f gov:proposer ?p }}")
    assert int(rows[0]["n"].value) == len(pairs)
    assert counted(engine, "?f gov:proposer ?x") == len({one for _, one in pairs})
    many = engine.select(
        PROLOGUE
        + """SELECT ?name WHERE { ?f dcterms:identifier "新竹市-2013-47" ; gov:proposerName ?name }"""
    )
    (cell,) = (r["councilor"] for r in suggestions if r["uid"] == "新竹市-2013-47")
    assert sorted(row["name"].value for row in many) == sorted(cell.split("\n"))


def test_terms_are_appointments_of_persons_told_apart_by_their_page(
    engine: Engine, read: Callable[[str], list[Row]]
) -> None:
    terms = read("council_terms.csv")
    assert counted(engine, "?x a gov:Appointment ; gov:startEarliest ?s ; gov:endLatest ?e") == 1742
    pages = {row["source_url"] for row in terms}
    assert counted(engine, "?x a foaf:Person") == len(pages) == 1203
    posts = {(row["council"], row["title"]) for row in terms}
    assert counted(engine, "?x a org:Post") == len(posts)


def test_places_are_cities(engine: Engine) -> None:
    found = totals(engine, by="place").frame
    named = found.filter(pl.col("group").is_not_null())
    assert named.height == 3
    assert counted(engine, "?x a gov:City") == 4
