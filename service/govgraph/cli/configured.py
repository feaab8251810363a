"""`settings`: what is set, and what it means."""

from __future__ import annotations

from govgraph.cli.options import console, settings


def show() -> None:
    """List the settings: variable, value now, meaning."""
    given = settings()
    for name, field in type(given).model_fields.items():
        console.print(
            f"GOVGRAPH_{name.upper()} = {getattr(given, name)}\n    {field.description}",
            highlight=False,
            markup=False,
        )
