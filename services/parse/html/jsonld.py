"""schema.org data in a page, where most publishers declare their articles: https://schema.org/NewsArticle."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from services.parse.clean import clean_line

Node = dict[str, Any]

SCRIPT_LIMIT: Final = 1_000_000
"""Characters of one script; articleBody included, pages stay far below."""
NODES_LIMIT: Final = 2_000
_WRAPPING: Final = re.compile(r"^\s*(?:<!--|(?://)?\s*<!\[CDATA\[)|(?:-->|(?://)?\s*\]\]>)\s*;?\s*$")
_ARTICLE: Final = re.compile(r"(?:\w+Article|Article|\w*BlogPosting|Report|NewsItem)")


def article_node(tree: etree._Element, page_url: str | None) -> Node:
    """The node that describes the page's article, or an empty one.

    Of several, the one that names the page's address, else the first with a date.
    """
    found = [node for node in _nodes(tree) if _is_article(node)]
    ranked = sorted(found, key=lambda node: (not _is_about(node, page_url), not node.get("datePublished")))
    return ranked[0] if ranked else {}


def _nodes(tree: etree._Element) -> Iterator[Node]:
    waiting = [_loaded(script.text or "") for script in tree.iter("script") if _is_linked_data(script)]
    for _ in range(NODES_LIMIT):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting[:0] = value[:NODES_LIMIT]
        elif isinstance(value, dict):
            yield value
            waiting[:0] = [value[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in value]


def _is_linked_data(script: etree._Element) -> bool:
    return "ld+json" in (script.get("type") or "").lower()


def _loaded(text: str) -> Any:
    """The value of a script; line ends in strings are forgiven, nothing else is."""
    if len(text) > SCRIPT_LIMIT:
        return None
    try:
        return json.loads(_WRAPPING.sub("", text), strict=False)
    except (ValueError, RecursionError):
        return None


def _is_article(node: Node) -> bool:
    kinds = node.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and _ARTICLE.fullmatch(name.rpartition("/")[2]) for name in names)


def _is_about(node: Node, page_url: str | None) -> bool:
    declared = (line(node.get("url")), line(node.get("mainEntityOfPage")), line(node.get("@id")))
    return page_url is not None and any(each and each.split("?")[0] == page_url.split("?")[0] for each in declared)


def line(value: Any) -> str | None:
    """A value as one line of text: itself, its name or address, or the first of several."""
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            value = next((value[key] for key in ("name", "@value", "url", "@id") if value.get(key)), None)
    if isinstance(value, str):
        return clean_line(html.unescape(value)) or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15 else None


def lines(value: Any, limit: int = 200) -> list[str]:
    """Every text of a value: a list's items, or one text's parts between commas."""
    if isinstance(value, str):
        return [part for each in value[:20_000].split(",")[:limit] if (part := line(each))]
    items = value if isinstance(value, list) else [value]
    return [part for each in items[:limit] if (part := line(each))]


def items(value: Any) -> list[Any]:
    """A value as a list: schema.org lets each property have one value or several."""
    return value if isinstance(value, list) else [] if value is None else [value]
