"""The same question from a program: curl, Python, R and JavaScript that run as they are pasted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from govgraph.pages.page import Page

Parameters = Mapping[str, str]


@dataclass(frozen=True)
class Snippet:
    """A few lines of a language that print the rows of an answer."""

    language: str
    text: str


def of_query(page: Page, query: str) -> tuple[Snippet, ...]:
    """Programs that ask the endpoint a query of this release and get CSV."""
    more = {"release": page.release or "", "format": "csv"}
    more |= {} if page.inference else {"inference": "false"}
    endpoint = f"{page.origin}/sparql"
    return tuple(Snippet(name, write(endpoint, query, more)) for name, write in _OF_QUERY.items())


def of_address(url: str) -> tuple[Snippet, ...]:
    """Programs that read the CSV at an address."""
    return tuple(Snippet(name, text.replace("URL", url)) for name, text in _OF_ADDRESS.items())


def _curl(endpoint: str, query: str, more: Parameters) -> str:
    fields = [f"  --data-urlencode {_shell(f'query={query}')}"]
    fields += [f"  -d {_shell(f'{name}={value}')}" for name, value in more.items()]
    return " \\\n".join([f"curl -sS {_shell(endpoint)}", *fields])


def _shell(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _python(endpoint: str, query: str, more: Parameters) -> str:
    safe = query.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f'''import csv, io
from urllib.parse import urlencode
from urllib.request import urlopen

query = """
{safe}
"""
form = urlencode({{"query": query, **{dict(more)!r}}})
with urlopen("{endpoint}", form.encode()) as answer:
    for row in csv.DictReader(io.TextIOWrapper(answer, "utf-8")):
        print(row)'''


def _r(endpoint: str, query: str, more: Parameters) -> str:
    dashes = "-"
    while f"){dashes}'" in query:
        dashes += "-"
    fields = "".join(f"&{name}={quote(value)}" for name, value in more.items())
    return f"""query <- r'{dashes}(
{query}
){dashes}'
address <- paste0("{endpoint}?query=", URLencode(query, reserved = TRUE), "{fields}")
rows <- read.csv(url(address, encoding = "UTF-8"))
print(rows)"""


def _javascript(endpoint: str, query: str, more: Parameters) -> str:
    safe = query.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
    fields = "".join(f', {name}: "{value}"' for name, value in more.items() if name != "format")
    return f"""const query = `
{safe}
`;
const body = new URLSearchParams({{ query, format: "json"{fields} }});
const answer = await fetch("{endpoint}", {{ method: "POST", body }});
console.table((await answer.json()).results.bindings);"""


_OF_QUERY: Mapping[str, Callable[[str, str, Parameters], str]] = {
    "curl": _curl, "Python": _python, "R": _r, "JavaScript": _javascript,
}  # fmt: skip
_OF_ADDRESS: Mapping[str, str] = {
    "curl": "curl -sS 'URL'",
    "Python": """import csv, io
from urllib.request import urlopen

with urlopen("URL") as answer:
    for row in csv.DictReader(io.TextIOWrapper(answer, "utf-8-sig")):
        print(row)""",
    "R": """rows <- read.csv("URL", fileEncoding = "UTF-8-BOM")
print(rows)""",
    "JavaScript": """const answer = await fetch("URL");
console.log(await answer.text());""",
}
