"""Keys over HTTP: reading on a private instance, the audit log, what routes need."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pytest
from fastapi import Depends
from tests.access.conftest import Web

from govgraph.access.audit import Audit
from govgraph.access.key import Key, Scope
from govgraph.access.keys import Keys
from govgraph.app import create_app
from govgraph.errors import GovgraphError
from govgraph.http.access import require, writer
from govgraph.settings import Settings

SCOPES: list[Scope] = ["read", "write", "admin"]


@pytest.fixture
def secrets(tmp_path: Path) -> dict[str, str]:
    """A secret for each scope."""
    return {scope: Keys(tmp_path).add(scope, scope)[1] for scope in SCOPES}


@pytest.fixture
def private(tmp_path: Path) -> Web:
    return Web(create_app(Settings(home=tmp_path, read_key=True), one_by_one=True))


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_a_private_instance_says_nothing_without_a_key(
    private: Web, secrets: dict[str, str]
) -> None:
    for path in (
        "/sparql",
        "/docs",
        "/openapi.json",
        "/api/v1/releases",
        "/nothing",
        "/",
        "/id/a/b",
    ):
        refused = private.get(path)
        assert (refused.status_code, refused.json()["code"]) == (401, "key-missing"), path
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.headers["www-authenticate"].startswith("Bearer ")
    assert private.get("/health").status_code == 200
    wrong = private.get("/api/v1/releases", headers=bearer("wrong"))
    assert wrong.json()["code"] == "key-unknown"
    for secret in secrets.values():
        answer = private.get("/api/v1/releases", headers=bearer(secret))
        assert (answer.status_code, answer.json()) == (200, [])
        assert answer.headers["cache-control"] == "private"
        assert private.get("/api/v1/releases", auth=("", secret)).status_code == 200


def test_a_preflight_needs_no_key(tmp_path: Path) -> None:
    private = Web(create_app(Settings(home=tmp_path, read_key=True)))
    asked = {"Origin": "https://a.example", "Access-Control-Request-Method": "GET"}
    assert private.options("/sparql", headers=asked).status_code == 204
    assert private.get("/sparql").status_code == 401


def test_an_open_instance_asks_for_no_key(tmp_path: Path) -> None:
    answer = Web(create_app(Settings(home=tmp_path), one_by_one=True)).get("/api/v1/releases")
    assert answer.status_code == 200
    assert "cache-control" not in answer.headers


def test_the_audit_log_is_the_admins(tmp_path: Path, secrets: dict[str, str]) -> None:
    web = Web(create_app(Settings(home=tmp_path), one_by_one=True))
    audit = Audit(tmp_path)
    for number in range(5):
        audit.record("update", what=number)
    assert web.get("/api/v1/audit").status_code == 401
    for scope in ("read", "write"):
        refused = web.get("/api/v1/audit", headers=bearer(secrets[scope]))
        assert (refused.status_code, refused.json()["code"]) == (403, "key-scope")
        assert 'scope="admin"' in refused.headers["www-authenticate"]
    admin = bearer(secrets["admin"])
    first = web.get("/api/v1/audit", params={"limit": 3}, headers=admin).json()
    assert [line["what"] for line in first["items"]] == [4, 3, 2]
    page = {"limit": 3, "before": first["next"]}
    second = web.get("/api/v1/audit", params=page, headers=admin).json()
    assert [line["what"] for line in second["items"]] == [1, 0]
    assert second["next"] is None
    for wrong in ({"limit": 0}, {"limit": 10_000}, {"before": "x"}, {"before": 0}):
        assert web.get("/api/v1/audit", params=wrong, headers=admin).status_code == 422


@pytest.mark.parametrize("allow_update", [False, True])
def test_what_a_route_needs(tmp_path: Path, secrets: dict[str, str], allow_update: bool) -> None:
    app = create_app(Settings(home=tmp_path, allow_update=allow_update), one_by_one=True)

    @app.post("/named")
    async def named(key: Annotated[Key, Depends(require("write"))]) -> str:
        return key.name

    @app.post("/changed")
    async def changed(key: Annotated[Key, Depends(writer)]) -> str:
        return key.name

    web = Web(app)
    assert web.post("/named").json()["code"] == "key-missing"
    assert web.post("/named", headers=bearer(secrets["read"])).status_code == 403
    assert web.post("/named", headers=bearer(secrets["write"])).json() == "write"
    change = web.post("/changed", headers=bearer(secrets["write"])).json()
    assert change == "write" if allow_update else change["code"] == "updates-off"


def test_a_key_that_is_revoked_ends_at_once(
    tmp_path: Path, private: Web, secrets: dict[str, str]
) -> None:
    asked = bearer(secrets["read"])
    assert private.get("/api/v1/releases", headers=asked).status_code == 200
    Keys(tmp_path).revoke("read")
    assert private.get("/api/v1/releases", headers=asked).status_code == 401


def test_the_document_of_the_api_says_how_to_send_a_key(tmp_path: Path) -> None:
    described = create_app(Settings(home=tmp_path)).openapi()
    assert described["paths"]["/api/v1/audit"]["get"]["security"] == [
        {"HTTPBearer": []}, {"APIKeyHeader": []},
    ]  # fmt: skip


def test_where_the_home_is_is_not_told(tmp_path: Path) -> None:
    app = create_app(Settings(home=tmp_path), one_by_one=True)

    @app.get("/full")
    async def full() -> None:
        raise GovgraphError("disk-full", path=tmp_path)

    answer = Web(app).get("/full")
    assert (answer.status_code, answer.json()["code"]) == (507, "disk-full")
    assert str(tmp_path) not in answer.text
    assert str(tmp_path) in GovgraphError("disk-full", path=tmp_path).message_en
