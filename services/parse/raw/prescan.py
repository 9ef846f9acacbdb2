"""Markup looked over before any tree is built: small pages can cost parsers minutes.

Tags are told apart as the HTML standard does (https://html.spec.whatwg.org/multipage/parsing.html#tokenization), which
libxml2 2.14 follows. Possessive patterns and one pass keep this linear in the length of the page.
"""

import re
from typing import Final

from shared.errors import Poison

MARKUP_LIMIT: Final = 5 * 1024 * 1024
"""Characters of markup; the largest page of 576 measured has 2.6 million."""
DEPTH_LIMIT: Final = 256
"""libxml2 drops what is nested deeper; browsers stop at 512."""
ATTRIBUTE_LIMIT: Final = 256
"""Attributes of one tag: 12.5 s of lxml for 348 KB of them."""
NODE_LIMIT: Final = 50_000
"""Tags of a page, end tags too: the largest of 288 measured has 6,700; 200,000 take trafilatura 6 s and 313 MB."""
LOOKED_AT_LIMIT: Final = 1_000_000
"""Open elements that are looked at in search of the one that an end tag closes: 0.1 s of them."""

_ATTRIBUTE: Final = r"""[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>"'][^\s>]*+)?+)?+"""
_REST: Final = rf"(?:[\s/]++|{_ATTRIBUTE})*+"
_RAW_TEXT: Final = "script|style|textarea|title|xmp|iframe|noembed|noframes"
"""Elements whose content is not markup."""
_TOKEN: Final = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))|<[!?][^>]*+"
    rf"|<(?P<raw>(?i:{_RAW_TEXT}))(?=[\s/>]|\Z)(?P<raw_rest>{_REST})(?:[^<]++|<(?!/(?i:(?P=raw))[\s/>]))*+"
    rf"|<(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]*+)(?P<rest>{_REST})",
    re.DOTALL,
)
_ATTRIBUTES: Final = re.compile(_ATTRIBUTE)
_SHORTEST_FLOOD: Final = 2 * ATTRIBUTE_LIMIT
_VOID: Final = frozenset(
    [
        "area",
        "base",
        "basefont",
        "bgsound",
        "br",
        "col",
        "embed",
        "frame",
        "hr",
        "img",
        "input",
        "keygen",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
_IMPLIED_END: Final = frozenset(
    [
        "p",
        "li",
        "dt",
        "dd",
        "td",
        "th",
        "tr",
        "thead",
        "tbody",
        "tfoot",
        "option",
        "optgroup",
        "colgroup",
        "caption",
        "rt",
        "rp",
    ]
)
"""Elements that end without an end tag and cannot nest directly in themselves."""
_NEVER_OPEN: Final = _VOID | _IMPLIED_END
_PRIORITY: Final = {"div": 150, "table": 190, "head": 200, "body": 200, "html": 220}
"""An end tag does not reach over an element of higher priority (libxml2, htmlGetEndPriority)."""
_DEFAULT_PRIORITY: Final = 100


def prescan(markup: str, *, xml: bool = False) -> int:
    """Look over HTML, or XML, and give the number of its tags.

    Raises:
        Poison: `too_large`, `too_deep` or `too_many_nodes`.
    """
    if len(markup) > MARKUP_LIMIT:
        raise Poison("too_large", f"{len(markup)} characters of markup; at most {MARKUP_LIMIT} are read")
    tags, stack = 0, _Stack(self_closing=xml)
    for token in _TOKEN.finditer(markup):
        raw, raw_rest, close, name, rest = token.groups()
        if not (raw or name):
            continue
        tags += 1
        if tags > NODE_LIMIT:
            raise Poison("too_many_nodes", f"more than {NODE_LIMIT} tags")
        if len(known := rest or raw_rest or "") >= _SHORTEST_FLOOD:
            _check(known)
        if name and (name := name.lower()) not in _NEVER_OPEN:
            stack.take(name, rest, close)
    return tags


def _check(rest: str) -> None:
    for count, _ in enumerate(_ATTRIBUTES.finditer(rest), start=1):
        if count > ATTRIBUTE_LIMIT:
            raise Poison("too_many_nodes", f"a tag with more than {ATTRIBUTE_LIMIT} attributes")


class _Stack:
    """The elements that are open. End tags of what is not open are ignored.

    `self_closing`: `<x/>` ends at once, which it does in XML only.
    """

    def __init__(self, *, self_closing: bool) -> None:
        self.names: list[str] = []
        self.self_closing = self_closing
        self.looked_at = 0

    def take(self, name: str, rest: str, close: str) -> None:
        """Open or close an element that can hold others."""
        if close:
            if self.names and self.names[-1] == name:
                self.names.pop()
            else:
                self.close(name)
        elif not (self.self_closing and rest.endswith("/")):
            self.names.append(name)
            if len(self.names) > DEPTH_LIMIT:
                raise Poison("too_deep", f"elements nested more than {DEPTH_LIMIT} deep")

    def close(self, name: str) -> None:
        priority = _PRIORITY.get(name, _DEFAULT_PRIORITY)
        for index in range(len(self.names) - 1, -1, -1):
            if self.names[index] == name:
                del self.names[index:]
                return
            self.looked_at += 1
            if _PRIORITY.get(self.names[index], _DEFAULT_PRIORITY) > priority:
                break
        if self.looked_at > LOOKED_AT_LIMIT:
            raise Poison("too_many_nodes", "end tags that match nothing")
