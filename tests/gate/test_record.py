"""Who changed what: the audit log has each write, those that were refused too."""

from __future__ import annotations

import hashlib
from typing import Any

from tests.gate.conftest import Client
from tests.service.conftest import serve

from govgraph.settings import Settings

TEXT = "INSERT DATA { <x:a> <x:p> 1 }"


def said(lines: list[dict[str, Any]]) -> list[tuple[str, str, str | None]]:
    return [(line["action"], line["outcome"], line["by"].get("name")) for line in lines]


def test_a_write_is_recorded_before_and_after(client: Client) -> None:
    before = client.current
    made = client.made(TEXT)
    begun, done = client.audit()
    assert said([begun, done]) == [("update", "begun", "pen"), ("update", "done", "pen")]
    assert (begun["client"], begun["path"]) == ("127.0.0.1", "/update")
    assert begun["sha256"] == hashlib.sha256(TEXT.encode()).hexdigest()
    assert begun["bytes"] == len(TEXT)
    assert done["began"] == begun["number"]
    assert (done["before"], done["release"]) == (before, made["release"])
    assert (done["added"], done["removed"]) == (1, 0)


def test_refusals_are_recorded(client: Client) -> None:
    client.update("INSERT DATA { <x:a> }")
    client.update("DELETE WHERE { org:Organization ?p ?o }")
    client.send("tiny/persons", "id,label_zh,assertion\nt-p5,x,wrong\n", dry_run=False)
    client.web.put("/graphs", content="<x:a> <x:p> 1 .", headers={"content-type": "text/css"})
    client.update(TEXT, authorization="Bearer wrong")
    client.update(TEXT, authorization="")
    assert said(client.audit()) == [
        ("update", "begun", "pen"),
        ("update", "update-syntax", "pen"),
        ("update", "begun", "pen"),
        ("update", "graph-protected", "pen"),
        ("table-post", "begun", "pen"),
        ("table-post", "change-refused", "pen"),
        ("graph-put", "which-graph", "pen"),
        ("update", "key-unknown", None),
    ]
    sent = client.audit()[4]
    assert (sent["dataset"], sent["table"], sent["mode"]) == ("tiny", "persons", "merge")


def test_what_cannot_be_recorded_is_not_done(client: Client) -> None:
    before = client.current
    (client.settings.home / "audit.jsonl").mkdir()
    refused = client.update(TEXT)
    assert (refused.status_code, refused.json()["code"]) == (500, "audit-failed")
    assert client.current == before


def test_without_leave_or_key_nothing_is_read(client: Client) -> None:
    for key, code in (("", "key-missing"), ("Bearer x", "key-unknown")):
        for method, path in (
            ("POST", "/update"), ("PUT", "/graphs"), ("PATCH", "/graphs"), ("DELETE", "/graphs"),
            ("POST", "/graphs"), ("POST", "/api/v1/datasets/tiny/tables/persons"),
            ("PUT", "/api/v1/datasets/tiny/tables/persons"),
            ("DELETE", "/api/v1/datasets/tiny/tables/persons"),
            ("POST", "/api/v1/releases/current/serve"),
        ):  # fmt: skip
            refused = client.web.request(method, path, headers={"authorization": key})
            assert (refused.status_code, refused.json()["code"]) == (401, code)


def test_a_service_that_takes_no_changes_takes_none(settings: Settings) -> None:
    for web in serve(settings.model_copy(update={"allow_update": False})):
        client = Client(web, settings)
        keyed = {"authorization": f"Bearer {client.admin}"}
        for method, path in (
            ("POST", "/update"), ("PUT", "/graphs"), ("DELETE", "/graphs/x"),
            ("POST", "/api/v1/datasets/tiny/tables/persons"),
            ("POST", f"/api/v1/releases/{client.current}/serve"),
        ):  # fmt: skip
            refused = web.request(method, path, headers=keyed)
            assert (refused.status_code, refused.json()["code"]) == (403, "updates-off")


def test_what_writes_is_documented(client: Client) -> None:
    """In both languages, with the key that it needs and what a refusal looks like."""
    paths = client.web.get("/openapi.json").json()["paths"]
    writes = [("/update", "post"), ("/api/v1/releases/{id}/serve", "post")]
    writes += [("/graphs", method) for method in ("put", "post", "patch", "delete")]
    table = "/api/v1/datasets/{dataset}/tables/{table}"
    writes += [(table, method) for method in ("post", "put", "delete")]
    for path, method in writes:
        route = paths[path][method]
        assert route["security"], (path, method)
        assert {"401", "403", "409", "412"} <= route["responses"].keys(), (path, method)
        assert any("\u4e00" <= sign <= "\u9fff" for sign in route["summary"]), (path, method)
