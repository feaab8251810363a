"""Who asks: addresses, and the proxies that are believed about them."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

Networks = tuple[IPv4Network | IPv6Network, ...]


def networks(text: str) -> Networks:
    """The networks of a setting. ValueError if one is none."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def address(scope: dict[str, Any], trusted: Networks) -> str:
    """The client's address: the last of X-Forwarded-For that no trusted proxy wrote for itself."""
    peer: str = scope["client"][0] if scope.get("client") else "unknown"
    if not trusted:
        return peer
    hops = [hop.strip() for hop in _values(scope, b"x-forwarded-for").split(",") if hop.strip()]
    while within(peer, trusted) and hops:
        peer = hops.pop()
    return peer


def by_https(scope: dict[str, Any], trusted: Networks) -> bool:
    """Whether the client's connection is known to be encrypted: by ourselves or a trusted proxy."""
    if scope.get("scheme") == "https":
        return True
    peer = scope["client"][0] if scope.get("client") else "unknown"
    said = _values(scope, b"x-forwarded-proto")
    return bool(said) and within(peer, trusted) and said.rpartition(",")[2].strip() == "https"


def is_from(scope: dict[str, Any], trusted: Networks, allowed: Networks) -> bool:
    """Whether a client is in one of the networks. One that a proxy speaks for which is not trusted
    may be anyone."""
    forwarded = any(name in _FORWARDED for name, _ in scope["headers"])
    peer = scope["client"][0] if scope.get("client") else "unknown"
    if forwarded and not within(peer, trusted):
        return False
    return within(address(scope, trusted), allowed)


def within(text: str, allowed: Networks) -> bool:
    """Whether a text is an address in one of the networks."""
    try:
        found = ip_address(text)
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found  # as a socket for both families has it
    return any(found in network for network in allowed)


_FORWARDED = (b"x-forwarded-for", b"forwarded", b"x-real-ip", b"via")


def _values(scope: dict[str, Any], name: bytes) -> str:
    return b",".join(value for key, value in scope["headers"] if key == name).decode("latin-1")
