"""schema.org data in a page, where most publishers declare their articles: https://schema.org/NewsArticle."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final, TypeGuard, cast

from services.parse.clean import clean_line
from services.parse.tree import Element
from shared.characters import unescaped

Node = dict[str, Any]

SCRIPT_LIMIT: Final = 1_000_000
"""Characters of one script; articleBody included, pages stay far below."""
SCRIPTS_LIMIT: Final = 50
NODES_LIMIT: Final = 2_000
_TRAILING_COMMA: Final = re.compile(r",(?=\s*[\]}])")
_INSIDE: Final = ("@graph", "mainEntity", "mainEntityOfPage")


def nodes(tree: Element) -> Iterator[Node]:
    """The nodes that a page declares, each before those inside it."""
    scripts = [script for script in tree.iter("script") if "ld+json" in (script.get("type") or "").lower()]
    waiting = [_loaded(script.text or "") for script in scripts[:SCRIPTS_LIMIT]]
    for _ in range(NODES_LIMIT):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting[:0] = items(value)[:NODES_LIMIT]
        elif found := node(value):
            yield found
            waiting[:0] = [found[key] for key in _INSIDE if key in found]


def _loaded(text: str) -> Any:
    """The value of a script; line ends in strings and commas before brackets are forgiven, nothing else is."""
    if len(text) > SCRIPT_LIMIT:
        return None
    text = _unwrapped(text)
    for attempt in (text, _TRAILING_COMMA.sub("", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _unwrapped(text: str) -> str:
    """The script without the comment or CDATA marks that old systems put around it."""
    for mark in ("<!--", "//", "<![CDATA["):
        text = text.strip().removeprefix(mark)
    for mark in (";", "-->", "]]>", "//"):
        text = text.strip().removesuffix(mark)
    return text


def line(value: Any) -> str | None:
    """A value as one line of text: itself, its name or address, or the first of several."""
    for _ in range(4):
        if isinstance(value, list):
            value = next(iter(items(value)), None)
        elif known := node(value):
            value = next((known[key] for key in ("name", "@value", "url", "@id") if known.get(key)), None)
    if isinstance(value, str):
        return clean_line(unescaped(value)) or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15 else None


def lines(value: Any, limit: int = 200) -> list[str]:
    """Every text of a value: a list's items, or one text's parts between commas."""
    if isinstance(value, str):
        return [part for each in value[:20_000].split(",")[:limit] if (part := line(each))]
    return [part for each in items(value)[:limit] if (part := line(each))]


def flag(value: Any) -> bool | None:
    """A value that is true or false, in any of the spellings in use; None for anything else."""
    if isinstance(value, bool):
        return value
    word = value.strip().lower().rpartition("/")[2] if isinstance(value, str) else ""
    return True if word == "true" else False if word == "false" else None


def items(value: Any) -> list[Any]:
    """A value as a list: schema.org lets each property have one value or several."""
    if is_list(value):
        return value
    return [] if value is None else [value]


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Whether `value` is a list, of whatever."""
    return isinstance(value, list)


def node(value: Any) -> Node:
    """A value as a node: an empty one when it is none."""
    return cast("Node", value) if isinstance(value, dict) else {}


def types(known: Node) -> list[str]:
    """The names of a node's types, without their address."""
    return [name.rpartition("/")[2] for name in items(known.get("@type")) if isinstance(name, str)]
