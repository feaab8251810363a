"""Who asks, and how much one client may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govgraph.errors import GovgraphError
from govgraph.pool.clients import KNOWN, Clients, address, networks

TRUSTED = networks("10.0.0.0/8, ::1")


def scope(peer: str | None, *forwarded: str) -> dict[str, Any]:
    headers = [(b"x-forwarded-for", text.encode()) for text in forwarded]
    return {"client": (peer, 1) if peer else None, "headers": headers}


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("192.0.2.1", (), "192.0.2.1"),
        ("192.0.2.1", ("198.51.100.7",), "192.0.2.1"),
        ("10.1.2.3", ("198.51.100.7",), "198.51.100.7"),
        ("10.1.2.3", ("203.0.113.9, 198.51.100.7",), "198.51.100.7"),
        ("10.1.2.3", ("203.0.113.9", "198.51.100.7, 10.9.9.9"), "198.51.100.7"),
        ("::1", ("2001:db8::5",), "2001:db8::5"),
        ("10.1.2.3", (), "10.1.2.3"),
        ("10.1.2.3", (" , ",), "10.1.2.3"),
        (None, ("198.51.100.7",), "unknown"),
        ("not-an-address", ("198.51.100.7",), "not-an-address"),
    ],
)
def test_only_proxies_that_are_trusted_are_believed(
    peer: str | None, forwarded: tuple[str, ...], expected: str
) -> None:
    assert address(scope(peer, *forwarded), TRUSTED) == expected


def test_no_proxy_is_trusted_without_the_setting() -> None:
    assert address(scope("127.0.0.1", "198.51.100.7"), networks("")) == "127.0.0.1"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def working(clients: Clients, name: str) -> Iterator[None]:
    with clients.admitted(name) as client, clients.working(client):
        yield


def refused(clients: Clients, name: str) -> bool:
    try:
        with working(clients, name):
            return False
    except GovgraphError as found:
        error = found
    assert error.code == "too-many-requests"
    assert int(str(error.details["seconds"])) >= 1
    return True


def test_a_client_has_so_many_requests_at_a_time() -> None:
    clients = Clients(2, 60, Clock())
    with working(clients, "a"), working(clients, "a"):
        assert refused(clients, "a")
        assert not refused(clients, "b")
    assert not refused(clients, "a")


def test_working_time_is_a_budget_that_fills_again() -> None:
    clock = Clock()
    clients = Clients(4, 30, clock)
    with working(clients, "a"):
        clock.now += 61
    assert refused(clients, "a")
    assert not refused(clients, "b")
    clock.now += 60
    assert not refused(clients, "a")


def test_waiting_for_a_worker_uses_nothing_up() -> None:
    clock = Clock()
    clients = Clients(4, 30, clock)
    with clients.admitted("a") as client:
        clock.now += 1000
        with clients.working(client):
            clock.now += 1
    assert client.used == 1


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0, 200)), max_size=20))
def test_no_more_than_the_budget_and_one_request_is_used_in_a_minute(
    steps: list[tuple[float, float]],
) -> None:
    clock = Clock()
    clients, worked = Clients(1, 30, clock), []
    for work, pause in steps:
        clock.now += pause
        try:
            with working(clients, "a"):
                worked.append((clock.now, work))
                clock.now += work
        except GovgraphError:
            pass
    for begin, _ in worked:
        within = [work for at, work in worked if begin <= at < begin + 60]
        assert sum(within[:-1]) <= 2 * 30 + 1e-6


def test_idle_clients_are_forgotten_and_busy_ones_are_not() -> None:
    clients = Clients(1, 60, Clock())
    with working(clients, "busy"):
        for n in range(KNOWN + 10):
            assert not refused(clients, f"c{n}")
        assert len(clients._known) <= KNOWN
        assert refused(clients, "busy")
