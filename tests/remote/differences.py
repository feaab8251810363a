"""What a server answers otherwise, with the reason. Whatever is not listed has to be the same."""

from __future__ import annotations

#: server -> entry of the catalogue or competency question -> why its rows differ there.
ROWS: dict[str, dict[str, str]] = {"oxigraph": {}, "virtuoso": {}}
