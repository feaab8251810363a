"""What changed from one release to another: posts, bodies, amounts, every other fact; nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from click.testing import Result
from tests.service.conftest import BASE, TABLES, serve, write_dataset
from tests.service.test_sparql import problem

from govgraph.build import build
from govgraph.governance.differences.releases import Edition, changes_between_releases
from govgraph.http.state import Releases
from govgraph.settings import Settings

FLOWS = [
    "id,funder,recipient,purpose_zh,purpose_en,instrument,amount,currency,precision,fiscal_year,assertion",
    "t-f1,t-office,t-jwh,补贴,Subsidy,subsidy,1000,CNY,exact,2013,synthetic",
]
#: Cells of the later edition, by table and what they replace.
EDITS = {
    "appointments.csv": [("2016-01-01,..", "2016-01-01,2020"), ("t-a3,t-p2,t-head,,,synthetic,\n", "")],
    "persons.csv": [("小甲,Person A", "小甲改,Person A")],
    "organizations.csv": [(",2010-05,", ",,")],
    "funding_flows.csv": [(",1000,", ",1200,")],
}  # fmt: skip
MORE = {
    "appointments": ["t-a4,t-p1,t-head,2021-02,..,synthetic,"],
    "organizations": ["t-new,新办,New office,SubdistrictAuthority,,t-street,2020,synthetic"],
}


def edition(folder: Path, edits: dict[str, list[tuple[str, str]]], **more: list[str]) -> Path:
    """The tiny dataset with flows, rows added and cells replaced."""
    write_dataset(folder, **more)
    (folder / "funding_flows.csv").write_text("\n".join(FLOWS) + "\n", "utf-8")
    for name, changes in edits.items():
        text = (folder / name).read_text("utf-8")
        for before, after in changes:
            assert before in text, (name, before)
            text = text.replace(before, after)
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A home with three releases: one, the same with rows in another order, and a later one."""
    folder = tmp_path_factory.mktemp("editions")
    settings = Settings(home=folder / "home")
    first = edition(folder / "1" / "tiny", {})
    moved = edition(folder / "2" / "tiny", {})
    head, *rows = TABLES["appointments.csv"]
    (moved / "appointments.csv").write_text("\n".join([head, *reversed(rows)]) + "\n", "utf-8")
    later = edition(folder / "3" / "tiny", EDITS, **MORE)
    built = [build([data], settings).release for data in (first, moved, later)]
    return settings.home, [release.id for release in built if release]


@pytest.fixture(scope="module")
def records(editions: tuple[Path, list[str]]) -> Iterator[httpx.Client]:
    yield from serve(Settings(home=editions[0]))


def get(client: httpx.Client, path: str, **parameters: Any) -> Any:
    answer = client.get(f"/api/v1/{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


EXPECTED = [
    ("amount-changed", "corrected", "flow/t-f1", "amount", "1000", "1200"),
    ("body-added", "added", "organization/t-new", None, None, None),
    ("corrected", "corrected", "person/t-p1", "prefLabel", "小甲", "小甲改"),
    ("left-post", "corrected", "appointment/t-a2", "end", "..", "2020"),
    ("term-withdrawn", "withdrawn", "appointment/t-a3", None, None, None),
    ("took-post", "added", "appointment/t-a4", None, None, None),
    ("unstated", "unstated", "organization/t-jwh", "founded", "2010-05", None),
]


def told(changes: list[dict[str, Any]]) -> list[tuple[str | None, ...]]:
    return [
        (
            each["kind"],
            each["how"],
            each["subject"]["iri"].removeprefix(BASE),
            each["property"] and each["property"]["iri"].rpartition("#")[2],
            each["before"],
            each["after"],
        )
        for each in changes
    ]


def test_every_change_and_no_other(records: httpx.Client, editions: tuple[Path, list[str]]) -> None:
    _, (first, _, last) = editions
    document = get(records, f"releases/{last}/changes", since=first)
    assert (document["since"], document["release"]) == (first, last)
    assert told(document["changes"]) == EXPECTED
    assert sum(document["counts"].values()) == document["total"] == len(EXPECTED)


def test_the_sentences(records: httpx.Client) -> None:
    document = get(records, "releases/current/changes")
    sentences = {(row["kind"], row["how"]): row["sentence"] for row in document["changes"]}
    assert sentences["took-post", "added"] == {
        "zh": "新增任职：小甲改任小一居委会主任（2021-02至..）",
        "en": "New appointment: Person A as Head (2021-02 to ..)",
    }
    assert sentences["left-post", "corrected"] == {
        "zh": "小乙任小一居委会主任（2016-01-01至2020）：结束日期由..改为2020",
        "en": "Person B as Head (2016-01-01 to 2020): end changed from .. to 2020",
    }
    assert sentences["body-added", "added"]["zh"] == "新增街道机关：新办"
    assert (
        sentences["unstated", "unstated"]["en"] == "Small Committee: founded is no longer 2010-05"
    )


def test_rows_in_another_order_are_no_change(
    records: httpx.Client, editions: tuple[Path, list[str]]
) -> None:
    _, (first, second, _) = editions
    document = get(records, f"releases/{second}/changes")
    assert (document["since"], document["total"], document["changes"]) == (first, 0, [])


def test_back_again_everything_is_the_other_way_round(
    records: httpx.Client, editions: tuple[Path, list[str]]
) -> None:
    _, (first, _, last) = editions
    found = told(get(records, f"releases/{first}/changes", since=last)["changes"])
    assert ("body-withdrawn", "withdrawn", "organization/t-new", None, None, None) in found
    assert ("took-post", "added", "appointment/t-a3", None, None, None) in found
    assert ("corrected", "corrected", "appointment/t-a2", "end", "2020", "..") in found
    assert ("stated", "stated", "organization/t-jwh", "founded", None, "2010-05") in found


def test_pages_and_kinds(records: httpx.Client) -> None:
    whole = get(records, "releases/current/changes")
    page = get(records, "releases/current/changes", limit=2, offset=1)
    assert page["changes"] == whole["changes"][1:3]
    assert page["total"] == whole["total"]
    one = get(records, "releases/current/changes", kind="took-post")
    assert [row["kind"] for row in one["changes"]] == ["took-post"]
    assert one["counts"] == whole["counts"]


def test_a_fact_that_another_table_states_too_is_no_change(tmp_path: Path) -> None:
    """Two relations state one triple; with one of them goes the relation, but not the triple."""
    settings = Settings(home=tmp_path / "home")
    datasets = [edition(tmp_path / "a" / "tiny", {}), tmp_path / "twin"]
    for number, folder in enumerate(datasets):
        folder.mkdir(exist_ok=True)
        (folder / "relations.csv").write_text(
            "id,subject,predicate,object,assertion\n"
            f"t-r{number},organization/t-office,funds,organization/t-jwh,synthetic\n"
        )
    built = [build(data, settings).release for data in (datasets, datasets[:1])]
    opened = [Releases(settings).open(release.id) for release in built if release]
    old, new = (Edition(each.release, each.engine) for each in opened)
    for found, how in (
        (changes_between_releases(old, new), "withdrawn"),
        (changes_between_releases(new, old), "added"),
    ):
        assert found.frame.select("how", "subject", "property").rows() == [
            (how, f"{BASE}relation/t-r1", None)
        ]


def test_the_list_of_releases(records: httpx.Client, editions: tuple[Path, list[str]]) -> None:
    found = get(records, "releases")
    assert [row["id"] for row in found] == editions[1][::-1]
    assert [row["current"] for row in found] == [True, False, False]
    assert found[0]["tables"] == len(TABLES) + 1


def test_releases_that_are_not_there(
    records: httpx.Client, editions: tuple[Path, list[str]]
) -> None:
    first = editions[1][0]
    problem(records.get(f"/api/v1/releases/{first}/changes"), 404, "no-earlier-release")
    problem(records.get("/api/v1/releases/x/changes"), 404, "unknown-release")
    problem(
        records.get("/api/v1/releases/current/changes", params={"since": "2001"}),
        404,
        "no-release-by",
    )


def test_the_command(run: Callable[..., Result], editions: tuple[Path, list[str]]) -> None:
    home, (first, second, last) = editions
    said = run("diff", second, "--home", home, "--json")
    document = json.loads(said.stdout)
    assert (document["since"], document["release"]) == (second, last)
    assert told(document["changes"]) == EXPECTED
    lines = run("diff", first, last, "--home", home).stdout
    assert "took-post  新增任职：小甲改任小一居委会主任（2021-02至..）" in lines
    assert "New appointment: Person A as Head (2021-02 to ..)" in lines
    assert run("diff", "x", "--home", home).exit_code == 2


def test_networks_over_http(web: httpx.Client) -> None:
    listed = {each["name"] for each in web.get("/api/v1/networks").json()}
    assert listed == {"bodies", "people-posts"}
    for name in listed:
        answer = web.get(
            f"/api/v1/networks/{name}", params={"format": "graphml", "place": "ex-c01"}
        )
        assert answer.headers["content-type"].startswith("application/graphml+xml")
        root = ElementTree.fromstring(answer.text)
        document = web.get(f"/api/v1/networks/{name}", params={"place": "ex-c01"}).json()
        ends = "{http://graphml.graphdrawing.org/xmlns}"
        assert len(list(root.iter(f"{ends}node"))) == len(document["nodes"]) > 3
        assert len(list(root.iter(f"{ends}edge"))) == len(document["links"]) > 3
    earlier = web.get("/api/v1/networks/bodies", params={"to": "2013"}).json()
    assert earlier["links"] == []
    problem(web.get("/api/v1/networks/roads"), 404, "unknown-network")
    problem(web.get("/api/v1/networks/bodies", params={"place": "x"}), 404, "not-found")
