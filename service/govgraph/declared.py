"""YAML, read by libyaml where it is there: all declarations are read at the start of a process."""

from __future__ import annotations

from typing import Any

import yaml

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str) -> Any:
    """What a YAML document says. yaml.YAMLError if it is none."""
    return yaml.load(text, _Loader)
