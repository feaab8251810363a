"""A home with one release of the tiny dataset, to change, and a server that takes changes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.service.conftest import serve, write_dataset

from govgraph.access.keys import Keys
from govgraph.build import build
from govgraph.release import Home
from govgraph.settings import Settings

BASE = "https://w3id.org/govgraph/id/"
EDITS = f"{BASE}graph/edits"
PERSONS = f"{BASE}table/tiny/persons.csv"


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one release of the tiny dataset. It is copied, never changed."""
    home = tmp_path_factory.mktemp("gate") / "home"
    dataset = write_dataset(tmp_path_factory.mktemp("tiny") / "tiny")
    assert build([dataset], Settings(home=home)).release is not None
    return home


@pytest.fixture
def settings(first: Path, tmp_path: Path) -> Settings:
    """Settings of a home of one's own."""
    shutil.copytree(first, tmp_path / "home")
    return Settings(home=tmp_path / "home", allow_update=True)


class Client:
    """Asks a server, with a key that may write."""

    def __init__(self, web: httpx.Client, settings: Settings) -> None:
        self.web, self.settings = web, settings
        self.home = Home(settings.home)
        self.admin = Keys(settings.home).add("chief", "admin")[1]
        web.headers["authorization"] = f"Bearer {Keys(settings.home).add('pen', 'write')[1]}"

    def update(self, text: str, **headers: str) -> httpx.Response:
        given = {"content-type": "application/sparql-update"} | headers
        return self.web.post("/update", content=text, headers=given)

    def made(self, text: str) -> dict[str, Any]:
        """What a good update came to."""
        response = self.update(text)
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        assert response.headers["govgraph-release"] == found["release"] == self.current
        return found

    def rows(self, query: str, **parameters: str) -> list[tuple[str, ...]]:
        """The rows of a query."""
        found = self.web.get("/sparql", params={"query": query, "format": "json", **parameters})
        assert found.status_code == 200, found.text
        names = found.json()["head"]["vars"]
        rows = found.json()["results"]["bindings"]
        return sorted(tuple(row[name]["value"] for name in names if name in row) for row in rows)

    def graphs_of(self, triple: str) -> list[str]:
        """The graphs that state a triple."""
        return [row[0] for row in self.rows(f"SELECT ?g {{ GRAPH ?g {{ {triple} }} }}")]

    def send(self, name: str, content: str | bytes, **parameters: Any) -> httpx.Response:
        """Send rows to a table, given as dataset/table."""
        dataset, table = name.split("/")
        return self.web.post(
            f"/api/v1/datasets/{dataset}/tables/{table}",
            content=content.encode() if isinstance(content, str) else content,
            params=parameters,
            headers={"content-type": "text/csv"},
        )

    def table(self, name: str) -> str:
        dataset, table = name.split("/")
        found = self.web.get(f"/api/v1/datasets/{dataset}/tables/{table}")
        assert found.status_code == 200, found.text
        return found.text

    @property
    def current(self) -> str:
        return self.home.current().id

    def audit(self) -> list[dict[str, Any]]:
        lines = (self.settings.home / "audit.jsonl").read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines]


@pytest.fixture
def client(settings: Settings) -> Iterator[Client]:
    for web in serve(settings):
        yield Client(web, settings)
