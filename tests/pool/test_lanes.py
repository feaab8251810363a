"""Which requests change something."""

from __future__ import annotations

import pytest

from govgraph.pool.lanes import is_write

WRITES = {
    ("POST", "/update"),
    *((method, "/graphs") for method in ("PUT", "POST", "PATCH", "DELETE")),
    ("PUT", "/graphs/a/b.ttl"),
    *((method, "/api/v1/datasets/x/tables/y") for method in ("PUT", "POST", "DELETE")),
    ("POST", "/api/v1/releases/x/rollback"),
    ("POST", "/data/upload"),
}
READS = {
    ("GET", "/update"), ("GET", "/graphs"), ("HEAD", "/graphs/a"), ("POST", "/sparql"),
    ("GET", "/api/v1/datasets/x"), ("GET", "/api/v1/releases/x"), ("PUT", "/api/v1/releases/x"),
    ("GET", "/data/upload"), ("POST", "/data/uploads"),
    ("POST", "/updates"), ("POST", "/graphsx"), ("POST", "/reconcile"), ("OPTIONS", "/graphs"),
}  # fmt: skip


@pytest.mark.parametrize(("method", "path"), sorted(WRITES))
def test_what_changes_something(method: str, path: str) -> None:
    assert is_write(method, path)


@pytest.mark.parametrize(("method", "path"), sorted(READS))
def test_what_reads(method: str, path: str) -> None:
    assert not is_write(method, path)
