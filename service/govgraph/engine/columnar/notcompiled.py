"""Why a query is not answered from the columns: it is left to the conformant engine."""

from __future__ import annotations


class NotCompiled(Exception):
    """The columns cannot answer this query exactly; `reason` says which construct is why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SparqlSyntaxError(NotCompiled):
    """The text is no SPARQL 1.1 query as far as this parser can tell."""

    def __init__(self, reason: str, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}: {reason}")
        self.line, self.column = line, column
