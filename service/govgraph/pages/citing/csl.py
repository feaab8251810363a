"""A citation as CSL-JSON, which Zotero, pandoc and citeproc read.

Source: Citation Style Language, csl-data.json of schema 1.0.2; a file is a list of items.
"""

from __future__ import annotations

import json

from govgraph.pages.citing.work import AUTHOR, Work

_LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}


def csl(work: Work) -> str:
    """A list of one item of type dataset."""
    day = {"date-parts": [[work.released.year, work.released.month, work.released.day]]}
    item = {
        "id": work.key,
        "type": "dataset",
        "title": work.title,
        "author": [{"literal": AUTHOR}],
        "issued": day,
        "accessed": day,
        "version": work.release,
        "publisher": AUTHOR,
        "URL": work.url,
        "language": _LANGUAGES.get(work.language, work.language),
    }
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"
