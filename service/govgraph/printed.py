"""Texts on the terminal, whatever is in them: safe, in both languages."""

from __future__ import annotations

import re

from rich.console import Console
from rich.markup import escape

from govgraph.errors import GovgraphError

#: What would move the cursor or change colours if a cell's text were printed as it is.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def safe(text: str) -> str:
    """Text from outside, with nothing in it that the console or the terminal acts on."""
    return escape(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", text))


def print_error(console: Console, error: GovgraphError) -> None:
    """An error in both languages."""
    console.print(f"[red]{safe(error.message_en)}[/red]\n{safe(error.message_zh)}", highlight=False)
