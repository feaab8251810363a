"""Expressions over one relation: SQL text in which tokens stand for columns and shared parts.

A token is a number between two control characters, so expressions are plain f-strings. `close`
expands them: columns in place, a shared part in place if it is used once, otherwise as a column of
a nested SELECT, computed once (that keeps expressions linear in size, however deep).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from govgraph.engine.columnar.context import Active, Context
from govgraph.engine.columnar.relation import Relation, Source
from govgraph.engine.columnar.tags import INLINE, LOCAL

_TOKEN = re.compile("\x02(\\d+)\x03")
#: Shorter texts are repeated instead of shared.
_SHORT = 56


class Scope:
    """The columns, decoded fields and shared parts that expressions over `relation` use."""

    def __init__(self, relation: Relation, active: Active, context: Context) -> None:
        self.relation = relation
        self.active = active
        self.context = context
        self.values: dict[str, Any] = {}
        self._terms = dict(relation.terms)
        self._joined: dict[str, tuple[Source, str]] = {}
        self._leaves: dict[int, tuple[str, str]] = {}
        self._shared: dict[int, str] = {}
        self._tokens: dict[str, str] = {}

    def _token(self, key: str) -> str:
        number = len(self._tokens)
        return self._tokens.setdefault(key, f"\x02{number}\x03")

    def leaf(self, sql: str, name: str) -> str:
        """A token for an expression of the relation's own FROM list, `name` above it."""
        token = self._token(f"leaf {sql}")
        self._leaves.setdefault(int(token[1:-1]), (sql, name))
        return token

    def column(self, variable: str) -> str:
        column = self.relation.columns[variable]
        return self.leaf(column.sql, column.name)

    def field(self, variable: str, name: str) -> str:
        """A token for a field of the dictionary row of a variable's id."""
        column = self.relation.columns[variable]
        alias = self._terms.get(column.sql) or self._join_term(column.sql, column.tags)
        return self.leaf(f"{alias}.{name}", f"{alias}_{name}")

    def _join_term(self, sql: str, tags: int) -> str:
        alias = self.context.fresh("d")
        self._terms[sql] = alias
        table = "(SELECT * FROM term UNION ALL SELECT * FROM local)" if tags & LOCAL else "term"
        column = next(c for c in self.relation.columns.values() if c.sql == sql)
        match = f"{alias}.id={sql}"
        optional = column.nullable or bool(tags & INLINE)
        source = Source(table, alias, match if optional else None)
        self._joined[alias] = source, "" if optional else match
        return alias

    def share(self, text: str) -> str:
        """The text, or a token for it that costs nothing to repeat."""
        if len(text) < _SHORT:
            return text
        token = self._token(text)
        self._shared[int(token[1:-1])] = text
        return token

    def drawn(self, text: str, key: str = "") -> str:
        """A token for SQL whose value is new for each row: drawn once a row, however often it is
        used. Without a `key` each call is another value."""
        token = self._token(f"drawn {key or len(self._tokens)} {text}")
        self._shared[int(token[1:-1])] = text
        return token

    def close(self, *texts: str) -> tuple[Relation, list[str]]:
        """The relation with all that the texts need, and the texts as SQL over it."""
        uses = self._count(texts)
        base = self._decoded(uses)
        lets = {n for n in self._shared if uses[n] > 1}
        if not lets:
            return base, [self._expand(text, lambda n: self._leaves[n][0], lets) for text in texts]
        return self._layered(base, texts, uses, lets)

    def _decoded(self, uses: Counter[int]) -> Relation:
        """The relation joined with those rows of the dictionary that are used."""
        used = {sql.partition(".")[0] for n, (sql, _) in self._leaves.items() if uses[n]}
        joined = {alias: new for alias, new in self._joined.items() if alias in used}
        terms = {
            sql: alias
            for sql, alias in self._terms.items()
            if alias in joined or alias not in self._joined
        }
        return replace(
            self.relation,
            sources=self.relation.sources + tuple(source for source, _ in joined.values()),
            where=self.relation.where + tuple(match for _, match in joined.values() if match),
            terms=terms,
        )

    def _count(self, texts: Sequence[str]) -> Counter[int]:
        uses: Counter[int] = Counter()
        waiting = list(texts)
        while waiting:
            for found in _TOKEN.findall(waiting.pop()):
                number = int(found)
                uses[number] += 1
                if uses[number] == 1 and number in self._shared:
                    waiting.append(self._shared[number])
        return uses

    def _expand(self, text: str, reference: Callable[[int], str], lets: set[int]) -> str:
        def one(match: re.Match[str]) -> str:
            number = int(match[1])
            if number in self._leaves or number in lets:
                return reference(number)
            return _TOKEN.sub(one, self._shared[number])

        return _TOKEN.sub(one, text)

    def _levels(self, lets: set[int]) -> dict[int, int]:
        known: dict[int, int] = {}

        def level(number: int) -> int:
            if number in self._leaves:
                return 0
            if number not in known:
                below = [level(int(n)) for n in _TOKEN.findall(self._shared[number])]
                known[number] = max(below, default=0) + (number in lets)
            return known[number]

        return {number: level(number) for number in lets}

    def _layered(
        self, base: Relation, texts: Sequence[str], uses: Counter[int], lets: set[int]
    ) -> tuple[Relation, list[str]]:
        """Nested SELECTs: the first computes from the FROM list, each next one from the last."""
        levels = self._levels(lets)
        used = [(n, leaf) for n, leaf in self._leaves.items() if uses[n]]
        own = {column.name for column in base.columns.values()}
        extra = [f"{sql} AS {name}" for _, (sql, name) in used if name not in own]
        current = replace(base, terms={}, order=(), offset=0, limit=None)
        refer: Callable[[int], str] = lambda n: self._leaves[n][0]  # noqa: E731
        for depth in range(1, max(levels.values()) + 1):
            here = [n for n in lets if levels[n] == depth]
            new = [f"{self._expand(self._shared[n], refer, lets)} AS l{n}" for n in here]
            carried = extra if depth == 1 else [f"{current.sources[0].alias}.*"]
            shown = current if depth == 1 else replace(current, columns={})
            current = self.context.derive(shown.sql(*carried, *new), base.columns)
            refer = self._above(current.sources[0].alias)
        return current, [self._expand(text, refer, lets) for text in texts]

    def _above(self, alias: str) -> Callable[[int], str]:
        return lambda n: f"{alias}.{self._leaves[n][1] if n in self._leaves else f'l{n}'}"
