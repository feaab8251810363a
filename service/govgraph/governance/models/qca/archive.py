"""A study as one archive: calibrated data, truth table, and the R script that opens them."""

from __future__ import annotations

import io
import zipfile

from govgraph import resources
from govgraph.governance.models.qca.answers import data_csv, truth_csv
from govgraph.governance.models.qca.truth import Study

#: Archives of the same study are the same bytes.
_DAY = (2020, 1, 1, 0, 0, 0)


def archive(found: Study, base: str, cut: float = 0.8) -> bytes:
    """A ZIP of data.csv, truth-table.csv and qca.R, to be unpacked into one folder."""
    script = (resources.folder("queries") / "qca" / "qca.R").read_text("utf-8")
    files = {
        "data.csv": data_csv(found, base),
        "truth-table.csv": truth_csv(found, base, cut),
        "qca.R": script,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in files.items():
            packed.writestr(zipfile.ZipInfo(name, _DAY), text)
    return buffer.getvalue()
