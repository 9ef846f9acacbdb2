"""schema.org data in a page, where most publishers declare their articles: https://schema.org/NewsArticle."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any, Final, TypeGuard, cast

from services.parse.clean import clean_line
from services.parse.tree import Element

Node = dict[str, Any]

SCRIPT_LIMIT: Final = 1_000_000
"""Characters of one script; articleBody included, pages stay far below."""
NODES_LIMIT: Final = 2_000
_ARTICLE: Final = re.compile(r"(?:\w+Article|Article|\w*BlogPosting|Report|NewsItem)")


def article_node(tree: Element, page_url: str | None) -> Node:
    """The node that describes the page's article, or an empty one.

    Of several, the one that names the page's address, else the first with a date.
    """
    found = [each for each in _nodes(tree) if _is_article(each)]
    ranked = sorted(found, key=lambda each: (not _is_about(each, page_url), not each.get("datePublished")))
    return ranked[0] if ranked else {}


def _nodes(tree: Element) -> Iterator[Node]:
    waiting = [_loaded(script.text or "") for script in tree.iter("script") if _is_linked_data(script)]
    for _ in range(NODES_LIMIT):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting[:0] = items(value)[:NODES_LIMIT]
        elif found := node(value):
            yield found
            waiting[:0] = [found[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in found]


def _is_linked_data(script: Element) -> bool:
    return "ld+json" in (script.get("type") or "").lower()


def _loaded(text: str) -> Any:
    """The value of a script; line ends in strings are forgiven, nothing else is."""
    if len(text) > SCRIPT_LIMIT:
        return None
    try:
        return json.loads(_unwrapped(text), strict=False)
    except (ValueError, RecursionError):
        return None


def _unwrapped(text: str) -> str:
    """The script without the comment or CDATA marks that old systems put around it."""
    for mark in ("<!--", "//", "<![CDATA["):
        text = text.strip().removeprefix(mark)
    for mark in (";", "-->", "]]>", "//"):
        text = text.strip().removesuffix(mark)
    return text


def _is_article(known: Node) -> bool:
    return any(
        isinstance(name, str) and _ARTICLE.fullmatch(name.rpartition("/")[2]) for name in items(known.get("@type"))
    )


def _is_about(known: Node, page_url: str | None) -> bool:
    declared = (line(known.get("url")), line(known.get("mainEntityOfPage")), line(known.get("@id")))
    return page_url is not None and any(each and each.split("?")[0] == page_url.split("?")[0] for each in declared)


def line(value: Any) -> str | None:
    """A value as one line of text: itself, its name or address, or the first of several."""
    for _ in range(4):
        if isinstance(value, list):
            value = next(iter(items(value)), None)
        elif known := node(value):
            value = next((known[key] for key in ("name", "@value", "url", "@id") if known.get(key)), None)
    if isinstance(value, str):
        return clean_line(html.unescape(value)) or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15 else None


def lines(value: Any, limit: int = 200) -> list[str]:
    """Every text of a value: a list's items, or one text's parts between commas."""
    if isinstance(value, str):
        return [part for each in value[:20_000].split(",")[:limit] if (part := line(each))]
    return [part for each in items(value)[:limit] if (part := line(each))]


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
