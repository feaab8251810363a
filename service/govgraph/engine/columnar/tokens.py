"""SPARQL text as tokens: the terminals of the SPARQL 1.1 grammar (§19.8) in one pattern."""

from __future__ import annotations

import re
from dataclasses import dataclass

from govgraph.engine.columnar.notcompiled import NotCompiled, SparqlSyntaxError

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_WORD = _BASE + "_0-9"
_NAME = _WORD + "\u00b7\u0300-\u036f\u203f\u2040"
_CHARS = _NAME + r"\-"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_PREFIX = rf"[{_BASE}][{_CHARS}]*+(?:\.++[{_CHARS}]++)*+"
_LOCAL = rf"(?:[{_WORD}:]|{_PLX})(?:[{_CHARS}:]|{_PLX})*+(?:\.++(?:[{_CHARS}:]|{_PLX})++)*+"
_ESCAPE = r"\\[tbnrf\\\"']"


def _quoted(mark: str) -> str:
    """A short string between these marks."""
    plain = rf"[^{mark}\\\n\r]*+"
    return rf"{mark}{plain}(?:{_ESCAPE}{plain})*+{mark}"


def _long(mark: str) -> str:
    """A long string between three of these marks."""
    plain = rf"[^{mark}\\]*+"
    return rf"{mark * 3}{plain}(?:(?:{_ESCAPE}|{mark}(?!{mark * 2})){plain})*+{mark * 3}"


_TOKEN = re.compile(
    rf"""(?:[ \t\r\n]++|\#[^\r\n]*+)*+(?:
        [?$](?P<var>[{_WORD}][{_NAME}]*+)
      | (?P<pname>(?:{_PREFIX})?:(?:{_LOCAL})?)
      | (?P<iri><[^<>"{{}}|^`\\\x00-\x20]*+>)
      | (?P<blank>_:[{_WORD}][{_CHARS}]*+(?:\.++[{_CHARS}]++)*+)
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*+)
      | (?P<mark>&&|\|\||\^\^|!=|<=|>=|<<|>>|\{{\||\|\}}|\.(?![0-9])|[{{}}()\[\];,=<>+*/|^!?~-])
      | (?P<string>{_long('"')}|{_long("'")}|{_quoted('"')}|{_quoted("'")})
      | (?P<double>(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+)
      | (?P<decimal>[0-9]*\.[0-9]+)
      | (?P<integer>[0-9]+)
      | @(?P<lang>[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?)
      | (?P<end>\Z)
      | (?P<bad>.)
    )""",
    re.VERBOSE | re.DOTALL,
)
_CODEPOINT = re.compile(r"\\(?:\\|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_STRUCTURAL = set("\"'\\<>{}|^`")
_ECHAR = re.compile(r"\\(.)")
_ECHARS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", "\\": "\\", '"': '"', "'": "'"}
_LOCAL_ESCAPE = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Tokens:
    """A query's tokens in parallel lists, ending with two of kind `end`.

    The kind is the class in lower case (var, pname, iri, blank, string, integer, decimal, double,
    lang), a mark as it stands, a keyword in upper case, or `a`.
    """

    text: str
    kinds: list[str]
    texts: list[str]
    ends: list[int]

    def error(self, at: int, reason: str) -> SparqlSyntaxError:
        """The error to raise at a token."""
        start = self.ends[at] - len(self.texts[at])
        line = self.text.count("\n", 0, start) + 1
        return SparqlSyntaxError(reason, line, start - self.text.rfind("\n", 0, start))


def tokenize(text: str) -> Tokens:
    """The tokens of a query. SparqlSyntaxError at a character that begins none."""
    if "\\u" in text or "\\U" in text:
        text = _CODEPOINT.sub(_codepoint, text)
    kinds: list[str] = []
    texts: list[str] = []
    ends: list[int] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "bad"
        value: str = match[kind]
        if kind == "mark":
            kind = value
        elif kind == "word":
            kind = value if value == "a" else value.upper()
        kinds.append(kind)
        texts.append(value)
        ends.append(match.end())
        if kind in _LAST:
            break
    tokens = Tokens(text, [*kinds, "end"], [*texts, ""], [*ends, len(text)])
    if kinds[-1] == "bad":
        raise tokens.error(len(kinds) - 1, f"unexpected character {texts[-1]!r}")
    return tokens


_LAST = {"end", "bad"}


def _codepoint(escape: re.Match[str]) -> str:
    """The character of a \\u escape. SPARQL 1.1 decodes it before it reads tokens, SPARQL 1.2
    inside of them: where that would matter, neither is guessed."""
    digits = escape[1] or escape[2]
    if digits is None:
        return escape[0]
    code = int(digits, 16)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise NotCompiled(f"{escape[0]} is no character")
    if code <= 0x20 or chr(code) in _STRUCTURAL:
        raise NotCompiled(f"{escape[0]} stands for a character of the syntax")
    return chr(code)


def unquote(token: str) -> str:
    """The value of a string token."""
    width = 3 if token[:3] in ('"""', "'''") and len(token) >= 6 else 1
    value = token[width:-width]
    return _ECHAR.sub(lambda match: _ECHARS[match[1]], value) if "\\" in value else value


def split_name(token: str) -> tuple[str, str]:
    """The prefix and the local name of a prefixed name, without backslashes."""
    prefix, _, local = token.partition(":")
    return prefix, _LOCAL_ESCAPE.sub(r"\1", local) if "\\" in local else local
