"""From headers to a key: how it may be sent, and what is said when it does not do."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from tests.access.conftest import NOON, Bearer, Time

from govgraph.access.authorize import authorize, authorize_read, authorize_write
from govgraph.access.keys import Keys
from govgraph.errors import GovgraphError
from govgraph.settings import Settings


def refused(error: pytest.ExceptionInfo[GovgraphError]) -> tuple[int, str]:
    return error.value.status, error.value.code


def basic(text: str) -> bytes:
    return b"Basic " + base64.b64encode(text.encode())


def test_three_ways_to_send_a_key(keys: Keys) -> None:
    key, secret = keys.add("alice", "read")
    for name, value in (
        (b"authorization", f"Bearer {secret}".encode()),
        (b"Authorization", f"bearer  {secret} ".encode()),
        (b"authorization", basic(f"alice:{secret}")),
        (b"authorization", basic(f":{secret}")),
        (b"x-api-key", secret.encode()),
        (b"X-Api-Key", secret.encode()),
    ):
        assert authorize([(b"accept", b"*/*"), (name, value)], keys, "read") == key


def test_a_key_of_ours_goes_before_what_a_proxy_asked_for(keys: Keys) -> None:
    key, secret = keys.add("alice", "read")
    for other in (basic("user:of the proxy"), b"Digest username=alice", b"Bearer wrong"):
        sent = [(b"authorization", other), (b"x-api-key", secret.encode())]
        assert authorize(sent, keys, "read") == key
        assert authorize(reversed(sent), keys, "read") == key
    with pytest.raises(GovgraphError):
        authorize([(b"authorization", secret.encode()), (b"x-api-key", b"wrong")], keys, "read")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        (b"accept", b"*/*", "key-missing"),
        (b"authorization", b"", "key-missing"),
        (b"authorization", b"Bearer", "key-missing"),
        (b"authorization", b"Digest username=alice", "key-missing"),
        (b"x-api-key", b" ", "key-missing"),
        (b"authorization", basic("alice:"), "key-missing"),
        (b"authorization", basic("alice"), "key-missing"),
        (b"authorization", b"Bearer alice", "key-unknown"),
        (b"authorization", b"Bearer \xff\xfe", "key-unknown"),
        (b"authorization", b"Basic ???", "key-unknown"),
        (b"authorization", b"Basic \xff", "key-unknown"),
        (b"x-api-key", b"govgraph_00000000_" + b"0" * 64, "key-unknown"),
        (b"x-api-key", b"g" * 1_000_000, "key-unknown"),
    ],
)
def test_missing_and_unknown_keys(keys: Keys, name: bytes, value: bytes, code: str) -> None:
    keys.add("alice", "admin")
    with pytest.raises(GovgraphError) as error:
        authorize([(name, value)], keys, "read")
    assert refused(error) == (401, code)
    challenge = error.value.headers["WWW-Authenticate"]
    assert challenge.startswith('Bearer realm="govgraph"')
    assert 'Basic realm="govgraph"' in challenge


def test_a_key_that_has_ended(keys: Keys, time: Time, bearer: Bearer) -> None:
    key, secret = keys.add("alice", "read", NOON + timedelta(hours=1))
    time.passes(3599)
    assert authorize(bearer(secret), keys, "read") == key
    time.passes(1)
    with pytest.raises(GovgraphError) as error:
        authorize(bearer(secret), keys, "read")
    assert refused(error) == (401, "key-expired")


@pytest.mark.parametrize("held", ["read", "write", "admin"])
@pytest.mark.parametrize("asked", ["read", "write", "admin"])
def test_each_scope_includes_those_before_it(
    keys: Keys, bearer: Bearer, held: str, asked: str
) -> None:
    key, secret = keys.add("alice", held)  # type: ignore[arg-type]
    order = ["read", "write", "admin"]
    if order.index(held) >= order.index(asked):
        assert authorize(bearer(secret), keys, asked) == key  # type: ignore[arg-type]
        return
    with pytest.raises(GovgraphError) as error:
        authorize(bearer(secret), keys, asked)  # type: ignore[arg-type]
    assert refused(error) == (403, "key-scope")
    assert f'scope="{asked}"' in error.value.headers["WWW-Authenticate"]


def test_writes_need_the_setting_and_the_scope(keys: Keys, bearer: Bearer) -> None:
    key, secret = keys.add("alice", "write")
    with pytest.raises(GovgraphError) as error:
        authorize_write(bearer(secret), keys, Settings())
    assert refused(error) == (403, "updates-off")
    assert authorize_write(bearer(secret), keys, Settings(allow_update=True)) == key


def test_reads_need_a_key_where_it_is_set(keys: Keys, bearer: Bearer) -> None:
    key, secret = keys.add("alice", "read")
    assert authorize_read("GET", "/sparql", [], keys, Settings()) is None
    private = Settings(read_key=True)
    assert authorize_read("GET", "/sparql", bearer(secret), keys, private) == key
    for method, path in (("GET", "/sparql"), ("POST", "/health/x"), ("GET", "/HEALTH")):
        with pytest.raises(GovgraphError) as error:
            authorize_read(method, path, [], keys, private)
        assert refused(error) == (401, "key-missing")
    for method, path in (("GET", "/health"), ("GET", "/ready"), ("OPTIONS", "/sparql")):
        assert authorize_read(method, path, [], keys, private) is None
