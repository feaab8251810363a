"""Comparisons and studies over HTTP and on the command line."""

from __future__ import annotations

import io
import zipfile

import httpx
import pytest

COMPARE, QCA = "/api/v1/compare", "/api/v1/qca"
TWO = {"models": ["gm-1zhan", "gm-2zhan"]}


def test_json_has_models_and_places_together(web: httpx.Client) -> None:
    response = web.get(COMPARE, params=TWO | {"places": ["ex-c01"], "at": "2021-04"})
    assert response.status_code == 200
    document = response.json()
    ids = [subject["iri"].rpartition("/")[2] for subject in document["subjects"]]
    assert ids == ["gm-1zhan", "gm-2zhan", "ex-c01"]
    assert all(len(row["cells"]) == 3 for row in document["rows"])
    assert document["release"] == response.headers["govgraph-release"]


@pytest.mark.parametrize(
    ("kind", "media"),
    [("csv", "text/csv"), ("md", "text/markdown"), ("json", "application/json"),
     ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")],
)  # fmt: skip
def test_each_format_is_a_file_with_an_etag(web: httpx.Client, kind: str, media: str) -> None:
    response = web.get(COMPARE, params=TWO | {"format": kind})
    assert response.headers["content-type"].startswith(media)
    assert f"comparison.{kind}" in response.headers["content-disposition"]
    again = web.get(
        COMPARE, params=TWO | {"format": kind}, headers={"If-None-Match": response.headers["etag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"models": ["gm-1zhan"]}, "invalid-parameter"),
        ({"models": ["gm-1zhan", "nope"]}, "unknown-value"),
        (TWO | {"dimensions": ["gov:leadFunction"]}, "invalid-parameter"),
        (TWO | {"at": "sometime"}, "invalid-date"),
        (TWO | {"format": "pdf"}, "invalid-parameter"),
        ({}, "invalid-parameter"),
    ],
)
def test_what_cannot_be_compared_is_a_problem(web: httpx.Client, asked: dict, code: str) -> None:
    response = web.get(COMPARE, params=asked)
    assert (response.status_code, response.json()["code"]) == (422, code)
    assert response.json()["message_zh"]


def test_a_study_comes_with_its_script(web: httpx.Client) -> None:
    asked = {"conditions": ["condition-joined-posts"], "outcome": "condition-separate-service-body"}
    response = web.get(QCA, params=asked)
    assert response.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(response.content)) as packed:
        assert packed.namelist() == ["data.csv", "truth-table.csv", "qca.R"]
        data = packed.read("data.csv").decode()
        assert data.startswith("case,JOINED_POSTS,SEPARATE_SERVICE_BODY\n")
        assert "library(QCA)" in packed.read("qca.R").decode()


def test_a_study_of_what_is_no_condition_is_a_problem(web: httpx.Client) -> None:
    response = web.get(QCA, params={"conditions": ["nope"], "outcome": "condition-joined-posts"})
    assert (response.status_code, response.json()["code"]) == (422, "invalid-parameter")


def test_the_command_writes_markdown(run, home) -> None:
    done = run(
        "compare", "gm-1zhan", "gm-2zhan", "--dimension", "gov:bodiesDimension", "--home", home
    )
    assert done.exit_code == 0
    assert done.output.startswith("| 维度 | 项 | 两委一站 | 两委两站 |")
    failed = run("compare", "gm-1zhan", "--home", home)
    assert failed.exit_code == 2
