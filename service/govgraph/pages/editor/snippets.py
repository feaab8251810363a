"""The same question from a program: curl, Python, R and JavaScript that run as they are pasted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from govgraph.pages.page import Page


@dataclass(frozen=True)
class Snippet:
    """A few lines of a language that print the rows of an answer."""

    language: str
    text: str


@dataclass(frozen=True)
class _Asked:
    """A query with the other parameters of the protocol; `table` says that its answer has rows."""

    endpoint: str
    query: str
    more: dict[str, str]
    table: bool


def of_query(page: Page, query: str, form: str) -> tuple[Snippet, ...]:
    """Programs that ask the endpoint a query of this release: SELECT as CSV, the rest as text."""
    kind = {"select": "csv", "graph": "turtle"}.get(form, "json")
    more = {"release": page.release or "", "format": kind}
    more |= {} if page.inference else {"inference": "false"}
    asked = _Asked(f"{page.origin}/sparql", query, more, form == "select")
    return tuple(Snippet(name, write(asked)) for name, write in _OF_QUERY.items())


def of_address(url: str) -> tuple[Snippet, ...]:
    """Programs that read the CSV at an address."""
    return tuple(Snippet(name, text.replace("URL", url)) for name, text in _OF_ADDRESS.items())


def _curl(asked: _Asked) -> str:
    fields = [f"  --data-urlencode {_shell(f'query={asked.query}')}"]
    fields += [f"  -d {_shell(f'{name}={value}')}" for name, value in asked.more.items()]
    return " \\\n".join([f"curl -sS {_shell(asked.endpoint)}", *fields])


def _shell(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _python(asked: _Asked) -> str:
    safe = asked.query.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    fields = "".join(f', "{name}": "{value}"' for name, value in asked.more.items())
    return f'''import csv, io
from urllib.parse import urlencode
from urllib.request import urlopen

query = """
{safe}
"""
form = urlencode({{"query": query{fields}}})
with urlopen("{asked.endpoint}", form.encode()) as answer:
    text = answer.read().decode()
{_PYTHON_ROWS if asked.table else "print(text)"}'''


_PYTHON_ROWS = """for row in csv.DictReader(io.StringIO(text)):
    print(row)"""


def _r(asked: _Asked) -> str:
    dashes = "-"
    while f"){dashes}'" in asked.query:
        dashes += "-"
    fields = "".join(f"&{name}={quote(value)}" for name, value in asked.more.items())
    read = "read.csv" if asked.table else "readLines"
    return f"""query <- r'{dashes}(
{asked.query}
){dashes}'
address <- paste0("{asked.endpoint}?query=", URLencode(query, reserved = TRUE), "{fields}")
answer <- {read}(url(address, encoding = "UTF-8"))
print(answer)"""


def _javascript(asked: _Asked) -> str:
    safe = asked.query.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
    more = asked.more | ({"format": "json"} if asked.table else {})
    fields = "".join(f', {name}: "{value}"' for name, value in more.items())
    show = "console.table((await answer.json()).results.bindings)"
    return f"""const query = `
{safe}
`;
const body = new URLSearchParams({{ query{fields} }});
const answer = await fetch("{asked.endpoint}", {{ method: "POST", body }});
{show if asked.table else "console.log(await answer.text())"};"""


_OF_QUERY: Mapping[str, Callable[[_Asked], str]] = {
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
