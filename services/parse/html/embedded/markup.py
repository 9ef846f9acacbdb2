"""An article's text as content systems store it, as HTML: strings, paragraphs as nodes, text in pieces. Pure.

Rich text differs from system to system (Contentful, ProseMirror, Slate, Arc, Portable Text) but for one thing: each is
nodes with a type and either a text or more nodes.
"""

import html
import json
import re
from collections.abc import Iterable
from typing import Any, Final

from services.parse.html.jsonld import Node, is_list, node

DEPTH: Final = 40
TEXT_LIMIT: Final = 1_000_000
"""Characters of a body that are read."""
_TAG: Final = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,9}[\s/>]")
_BLOCK_TAG: Final = re.compile(
    r"<(?:p|div|h[1-6]|ul|ol|li|blockquote|table|section|article|figure|br)[\s/>]", re.IGNORECASE
)
_PLACEHOLDER: Final = re.compile(
    r"\$\$[\w :.-]{1,60}\$\$|\{\{[^{}<>]{1,60}\}\}|\[\[[^\[\]<>]{1,60}\]\]|%%[\w :.-]{1,60}%%"
)
"""Where a system puts something of its own: `$$ARTICLEAD$$`."""
_LINES: Final = re.compile(r"\n\s*")
_LETTERS: Final = re.compile(r"[^a-z]")
_TYPES: Final = ("type", "nodetype", "_type", "__typename", "kind", "blocktype", "role", "name", "component", "tag")
_TEXTS: Final = (
    "html", "contenthtml", "bodyhtml", "markup", "text", "value", "rendered", "processed", "content", "contents",
    "children", "body", "blocks", "contentelements", "elements", "paragraphs", "items", "nodes", "components",
    "richtext", "document", "json", "data", "fields", "props", "attributes", "model",
)  # fmt: skip
"""Where a node has its text, or its nodes; the first that has any."""
_NO_TEXT: Final = re.compile(
    r"image|photo|picture|figure|caption|credit|galler|slideshow|video|audio|podcast|media|player|embed|tweet|twitter"
    r"|instagram|facebook|youtube|social|iframe|script|^ad$|^ads$|advert|related|recommend|readmore|promo|newsletter"
    r"|interstitial|signup|subscri|paywall|poll|quiz|comment|byline|author|divider|map$|chart|button|share"
)
"""Types of nodes whose text, if any, is not the article's own."""
_HEADING: Final = re.compile(r"head(?:ing|er)|title|^h[1-6]")
_ITEM: Final = re.compile(r"listitem|^li$|bullet$")
_QUOTE: Final = re.compile(r"quot")
_PARAGRAPH: Final = re.compile(r"paragraph|^p$|^block$|textblock|blocktext")
_INLINE: Final = re.compile(r"^(?:|text|span|link|hyperlink|entity|bold|strong|italic|em|a|b|i|mark|leaf)$")


def letters(name: str) -> str:
    """A key without case and marks: `content_html` and `contentHtml` are one."""
    return _LETTERS.sub("", name.lower())


def markup_of(value: Any) -> str:
    """HTML of what is stored as a body; empty for what has no text."""
    return _PLACEHOLDER.sub("", _block(value, DEPTH)[:TEXT_LIMIT])


def _block(value: Any, depth: int) -> str:
    if isinstance(value, str):
        return _of_text(value, depth)
    if not depth:
        return ""
    if not is_list(value):
        return _node(node(value), depth)
    if _is_line(value):
        return f"<p>{_inline(value, depth)}</p>"
    return "".join(_block(each, depth - 1) for each in value)


def _of_text(text: str, depth: int) -> str:
    """What a string has: paragraphs with or without tags, or JSON once more."""
    if depth and text.startswith(('[{"', '{"')):
        try:
            return _block(json.loads(text), depth - 1)
        except (ValueError, RecursionError):
            return ""
    if _BLOCK_TAG.search(text):
        return text
    return (
        _tagged("p", text) if _TAG.search(text) else "".join(f"<p>{_escaped(line)}</p>" for line in _LINES.split(text))
    )


def _node(known: Node, depth: int) -> str:
    kind = type_of(known)
    if _NO_TEXT.search(kind):
        return ""
    for pattern, tag in ((_HEADING, "h2"), (_ITEM, "li"), (_PARAGRAPH, "p")):
        if pattern.search(kind):
            return _tagged(tag, _inline(known, depth))
    inside = next((found for each in _texts(known) if (found := _block(each, depth - 1))), "")
    return _tagged("blockquote", inside) if _QUOTE.search(kind) else inside


def _tagged(tag: str, inside: str) -> str:
    """What stands in an element; a paragraph stored with its own tags needs none."""
    return f"<{tag}>{inside}</{tag}>" if inside and not inside.lstrip().startswith(f"<{tag}") else inside


def _inline(value: Any, depth: int) -> str:
    """Text in pieces as one; what is in between is not part of it."""
    if isinstance(value, str):
        return value if _TAG.search(value) else _escaped(value)
    if not depth:
        return ""
    if is_list(value):
        return "".join(_inline(each, depth - 1) for each in value)
    known = node(value)
    if _NO_TEXT.search(type_of(known)):
        return ""
    return next((found for each in _texts(known) if (found := _inline(each, depth - 1))), "")


def type_of(known: Node) -> str:
    """What a node says that it is, letters only."""
    named = {letters(name): value for name, value in known.items() if isinstance(value, str)}
    return next((letters(named[name]) for name in _TYPE_NAMES if named.get(name)), "")


_TYPE_NAMES: Final = tuple(dict.fromkeys(map(letters, _TYPES)))


def _texts(known: Node) -> Iterable[Any]:
    named = {letters(name): value for name, value in known.items() if value}
    return (named[name] for name in _TEXTS if name in named)


def _is_line(values: list[Any]) -> bool:
    """Whether nodes are pieces of one paragraph: all are of types that stand in one, and one is no sentence."""
    kinds = [type_of(node(each)) if isinstance(each, dict) else "" for each in values]
    texts = [_inline(each, 4) for each in values]
    inline = all(_INLINE.search(kind) for kind in kinds)
    return len(values) > 1 and inline and any(text[:1].isspace() or text[-1:].isspace() for text in texts)


def _escaped(text: str) -> str:
    return html.escape(html.unescape(text), quote=False)
