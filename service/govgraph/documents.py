"""Source documents: passages cut out by character offset, after the sha256 has been checked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from govgraph.engine.base import Engine, Row
from govgraph.vocabulary import PROLOGUE
from govgraph_loaders.problems import Problem, Severity

_DOCUMENTS = f"""{PROLOGUE}
SELECT ?document ?file ?sha256 ?row ?dataset ?rownum ?line WHERE {{
  GRAPH ?table {{ ?document gov:fileName ?file ; gov:sha256 ?sha256 ; prov:wasDerivedFrom ?row .
                  ?row csvw:rownum ?rownum ; gov:line ?line }}
}} ORDER BY ?document"""


@dataclass(frozen=True)
class DocumentCheck:
    """A document that the data names, and the text that was found for it."""

    iri: str
    text: str | None
    problem: Problem | None


def check_documents(engine: Engine, folder: Path) -> Iterator[DocumentCheck]:
    """Look for every document in a folder and compare its sha256 with the data's."""
    for row in engine.select(_DOCUMENTS):
        iri, name = row["document"].value, row["file"].value
        path = folder / Path(name).name
        if not path.is_file():
            yield DocumentCheck(iri, None, _problem("document-missing", "warning", row, path.name))
            continue
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != row["sha256"].value:
            yield DocumentCheck(iri, None, _problem("document-changed", "error", row, path.name))
            continue
        try:
            yield DocumentCheck(iri, content.decode("utf-8"), None)
        except UnicodeDecodeError:
            yield DocumentCheck(iri, None, _problem("document-not-utf8", "error", row, path.name))


_MESSAGES = {
    "document-missing": (
        "文献不在文件夹中，无法显示原句",
        "The document is not in the folder: its passages cannot be shown",
    ),
    "document-not-utf8": (
        "文献不是 UTF-8,无法按字符截取原句",
        "The document is not UTF-8: its passages cannot be cut out by character",
    ),
    "document-changed": (
        "文献的 sha256 与数据不符",
        "The document's sha256 differs from the one in the data",
    ),
}


def _problem(code: str, severity: Severity, row: Row, name: str) -> Problem:
    dataset, _, table = row["row"].value.partition("#")[0].rpartition("table/")[2].partition("/")
    zh, en = _MESSAGES[code]
    return Problem(
        code, severity, dataset, table, int(row["rownum"].value), int(row["line"].value),
        "sha256" if code == "document-changed" else "file", name, zh, en,
    )  # fmt: skip


class Passages:
    """The texts of documents, by the document's IRI."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts

    @classmethod
    def of(cls, engine: Engine, folder: Path | None) -> Passages:
        """All documents that a folder holds unchanged; nothing without a folder."""
        if folder is None or not folder.is_dir():
            return cls({})
        checks = check_documents(engine, folder)
        return cls({check.iri: check.text for check in checks if check.text is not None})

    def cut(self, document: str, begin: int, end: int) -> str | None:
        """The characters from begin (inclusive) to end (exclusive), None without the text."""
        text = self.texts.get(document)
        return None if text is None else text[begin:end]
