"""The expected rows beside an entry: how they are written, and a command that prints what is.

    python -m tests.catalog.expected NAME [HOME]

prints the rows that an entry gives for its examples, to be read and judged before they are kept.
"""

from __future__ import annotations

import csv
import io
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.conftest import ROOT

from govgraph.build import build
from govgraph.catalog.entry import Entry
from govgraph.catalog.index import find_entry
from govgraph.catalog.run import Result
from govgraph.catalog.values import as_texts
from govgraph.http.state import Opened, Releases
from govgraph.settings import Settings
from govgraph.vocabulary import GOV

NAMES = ("xiyuan", "example-communities", "comparators")
DATASETS = [ROOT / "data" / name for name in NAMES if (ROOT / "data" / name).is_dir()]


def examples(entry: Entry) -> dict[str, list[str]]:
    """The parameters of an entry as their examples have them; others are left to their default."""
    found = {p.name: as_texts(p.example) for p in entry.parameters}
    return {name: texts for name, texts in found.items() if texts}


def answered(opened: Opened, entry: Entry) -> Result:
    return opened.answer(entry, examples(entry))


def as_csv(result: Result, base: str) -> str:
    """The rows without evidence: instances as `type/key`, terms as `gov:name`, gaps empty."""
    names = [column.name for column in result.entry.shown]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(names)
    for row in result.frame.select(names).iter_rows():
        writer.writerow([_text(value, base) for value in row])
    return stream.getvalue()


def _text(value: Any, base: str) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float():
            return f"{value:.6g}"
        case Decimal():
            return f"{value.normalize():f}"
        case date():
            return value.isoformat()
        case list():
            return "|".join(_text(each, base) for each in value)
        case str() if value.startswith(base):
            return value.removeprefix(base)
        case str() if value.startswith(GOV):
            return "gov:" + value.removeprefix(GOV)
    return str(value)


def main(name: str, home: str | None = None) -> None:
    with TemporaryDirectory() as folder:
        settings = Settings(home=Path(home or folder))
        if home is None:
            build(DATASETS, settings)
        opened = Releases(settings).open()
        print(as_csv(answered(opened, find_entry(name)), opened.context.base), end="")


if __name__ == "__main__":
    main(*sys.argv[1:])
