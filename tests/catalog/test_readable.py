"""Named queries as they are read say the same as those that are run."""

from __future__ import annotations

import pytest

from govgraph.catalog.entry import Entry
from govgraph.catalog.index import entries
from govgraph.catalog.readable import readable
from govgraph.catalog.run import query_text
from govgraph.catalog.values import as_texts, given
from govgraph.http.state import Opened
from govgraph.vocabulary import PROLOGUE

QUERIES = [entry for entry in entries().values() if entry.query]


@pytest.mark.parametrize("entry", QUERIES, ids=lambda entry: entry.name)
def test_what_is_read_answers_as_what_is_run(shipped: Opened, entry: Entry) -> None:
    examples = {p.name: as_texts(p.example) for p in entry.parameters if p.example is not None}
    parameters = given(shipped.context, entry, examples)
    read, run = readable(entry, parameters), query_text(entry, parameters)
    assert "\n" in read, "the author's lines are kept"
    assert "#+" not in read
    answers = [shipped.engine.select(PROLOGUE + text) for text in (read, run)]
    assert sorted(map(str, answers[0])) == sorted(map(str, answers[1]))
