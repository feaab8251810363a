"""`govgraph keys` and `govgraph audit`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run

from govgraph.access.audit import Audit
from govgraph.access.keys import Keys


def test_a_key_is_printed_once(run: Run, tmp_path: Path) -> None:
    done = run("keys", "add", "alice", "--scope", "write", "--home", tmp_path)
    assert done.exit_code == 0
    secret = done.stdout.strip()
    found = Keys(tmp_path).find(secret)
    assert found is not None
    assert (found.name, found.scopes, found.expires) == ("alice", ("read", "write"), None)
    shown = run("keys", "list", "--home", tmp_path)
    assert "alice" in shown.stdout
    assert secret[-64:] not in shown.stdout
    assert found.digest not in shown.stdout
    assert secret[-64:] not in Audit(tmp_path).path.read_text("utf-8")


def test_expiry_is_the_end_of_a_day_or_a_time_with_its_zone(run: Run, tmp_path: Path) -> None:
    for name, given, kept in (
        ("a", "2999-01-31", "2999-02-01T00:00:00+00:00"),
        ("b", "2999-01-31T08:00+08:00", "2999-01-31T00:00:00+00:00"),
        ("c", "2999-01-31T08:00Z", "2999-01-31T08:00:00+00:00"),
    ):
        arguments = ("keys", "add", name, "--scope", "read", "--expires", given, "--json")
        done = run(*arguments, "--home", tmp_path)
        assert json.loads(done.stdout)["expires"] == kept
    for given in ("2999-02-30", "soon", "2999-01-31T08:00", "2001-01-01", ""):
        arguments = ("keys", "add", "d", "--scope", "read", "--expires", given)
        assert run(*arguments, "--home", tmp_path).exit_code == 2, given
    assert [key.name for key in Keys(tmp_path).all()] == ["a", "b", "c"]


def test_rotated_and_revoked(run: Run, tmp_path: Path) -> None:
    home = ("--home", tmp_path)
    first = run("keys", "add", "alice", "--scope", "admin", *home).stdout.strip()
    second = run("keys", "rotate", "alice", "--grace", "2", *home).stdout.strip()
    keys = Keys(tmp_path)
    old, new = keys.find(first), keys.find(second)
    assert old is not None
    assert old.expires is not None
    assert new is not None
    assert new.expires is None
    listed = json.loads(run("keys", "list", "--json", *home).stdout)
    assert [row["expired"] for row in listed] == [False, False]
    assert json.loads(run("keys", "revoke", "alice", "--json", *home).stdout) == [
        {k: v for k, v in row.items() if k != "expired"} for row in listed
    ]
    assert keys.find(first) is keys.find(second) is None
    again = run("keys", "revoke", "alice", "--json", *home)
    assert (again.exit_code, json.loads(again.stdout)["code"]) == (2, "unknown-key")


def test_what_was_done_with_keys_is_in_the_audit_log(run: Run, tmp_path: Path) -> None:
    home = ("--home", tmp_path)
    run("keys", "add", "alice", "--scope", "read", *home)
    run("keys", "rotate", "alice", *home)
    run("keys", "revoke", "alice", *home)
    lines = json.loads(run("audit", "--json", *home).stdout)
    assert [line["action"] for line in lines] == ["keys revoke", "keys rotate", "keys add"]
    assert all(line["by"]["user"] for line in lines)
    assert all(line["keys"][0]["name"] == "alice" for line in lines)
    shown = run("audit", "--limit", 1, *home).stdout
    assert "keys revoke" in shown
    assert "keys add" not in shown


def test_a_broken_file_of_keys(run: Run, tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("{")
    for command in (("list",), ("add", "alice", "--scope", "read"), ("revoke", "alice")):
        done = run("keys", *command, "--home", tmp_path)
        assert done.exit_code == 2
        assert "cannot be read" in done.output


def test_a_broken_audit_log(run: Run, tmp_path: Path) -> None:
    Audit(tmp_path).path.write_text("{\n")
    done = run("audit", "--json", "--home", tmp_path)
    assert (done.exit_code, json.loads(done.stdout)["code"]) == (2, "audit-unusable")
