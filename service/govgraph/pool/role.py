"""What the workers of a pool are: an application, made in each of them, and a limit of memory."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

Application = Callable[[Any, Any, Any], Awaitable[None]]


@dataclass(frozen=True)
class Role:
    """`function` names a function, `module:name`, that makes the application from `arguments`;
    `memory` is what a worker may take, in bytes, beside what it has mapped when it is ready, or 0
    for no limit."""

    function: str
    arguments: tuple[Any, ...]
    memory: int = 0

    @property
    def module(self) -> str:
        return self.function.partition(":")[0]

    def application(self) -> Application:
        """Make the application."""
        function = getattr(import_module(self.module), self.function.partition(":")[2])
        made: Application = function(*self.arguments)
        return made
