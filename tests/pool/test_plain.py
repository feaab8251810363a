"""What the front tells by itself: a page for those who read pages, a document for programs."""

from __future__ import annotations

from typing import Any

import pytest

from govgraph.errors import GovgraphError
from govgraph.pool.plain import told


def scope(
    accept: str, path: str = "/search", query: str = "", method: str = "GET"
) -> dict[str, Any]:
    return {
        "method": method, "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "headers": [(b"accept", accept.encode())],
    }  # fmt: skip


def test_a_busy_service_tells_a_reader_in_both_languages_and_when_to_come_back() -> None:
    answer = told(scope("text/html,*/*;q=0.8", query='q="<x>'), GovgraphError("busy", seconds=7))
    page, headers = answer.body.decode(), dict(answer.headers)
    assert answer.status == 503
    assert headers[b"content-type"] == b"text/html; charset=utf-8"
    assert headers[b"content-length"] == str(len(answer.body)).encode()
    assert headers[b"retry-after"] == b"7"
    assert "服务繁忙；请在 7 秒后重试" in page
    assert '<p lang="en">The service is busy: try again in 7 seconds</p>' in page
    assert 'href="/search?q=&quot;&lt;x&gt;"' in page


@pytest.mark.parametrize(
    "asked", [scope("*/*"), scope("application/json"), scope("text/html", "/api/v1/search")]
)
def test_a_program_is_told_in_a_document(asked: dict[str, Any]) -> None:
    answer = told(asked, GovgraphError("busy", seconds=7))
    assert dict(answer.headers)[b"content-type"] == b"application/problem+json"


def test_the_link_back_never_leads_to_another_host() -> None:
    answer = told(scope("text/html", "//elsewhere.example/"), GovgraphError("busy", seconds=7))
    assert b'href="/elsewhere.example/"' in answer.body


def test_what_a_form_has_sent_is_not_sent_again_by_a_link() -> None:
    asked = scope("text/html", "/data/upload", method="POST")
    assert "再试一次" not in told(asked, GovgraphError("busy", seconds=7)).body.decode()
