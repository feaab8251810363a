"""The synthetic nation is in the bench, a folder of the project and no part of the package."""

from __future__ import annotations

import sys

from tests.conftest import ROOT

sys.path.insert(0, str(ROOT))
