"""A page as a person copies it: all visible text in order, by the rules of `innerText`.

https://html.spec.whatwg.org/multipage/dom.html#the-innertext-idl-attribute, with the default style sheet of browsers,
since a stored page has no other: what only a style sheet hides is copied as well.
"""

import re
from collections.abc import Iterator

from lxml import html

_UNSEEN = frozenset({
    "head", "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "audio", "video",
    "canvas", "select", "button", "textarea", "input", "datalist", "dialog",
})  # fmt: skip
_BLOCK = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "legend", "li", "main",
    "menu", "nav", "ol", "optgroup", "option", "pre", "search", "section", "summary", "table", "caption", "tbody",
    "tfoot", "thead", "tr", "ul", "h1", "h2", "h3", "h4", "h5", "h6",
})  # fmt: skip
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_AROUND = re.compile(r" *(\n+) *")


def copied(markup: str) -> str:
    """The visible text of an HTML page: a line a block, a blank line around paragraphs, tabs between cells."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    tree = html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    body = tree.find(".//body")
    text = "".join(_pieces(tree if body is None else body))
    runs = _AROUND.sub(lambda run: "\n" * min(len(run[1]), 2), text.replace("\x01", "\n"))
    return re.sub(r" {2,}", " ", _paragraphs(runs)).strip() + "\n"


def _paragraphs(text: str) -> str:
    """Required line breaks: the longest of a run counts, one for a block, two for a paragraph."""
    return re.sub(r" *[\x02\x03\n][ \x02\x03\n]*", _break, text)


def _break(run: re.Match[str]) -> str:
    printed = run[0].count("\n")
    required = 2 if "\x03" in run[0] else 1 if "\x02" in run[0] else 0
    return "\n" * max(min(printed, 2), required)


def _pieces(element: html.HtmlElement) -> Iterator[str]:
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag in _UNSEEN or not tag or "hidden" in element.attrib or _HIDDEN.search(element.get("style", "")):
        return
    edge = "\x03" if tag == "p" else "\x02" if tag in _BLOCK else ""
    yield edge
    if tag == "br":
        yield "\n"
    yield _text(element.text)
    for child in element:
        yield from _pieces(child)
        yield _text(child.tail)
    yield "\t" if tag in {"td", "th"} else edge


def _text(text: str | None) -> str:
    return _SPACE.sub(" ", text) if text else ""
