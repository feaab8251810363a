"""What a server may do to us, and what a caller then hears: never a short answer that looks whole."""

from __future__ import annotations

import re
import threading
from http.server import BaseHTTPRequestHandler

import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat
from tests.remote.servers import free_port
from tests.remote.stub import Answer, chunked, says, serving

from govgraph.engine.base import Formats
from govgraph.engine.remote.connection import Endpoint
from govgraph.engine.remote.credentials import Credentials
from govgraph.engine.remote.engine import RemoteEngine
from govgraph.engine.remote.layout import Layout
from govgraph.engine.stream import Chunks, Stopped
from govgraph.errors import GovgraphError

LAYOUT = Layout("https://example.org/", "r1", (), staged=True)
FORMATS: Formats = {
    "select": QueryResultsFormat.TSV,
    "ask": QueryResultsFormat.JSON,
    "graph": RdfFormat.N_TRIPLES,
}
HEAD = b"""<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">
<head><variable name="s"/></head><results>"""
ROW = b"<result><binding name='s'><uri>http://a/%d</uri></binding></result>"
TAIL = b"</results></sparql>"
WHOLE = HEAD + b"".join(ROW % n for n in range(3)) + TAIL
TRIPLES = b"<http://a/1> <http://a/p> <http://a/2> .\n" * 3
SELECT, GRAPH = "SELECT ?s WHERE { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


def engine(url: str, seconds: float = 20, known: Credentials | None = None) -> RemoteEngine:
    return RemoteEngine(Endpoint(url, "GOVGRAPH_REMOTE_QUERY", seconds, known), LAYOUT)


def code(answer: Answer, query: str = SELECT, **options: object) -> str:
    """What a caller hears who asks a server that answers so."""
    with serving(answer) as stub, pytest.raises(GovgraphError) as caught:
        engine(stub.url, **options).answer(query, FORMATS).body()  # type: ignore[arg-type]
    assert stub.url not in str(caught.value.problem())
    return caught.value.code


def test_an_answer_is_read_and_written_anew() -> None:
    with serving(chunked(WHOLE[:40], WHOLE[40:])) as stub:
        assert engine(stub.url).answer(SELECT, FORMATS).body().count(b"\n") == 4
        assert len(engine(stub.url).select(SELECT)) == 3
    with serving(says(TRIPLES)) as stub:
        assert engine(stub.url).answer(GRAPH, FORMATS).body() == TRIPLES


CUT = {
    "fewer bytes than announced": says(WHOLE[:-40], announced=len(WHOLE)),
    "a chunk is missing": chunked(WHOLE[:-40], ended=False),
    "the end is missing": chunked(WHOLE[:-40]),
    "an error's text at the end": chunked(HEAD, ROW % 1, b"query evaluation timeout"),
    "text after the end": chunked(WHOLE, b"error"),
    "nothing at all": says(b""),
    "a page": says(b"<html><body>It works</body></html>"),
    "another form": says(b"<sparql xmlns='http://www.w3.org/2005/sparql-results#'><head/>"
                         b"<boolean>true</boolean></sparql>"),
}  # fmt: skip


@pytest.mark.parametrize("answer", CUT.values(), ids=CUT)
def test_solutions_that_are_not_whole_are_noticed(answer: Answer) -> None:
    assert code(answer) == "remote-cut"


@pytest.mark.parametrize(
    "answer",
    [
        says(TRIPLES[:-1], announced=len(TRIPLES)),
        chunked(TRIPLES, ended=False),
        chunked(TRIPLES, b"query evaluation timeout"),
    ],
    ids=["fewer bytes than announced", "a chunk is missing", "an error's text at the end"],
)
def test_a_graph_that_is_not_whole_is_noticed(answer: Answer) -> None:
    assert code(answer, GRAPH) == "remote-cut"


def test_what_came_before_the_break_is_no_whole_answer() -> None:
    """A long answer breaks after its first bytes have gone to the caller."""
    rows = b"".join(ROW % n for n in range(20_000))
    with serving(chunked(HEAD, rows, ended=False)) as stub:
        chunks = engine(stub.url).answer(SELECT, FORMATS).chunks
        assert next(chunks).startswith(b"?s\n<http://a/0>\n")
        with pytest.raises(GovgraphError, match="not whole"):
            list(chunks)


STATUS = {
    "remote-credentials": says(b"no", 403),
    "remote-address": says(b"no", 404),
    "remote-failed": says(b"secret detail", 500),
    "remote-unavailable": says(b"no", 503),
}


@pytest.mark.parametrize(("expected", "answer"), STATUS.items(), ids=STATUS)
def test_a_status_has_a_code(expected: str, answer: Answer) -> None:
    assert code(answer) == expected


def test_a_redirect_is_not_followed() -> None:
    with serving(says(WHOLE)) as other:
        secret = Credentials("someone", "s3cret")
        assert code(says(b"", 302, Location=other.url), known=secret) == "remote-address"
        assert other.asked == []


def test_nobody_listens() -> None:
    url = f"http://127.0.0.1:{free_port()}/sparql"
    with pytest.raises(GovgraphError) as caught:
        engine(url).select(SELECT)
    assert caught.value.code == "remote-unavailable"


class Slow:
    """Answers half, then waits until it is told."""

    def __init__(self) -> None:
        self.asked, self.free = threading.Event(), threading.Event()

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(WHOLE)))
        handler.end_headers()
        handler.wfile.write(WHOLE[:200])
        self.asked.set()
        self.free.wait()
        handler.close_connection = True


def test_a_slow_answer_is_given_up() -> None:
    slow = Slow()
    with serving(slow) as stub:
        with pytest.raises(GovgraphError) as caught:
            engine(stub.url, seconds=0.3).select(SELECT)
        slow.free.set()
    assert caught.value.code == "query-timeout"
    assert "0.3" in str(caught.value)


def read(chunks: Chunks, ended: list[BaseException]) -> None:
    """Read a chunk, and note how that ends."""
    try:
        next(chunks)
    except BaseException as error:
        ended.append(error)


def test_a_caller_that_goes_ends_the_exchange() -> None:
    slow = Slow()
    with serving(slow) as stub:
        chunks = engine(stub.url, seconds=600).answer(SELECT, FORMATS).chunks
        ended: list[BaseException] = []
        reader = threading.Thread(target=read, args=(chunks, ended))
        reader.start()
        assert slow.asked.wait(30)
        chunks.close()
        reader.join(30)
        pumping = [t for t in threading.enumerate() if "_run" in t.name]
        for thread in pumping:
            thread.join(30)
        assert [type(error) for error in ended] == [Stopped]
        assert not any(thread.is_alive() for thread in pumping)
        slow.free.set()


def test_connections_are_kept_and_replaced() -> None:
    """One for many queries; one that the server has closed meanwhile is no error."""
    with serving(says(WHOLE)) as stub:
        asked = engine(stub.url)
        for _ in range(5):
            assert len(asked.select(SELECT)) == 3
        assert stub.connections == 1
        stub.answer = _closing
        assert len(asked.select(SELECT)) == 3
        stub.answer = says(WHOLE)
        assert len(asked.select(SELECT)) == 3
    assert stub.connections == 2


def _closing(handler: BaseHTTPRequestHandler) -> None:
    says(WHOLE)(handler)
    handler.close_connection = True


# -- who we are ----------------------------------------------------------------------------------

CHALLENGE = 'Digest realm="r", nonce="{}", qop="auth", opaque="o", algorithm=SHA-256'


def test_basic_is_said_at_once() -> None:
    with serving(says(WHOLE)) as stub:
        engine(stub.url, known=Credentials("甲", "p:w")).select(SELECT)
    assert [headers["Authorization"] for _, _, headers, _ in stub.asked] == ["Basic 55SyOnA6dw=="]


def test_digest_is_answered_and_answered_again() -> None:
    """Without a challenge to Basic the server is asked as by a stranger; a challenge holds for
    later requests, which count."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        given = handler.headers.get("Authorization", "")
        if given.startswith("Digest"):
            says(WHOLE)(handler)
        elif given:
            says(b"", 401)(handler)
        else:
            says(b"", 401, WWW_Authenticate=CHALLENGE.format("n1"))(handler)

    with serving(answer) as stub:
        asked = engine(stub.url, known=Credentials("u", "p"))
        asked.select(SELECT)
        asked.select(SELECT)
    given = [headers.get("Authorization", "-") for _, _, headers, _ in stub.asked]
    assert [text.partition(" ")[0] for text in given] == ["Basic", "-", "Digest", "Digest"]
    assert [re.findall(r"nc=(\w+)", text) for text in given[2:]] == [["00000001"], ["00000002"]]


def test_a_digest_is_that_of_the_standard() -> None:
    """RFC 7616, 3.9.1, but for the client's nonce, which is ours to choose."""
    known = Credentials("Mufasa", "Circle of Life")
    challenge = (
        'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, '
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"'
    )
    with pytest.MonkeyPatch.context() as patch:
        once = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
        patch.setattr("govgraph.engine.remote.credentials.secrets.token_hex", lambda _: once)
        answer = known.answer(challenge, "GET", "/dir/index.html")
    assert answer is not None
    assert 'response="8ca523f5e9506fed4657c9700eebdbec"' in answer


def test_a_wrong_password_names_the_settings_and_not_itself() -> None:
    known = Credentials("someone", "s3cret")
    refusing = says(b"", 401, WWW_Authenticate=CHALLENGE.format("n"))
    with serving(refusing) as stub, pytest.raises(GovgraphError) as caught:
        engine(stub.url, known=known).select(SELECT)
    assert caught.value.code == "remote-credentials"
    assert "GOVGRAPH_REMOTE_PASSWORD" in str(caught.value)
    assert "s3cret" not in str(caught.value.problem()) + repr(known) + repr(caught.value)
