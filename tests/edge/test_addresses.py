"""Who asks, by which way, and who may read what is not for everybody."""

from __future__ import annotations

from typing import Any

import pytest

from govgraph.edge.addresses import address, by_https, is_from, networks

PROXIES = networks("10.0.0.0/8")
LOCAL = networks("127.0.0.0/8,::1")


def scope(peer: str | None, scheme: str = "http", **headers: str) -> dict[str, Any]:
    pairs = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    return {"client": (peer, 1) if peer else None, "scheme": scheme, "headers": pairs}


def test_a_socket_for_both_families_is_known_by_its_ipv4_address() -> None:
    seen = scope("::ffff:10.0.0.1", x_forwarded_for="198.51.100.7")
    assert address(seen, PROXIES) == "198.51.100.7"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (scope("192.0.2.1"), False),
        (scope("192.0.2.1", "https"), True),
        (scope("192.0.2.1", x_forwarded_proto="https"), False),
        (scope("10.0.0.1", x_forwarded_proto="https"), True),
        (scope("10.0.0.1", x_forwarded_proto="https, http"), False),
        (scope("10.0.0.1", x_forwarded_proto="http"), False),
        (scope("10.0.0.1"), False),
        (scope(None, x_forwarded_proto="https"), False),
    ],
)
def test_https_is_believed_of_proxies_that_are_trusted(asked: Any, expected: bool) -> None:
    assert by_https(asked, PROXIES) is expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (scope("127.0.0.1"), True),
        (scope("::1"), True),
        (scope("::ffff:127.0.0.1"), True),
        (scope("192.0.2.1"), False),
        (scope(None), False),
        # a proxy on this machine that nobody has declared speaks for anyone
        (scope("127.0.0.1", x_forwarded_for="192.0.2.1"), False),
        (scope("127.0.0.1", forwarded="for=192.0.2.1"), False),
        (scope("127.0.0.1", via="1.1 proxy"), False),
        # one that is declared says for whom
        (scope("10.0.0.1", x_forwarded_for="127.0.0.1"), True),
        (scope("10.0.0.1", x_forwarded_for="192.0.2.1"), False),
        (scope("10.0.0.1"), False),
    ],
)
def test_only_a_client_that_is_known_to_be_here_is_here(asked: Any, expected: bool) -> None:
    assert is_from(asked, PROXIES, LOCAL) is expected
