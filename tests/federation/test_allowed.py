"""Which endpoints are on a list, and which addresses may be asked for them."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import ip_address

import pytest

from govgraph.federation.allowed import Allowed, is_public
from govgraph.federation.client import Unanswered, addresses

LIST = Allowed(
    "https://query.example.org/sparql, dbpedia.example, 例え.example:8443,"
    " http://127.0.0.1:7878/query, https://[2001:db8::1]/x"
)


@pytest.mark.parametrize(
    "iri",
    [
        "https://query.example.org/sparql",
        "https://QUERY.example.org:443/sparql",
        "https://dbpedia.example/sparql?default-graph-uri=x",
        "https://dbpedia.example./any/path",
        "https://xn--r8jz45g.example:8443/",
        "http://127.0.0.1:7878/query",
    ],
)
def test_on_the_list(iri: str) -> None:
    assert LIST.find(iri) is not None


@pytest.mark.parametrize(
    "iri",
    [
        "https://query.example.org/other",
        "https://query.example.org/sparql?x=1",
        "http://query.example.org/sparql",
        "https://query.example.org:8443/sparql",
        "http://dbpedia.example/sparql",
        "https://dbpedia.example:444/sparql",
        "https://dbpedia.example.evil.example/",
        "https://evil.example/dbpedia.example",
        "https://dbpedia.example@evil.example/",
        "https://evil.example#dbpedia.example",
        "https://user@dbpedia.example/",
        "http://127.0.0.1:7878/",
        "http://127.0.0.1:7879/query",
        "http://2130706433:7878/query",
        "http://0x7f.1:7878/query",
        "http://localhost:7878/query",
        "http://[::ffff:127.0.0.1]:7878/query",
        "file:///etc/passwd",
        "https:///sparql",
        "https://dbpedia.example:99999/",
        "https://dbpedia.example/a b",
        "https://[dbpedia.example/",
        "",
    ],
)
def test_not_on_the_list(iri: str) -> None:
    assert LIST.find(iri) is None


@pytest.mark.parametrize(
    "text", ["http://example.org/sparql", "ftp://x.example", "a.example/path", "https://"]
)
def test_an_entry_that_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        Allowed(text)


@pytest.mark.parametrize("text", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "2a00:1450:4001::1"])
def test_public_addresses(text: str) -> None:
    assert is_public(ip_address(text))


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "192.0.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1",
        "255.255.255.255", "192.0.2.1",
        "::1", "::", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::127.0.0.1", "fe80::1", "fe80::1%1",
        "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1",
        "2002:7f00:1::1", "2001:0:4136:e378::1", "2001:db8::1", "100::1",
    ],
)  # fmt: skip
def test_addresses_that_are_nobodys_or_somebodys_own(text: str) -> None:
    assert not is_public(ip_address(text))


def looked_up(
    monkeypatch: pytest.MonkeyPatch, allowed: Allowed, iri: str, *found: str
) -> list[str]:
    """The addresses that would be asked if a name had these; looked up once."""
    asked: list[object] = []

    async def getaddrinfo(*args: object, **_: object) -> list[tuple[object, ...]]:
        asked.append(args)
        return [(socket.AF_INET, 1, 6, "", (each, 443)) for each in found]

    async def main() -> list[str]:
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo, raising=False)
        endpoint = allowed.find(iri)
        assert endpoint is not None
        return [str(each) for each in await addresses(endpoint, allowed)]

    result = asyncio.run(main())
    assert len(asked) == 1
    return result


def test_a_name_may_have_public_addresses_only(monkeypatch: pytest.MonkeyPatch) -> None:
    iri = "https://dbpedia.example/sparql"
    assert looked_up(monkeypatch, LIST, iri, "8.8.8.8", "1.1.1.1") == ["8.8.8.8", "1.1.1.1"]
    for found in (["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["fd00:ec2::254"], []):
        with pytest.raises(Unanswered):
            looked_up(monkeypatch, LIST, iri, *found)


def test_consent_to_an_address_is_to_that_one(monkeypatch: pytest.MonkeyPatch) -> None:
    iri = "http://127.0.0.1:7878/query"
    assert looked_up(monkeypatch, LIST, iri, "127.0.0.1") == ["127.0.0.1"]
    with pytest.raises(Unanswered):
        looked_up(monkeypatch, LIST, iri, "127.0.0.2")
    host = Allowed("127.0.0.1:7878")
    with pytest.raises(Unanswered):
        looked_up(monkeypatch, host, "https://127.0.0.1:7878/query", "127.0.0.1")
