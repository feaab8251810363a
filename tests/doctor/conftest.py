"""What the tests of the doctor share with those of the other commands."""

from tests.cli.conftest import run

__all__ = ["run"]
