"""A citation as a line of a list of references: GB/T 7714-2015 and APA.

Sources: GB/T 7714-2015, 4.6 and 8.5 (electronic resources; DB/OL is a database online; the date in
parentheses is that of the last change, the one in brackets that of reading); American Psychological
Association, Publication Manual, 7th edition, 10.9 (data sets).
"""

from __future__ import annotations

from govgraph.pages.citing.work import AUTHOR, Work


def gbt(work: Work) -> str:
    """Responsible. Title: version[DB/OL]. (changed)[read]. Address."""
    day = work.released.isoformat()
    title = f"{work.title}: {_version(work)}"
    return f"{AUTHOR}. {title}[DB/OL]. ({day})[{day}]. {work.url}.\n"


def _version(work: Work) -> str:
    return f"版本 {work.release}" if work.language == "zh" else f"release {work.release}"


def apa(work: Work) -> str:
    """Author. (Year). Title (Version) [Data set]. Address. The publisher is the author."""
    year = work.released.year
    return f"{AUTHOR}. ({year}). {work.english} (Version {work.release}) [Data set]. {work.url}\n"
