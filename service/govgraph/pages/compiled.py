"""Compiled templates, kept beside them as Python keeps compiled modules.

Compiling what the first pages of a process need takes longer than drawing them.
"""

from __future__ import annotations

import os
import pickle
import sys
from contextlib import suppress
from hashlib import sha256
from importlib.util import cache_from_source
from io import BytesIO
from pathlib import Path
from tempfile import mkstemp

import jinja2
from jinja2.bccache import Bucket, BytecodeCache

#: What a file that cannot be read, or is not what we have written, may lead to.
_UNUSABLE = (OSError, EOFError, ValueError, TypeError, pickle.UnpicklingError)


class Compiled(BytecodeCache):
    """Files in the folders `__pycache__`, which nobody misses. `options` are those of the
    environment: with others a template is another program."""

    def __init__(self, options: object) -> None:
        self._of = sha256(repr((jinja2.__version__, options)).encode()).hexdigest()[:12]

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002
        return f"{cache_from_source(filename + '.py')}.{self._of}" if filename else ""

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            bucket.load_bytecode(BytesIO(Path(bucket.key).read_bytes()))
        except _UNUSABLE:
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Where it cannot be written it is compiled again."""
        if bucket.key and not sys.dont_write_bytecode:
            with suppress(OSError):
                _write(Path(bucket.key), bucket.bytecode_to_string())


def _write(path: Path, content: bytes) -> None:
    """Put a file in its place, whole; several processes may be at it."""
    path.parent.mkdir(exist_ok=True)
    descriptor, beside = mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
        os.chmod(beside, 0o644)
        os.replace(beside, path)
    except OSError:
        os.unlink(beside)
        raise
