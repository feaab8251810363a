"""A query of the catalogue, answered on the terminal or as a file."""

from __future__ import annotations

import sys

from govgraph.catalog.evidence import ROWS, evidence
from govgraph.catalog.files import MEDIA, written
from govgraph.catalog.index import find_entry
from govgraph.catalog.present import document
from govgraph.cli.options import console, fail, print_json
from govgraph.errors import GovgraphError
from govgraph.http.state import Releases
from govgraph.results import print_evidence, print_result
from govgraph.settings import Settings


def answer_entry(
    name: str, parameters: list[str], format: str, given: Settings, *, proved: bool
) -> None:
    """Answer a query of the catalogue on the terminal, or write it as a file does."""
    try:
        opened = Releases(given).open()
        context, result = opened.context, opened.answer(find_entry(name), _pairs(parameters))
        if format in MEDIA:
            sys.stdout.buffer.write(written(context, result, format, opened.release.id))
            return
        if format not in ("table", "json"):
            raise GovgraphError("not-acceptable", offered=", ".join(("table", "json", *MEDIA)))
        proof = evidence(context, result, 0, min(result.frame.height, ROWS)) if proved else None
        if format == "json":
            more = {} if proof is None else {"evidence": proof}
            print_json(document(context, result) | more)
            return
        print_result(console, context, result)
        if proof is not None:
            print_evidence(console, proof)
    except GovgraphError as error:
        fail(error)


def _pairs(parameters: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for text in parameters:
        name, equals, value = text.partition("=")
        if not equals:
            why, why_zh = "write NAME=VALUE", "应写作 名称=值"
            raise GovgraphError("invalid-parameter", name=text, why=why, why_zh=why_zh)
        found.setdefault(name, []).append(value)
    return found
