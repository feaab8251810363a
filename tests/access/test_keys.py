"""Keys: what is kept of them, how they are found, how they end."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from tests.access.conftest import NOON, Time

from govgraph.access.keys import Keys
from govgraph.errors import GovgraphError

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def code(error: pytest.ExceptionInfo[GovgraphError]) -> str:
    return error.value.code


def test_a_key_is_found_by_its_secret_alone(keys: Keys) -> None:
    key, secret = keys.add("alice", "write")
    other, _ = keys.add("bob", "read")
    assert keys.find(secret) == key
    assert key.scopes == ("read", "write")
    assert other.scopes == ("read",)
    prefix, key_id, _ = secret.split("_")
    for wrong in (
        "",
        key_id,
        f"{prefix}_{key_id}_",
        f"{prefix}_{key_id}_{'0' * 64}",
        f"{prefix}_{other.id}_{secret.split('_')[2]}",
        secret[:-1],
        secret + "0",
        secret.upper(),
        secret + "\n",
        "密钥_\udcff",
    ):
        assert keys.find(wrong) is None, wrong


def test_the_file_holds_no_secret_and_is_the_owners(keys: Keys) -> None:
    before = os.umask(0)
    try:
        _, secret = keys.add("alice", "admin")
    finally:
        os.umask(before)
    assert secret.split("_")[2] not in keys.path.read_text()
    assert len(bytes.fromhex(secret.split("_")[2])) == 32
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o600


def test_secrets_are_compared_in_constant_time(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    """Known id or not, one comparison of digests of one length is made."""
    _, secret = keys.add("alice", "read")
    compared: list[tuple[int, int]] = []

    def compare(one: str, other: str) -> bool:
        compared.append((len(one), len(other)))
        return one == other

    monkeypatch.setattr("govgraph.access.key.hmac.compare_digest", compare)
    for sent in (secret, secret[:-1] + "x", "govgraph_00000000_00", "nonsense"):
        keys.find(sent)
    assert compared == [(64, 64)] * 4


def test_a_server_sees_keys_come_and_go(keys: Keys) -> None:
    server = Keys(keys.home)
    assert server.all() == []
    _, secret = keys.add("alice", "read")
    assert server.find(secret) is not None
    keys.revoke("alice")
    assert server.find(secret) is None


def test_a_name_is_given_once(keys: Keys) -> None:
    keys.add("alice", "read")
    with pytest.raises(GovgraphError) as error:
        keys.add("alice", "admin")
    assert code(error) == "key-exists"
    for name in ("", "a b", "a\n", "x" * 65, "<b>"):
        with pytest.raises(GovgraphError) as error:
            keys.add(name, "read")
        assert code(error) == "invalid-parameter"


def test_rotated_at_once(keys: Keys) -> None:
    old, secret = keys.add("alice", "write", NOON + DAY)
    new, fresh = keys.rotate("alice")
    assert keys.find(secret) is None
    assert keys.find(fresh) == new
    assert (new.name, new.scopes, new.expires) == ("alice", old.scopes, old.expires)
    assert new.id != old.id


def test_rotated_with_grace(keys: Keys, time: Time) -> None:
    _, first = keys.add("alice", "write")
    _, second = keys.rotate("alice", 2 * HOUR)
    time.passes(3600)
    _, third = keys.rotate("alice", 8 * HOUR)
    found = [keys.find(secret) for secret in (first, second, third)]
    assert [key.expires if key else "gone" for key in found] == [
        NOON + 2 * HOUR,  # a second grace does not lengthen the first
        NOON + 9 * HOUR,
        None,
    ]
    time.passes(3600)
    assert [key.expired(keys.now()) for key in found if key] == [True, False, False]


def test_rotated_by_id(keys: Keys) -> None:
    """The one key is replaced; its name stays."""
    first, _ = keys.add("alice", "write")
    second, _ = keys.rotate("alice", HOUR)
    third, _ = keys.rotate(second.id)
    assert [(key.id, key.name) for key in keys.all()] == [(first.id, "alice"), (third.id, "alice")]


def test_a_key_that_has_ended_passes_no_end_on(keys: Keys, time: Time) -> None:
    keys.add("alice", "write", NOON + HOUR)
    time.passes(3600)
    with pytest.raises(GovgraphError) as error:
        keys.rotate("alice", HOUR)
    assert code(error) == "invalid-parameter"
    new, secret = keys.rotate("alice", HOUR, NOON + 2 * HOUR)
    assert keys.find(secret) == new
    assert keys.all() == [new]


def test_revoked_by_name_or_id(keys: Keys) -> None:
    keys.add("alice", "read")
    new, _ = keys.rotate("alice", HOUR)
    assert [key.id for key in keys.revoke(new.id)] == [new.id]
    assert len(keys.all()) == 1
    keys.rotate("alice", HOUR)
    assert len(keys.revoke("alice")) == 2
    for change in (keys.revoke, keys.rotate):
        with pytest.raises(GovgraphError) as error:
            change("alice")
        assert code(error) == "unknown-key"


def test_the_clock_goes_back_while_the_service_runs(keys: Keys, time: Time) -> None:
    key, _ = keys.add("alice", "read", NOON + HOUR)
    time.passes(2 * 3600)
    assert key.expired(keys.now())
    time.wall -= 5 * 3600
    assert key.expired(keys.now())


def test_a_leap_forward_that_is_taken_back_ends_no_key(keys: Keys, time: Time) -> None:
    key, _ = keys.add("alice", "read", NOON + HOUR)
    time.wall += 1e9
    assert key.expired(keys.now())
    time.wall -= 1e9
    assert not key.expired(keys.now())


def test_the_clock_goes_back_between_two_runs(keys: Keys, time: Time) -> None:
    """The file knows when it was written: nothing that had ended by then lives again."""
    key, _ = keys.add("alice", "read", NOON + HOUR)
    time.passes(2 * 3600)
    keys.add("bob", "read")
    time.wall -= 5 * 3600
    assert key.expired(Keys(keys.home).now())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"[" * 100_000,
        b"{}",
        b"\xff",
        b'{"keys": [{}], "written": "2026-01-01T00:00:00+00:00"}',
        b'{"keys": [], "written": "2026-01-01T00:00:00"}',
        b'{"keys": [7], "written": "2026-01-01T00:00:00+00:00"}',
    ],
)
def test_a_broken_file_lets_nobody_in_and_is_not_overwritten(keys: Keys, content: bytes) -> None:
    _, secret = keys.add("alice", "read")
    keys.path.write_bytes(content)
    for work in (lambda: keys.find(secret), lambda: keys.add("bob", "read")):
        with pytest.raises(GovgraphError) as error:
            work()
        assert (code(error), error.value.status) == ("keys-unusable", 500)
        assert str(keys.home) not in json.dumps(error.value.problem())
    assert keys.path.read_bytes() == content


def test_a_crash_while_writing_leaves_the_old_file(
    keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, secret = keys.add("alice", "read")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("govgraph.durable.os.fsync", full)
    with pytest.raises(GovgraphError) as error:
        keys.add("bob", "read")
    assert code(error) == "disk-full"
    assert keys.find(secret) is not None
    assert sorted(path.name for path in keys.home.iterdir()) == [".keys.lock", "keys.json"]


ADD = "import sys; from pathlib import Path; from govgraph.access.keys import Keys\n"
ADD += "keys = Keys(Path(sys.argv[1]))\n"
ADD += "for n in range(10): keys.add(f'{sys.argv[2]}-{n}', 'read')"


def test_two_commands_at_once_lose_no_key(keys: Keys) -> None:
    def add(name: str) -> int:
        return subprocess.run([sys.executable, "-c", ADD, keys.home, name]).returncode

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(add, "abc")) == [0, 0, 0]
    assert {key.name for key in keys.all()} == {f"{who}-{n}" for who in "abc" for n in range(10)}


def test_a_home_that_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(GovgraphError) as error:
        Keys(tmp_path / "file").add("alice", "read")
    assert code(error) == "home-unusable"
    assert Keys(tmp_path / "file").all() == []
