"""A query with SERVICE clauses becomes one without: what endpoints answer is put in their place.

SPARQL evaluates a SERVICE clause by itself, before it is joined with the rest (SPARQL 1.1 Federated
Query, section 2.4), so inline data in its place has the same meaning for either engine of ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable

from govgraph.engine.guard import guard, guard_length
from govgraph.engine.oxigraph import form_of
from govgraph.errors import GovgraphError
from govgraph.federation.allowed import Allowed, Endpoint
from govgraph.federation.calls import Call, Text
from govgraph.federation.client import Unanswered, ask
from govgraph.federation.solutions import ABSENT, inline

#: Clauses that one query may have.
MOST = 8
_SHOWN = 200


async def federated(query: str, allowed: Allowed, seconds: float, rows: int) -> str | None:
    """A query that we can answer, in place of one that has SERVICE clauses; None if it has none.

    All endpoints are asked at once, each for `seconds`; each may answer so many rows.
    GovgraphError(query-refused, query-syntax, service-refused, service-failed, service-timeout,
    service-limit); nobody is asked before the query is known to be good."""
    if not allowed or "service" not in query.lower():
        return None
    guard_length(len(query))
    text = Text(query)
    if not text.calls:
        return None
    endpoints = [_endpoint(text, call, allowed) for call in text.calls]
    if len(endpoints) > MOST:
        why, why_zh = f"more than {MOST} SERVICE clauses", f"SERVICE 子句超过 {MOST} 个"
        raise GovgraphError("query-refused", why=why, why_zh=why_zh)
    guard(text.local())
    form_of(text.local())
    pairs = zip(text.calls, endpoints, strict=True)
    asked = [_answered(text, call, at, allowed, seconds, rows) for call, at in pairs]
    return text.replaced(await _together(asked))


def _endpoint(text: Text, call: Call, allowed: Allowed) -> Endpoint:
    iri = text.endpoint(call)
    found = allowed.find(iri) if iri is not None else None
    if found is None:
        raise GovgraphError("service-refused", endpoint=(iri or call.name.text)[:_SHOWN])
    return found


async def _answered(
    text: Text, call: Call, endpoint: Endpoint, allowed: Allowed, seconds: float, rows: int
) -> str:
    """What takes a clause's place."""
    shown = f"{endpoint.scheme}://{endpoint.netloc}{endpoint.target}"[:_SHOWN]
    try:
        content, form = await ask(endpoint, text.question(call), allowed, seconds)
        return inline(content, form, rows)
    except (Unanswered, ValueError, SyntaxError) as error:
        if call.silent:
            return ABSENT % text.local(call.body, call.end)
        if isinstance(error.__cause__, TimeoutError):
            raise GovgraphError("service-timeout", endpoint=shown, limit=f"{seconds:g}") from None
        raise GovgraphError("service-failed", endpoint=shown) from None


async def _together(work: Iterable[Coroutine[None, None, str]]) -> list[str]:
    """The outcomes of all; the first that fails ends the others."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(each) for each in work]
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [task.result() for task in tasks]
