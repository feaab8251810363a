"""A citation for BibTeX and biblatex: what TeX would take for commands is written out, and names
are kept whole in braces.

Source: O. Patashnik, BibTeXing (1988); `url` and `urldate` as natbib's and biblatex's styles read
them.
"""

from __future__ import annotations

from govgraph.pages.citing.work import AUTHOR, Work

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: Braces as words: BibTeX counts them even where TeX does not.
_WRITTEN = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
        "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
        "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "\"": r"\textquotedbl{}",
    }
)  # fmt: skip
_LANGUAGES = {"zh": "chinese", "en": "english"}


def bibtex(work: Work) -> str:
    """An entry of type @misc, which every style knows."""
    fields = {
        "author": f"{{{{{AUTHOR}}}}}",
        "title": f"{{{{{work.title.translate(_WRITTEN)}}}}}",
        "year": f"{{{work.released.year}}}",
        "month": _MONTHS[work.released.month - 1],
        "note": f"{{Data set, release {work.release.translate(_WRITTEN)}}}",
        "url": f"{{{_address(work.url)}}}",
        "urldate": f"{{{work.released.isoformat()}}}",
        "langid": f"{{{_LANGUAGES.get(work.language, work.language)}}}",
    }
    lines = ",\n".join(f"  {name} = {value}" for name, value in fields.items())
    return f"@misc{{{work.key},\n{lines}\n}}\n"


def _address(url: str) -> str:
    """Styles set it as it is; only braces would end the field."""
    return url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
