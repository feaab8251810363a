"""Which endpoints a query may name, and which addresses may be behind them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
_PORTS = {"https": 443, "http": 80}
#: IPv6 networks whose addresses stand for others: mapped, compatible, NAT64, 6to4, Teredo.
_STANDING_FOR_OTHERS = tuple(
    map(
        ip_network,
        ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"),
    )
)


@dataclass(frozen=True)
class Endpoint:
    """Where an endpoint is. `target` is path and query; None, of an entry of the list, is any."""

    scheme: str
    host: str
    port: int
    target: str | None

    @property
    def literal(self) -> Address | None:
        """The address, if the host is one and no name."""
        try:
            return ip_address(self.host)
        except ValueError:
            return None

    @property
    def netloc(self) -> str:
        """Host and port as a URL has them."""
        return netloc(self.host, None if self.port == _PORTS[self.scheme] else self.port)


def netloc(host: str, port: int | None) -> str:
    """A host with its port, as a URL has them."""
    shown = f"[{host}]" if ":" in host else host
    return shown if port is None else f"{shown}:{port}"


class Allowed:
    """The list. An entry is the whole URL of an endpoint, or a host, whose endpoints may all be
    asked; by https. One at a URL whose host is an address, such as http://127.0.0.1:7878/query, may
    be asked by http, and be anywhere: naming it is consent to that address.

    ValueError for an entry that is neither."""

    def __init__(self, text: str) -> None:
        self.entries = {_entry(part.strip()) for part in text.split(",") if part.strip()}

    def __bool__(self) -> bool:
        return bool(self.entries)

    def find(self, iri: str) -> Endpoint | None:
        """The endpoint at an IRI, None if it is not allowed."""
        try:
            asked = _endpoint(iri)
        except ValueError:
            return None
        whole_host = Endpoint(asked.scheme, asked.host, asked.port, None)
        return asked if asked in self.entries or whole_host in self.entries else None

    def admits(self, endpoint: Endpoint, addresses: Iterable[Address]) -> bool:
        """Whether an allowed endpoint may be asked at these addresses: all of them are public, or
        it is at the one that was consented to."""
        consented = endpoint.literal if endpoint in self.entries else None
        return all(each == consented or is_public(each) for each in addresses)


def is_public(address: Address) -> bool:
    """Whether an address can only be one of the public internet's."""
    if isinstance(address, IPv6Address):
        if any(address in network for network in _STANDING_FOR_OTHERS):
            return False
        if address.is_site_local or address.scope_id:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _entry(text: str) -> Endpoint:
    if "://" in text:
        found = _endpoint(text)
        if found.scheme == "http" and found.literal is None:
            raise ValueError(f"only an address may be asked by http: {text}")
        return found
    whole = _endpoint(f"https://{text}")
    if whole.target != "/":
        raise ValueError(f"write a host, or a URL that begins with https://: {text}")
    return Endpoint(whole.scheme, whole.host, whole.port, None)


def _endpoint(iri: str) -> Endpoint:
    """ValueError if it is no URL of an endpoint."""
    parts = urlsplit(iri)
    if parts.scheme not in _PORTS or not parts.hostname or parts.fragment or "@" in parts.netloc:
        raise ValueError(f"not the URL of an endpoint: {iri}")
    host = parts.hostname.rstrip(".").encode("idna" if not parts.hostname.isascii() else "ascii")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not target.isascii() or not target.isprintable() or " " in target:
        raise ValueError(f"not the URL of an endpoint: {iri}")
    return Endpoint(parts.scheme, host.decode().lower(), parts.port or _PORTS[parts.scheme], target)
