"""The front asks for the key itself: it answers from memory, without the application."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.access.conftest import Web

from govgraph.access.keys import Keys
from govgraph.pool.front import Front
from govgraph.pool.reply import Kept
from govgraph.settings import Settings


@pytest.fixture
def front(tmp_path: Path) -> Front:
    """A front without workers that keeps an answer to whatever is asked."""
    front = Front(Settings(home=tmp_path, read_key=True))
    kept = Kept(200, [(b"content-type", b"text/plain"), (b"etag", b'"x"')], b"kept")
    front.cache.get = lambda _key: kept  # type: ignore[method-assign]
    return front


def test_kept_answers_are_for_those_with_a_key(front: Front, tmp_path: Path) -> None:
    key, secret = Keys(tmp_path).add("alice", "read")
    web = Web(front)
    for sent in ({}, {"X-Api-Key": "wrong"}, {"X-Api-Key": f"govgraph_{key.id}_{'0' * 64}"}):
        refused = web.get("/sparql", headers=sent)
        assert refused.status_code == 401
        assert "www-authenticate" in refused.headers
        assert b"kept" not in refused.content
    assert web.get("/sparql", headers={"X-Api-Key": secret}).text == "kept"
    assert web.get("/health").json()["status"] == "ok"
    Keys(tmp_path).revoke("alice")
    assert web.get("/sparql", headers={"X-Api-Key": secret}).status_code == 401
