"""A fixture in a page's structure: its elements and names around what a profile selects, and no word of it. Pure."""

import json
import re
from collections import Counter
from typing import Any, Final, cast

from lxml import etree, html

from services.parse.drafting.placeholder import Placeholder
from services.parse.drafting.targets import Targets
from services.parse.html.jsonld import items
from services.parse.html.linked import linked_data

KEPT: Final = frozenset(
    {
        "id", "class", "itemprop", "itemtype", "itemscope", "rel", "property", "name", "content", "datetime", "lang",
        "dir", "type", "data-testid", "data-component", "data-qa", "data-type", "role", "href", "src", "pubdate",
    }
)  # fmt: skip
GONE: Final = frozenset(
    {"script", "style", "svg", "noscript", "iframe", "template", "video", "audio", "form", "button", "input", "source"}
)
METAS: Final = ("og:", "article:", "author", "description", "date", "dc.", "parsely-", "sailthru.", "news_keywords")
LINKED: Final = frozenset(
    {
        "@context", "@type", "headline", "datePublished", "dateModified", "dateCreated", "author", "name", "publisher",
        "articleSection", "description", "inLanguage", "isAccessibleForFree",
    }
)  # fmt: skip
ALIKE: Final = 2
"""Elements of one tag and class that an element keeps."""
PASSAGES: Final = 5
CHILDREN: Final = 14
DEPTH: Final = 3
"""Levels that are kept below an element that holds nothing of interest."""
DEEP: Final = 8
"""Levels that are kept of the text."""
WORDS: Final = 40
LONGEST: Final = 250
"""Characters of a text, for scripts without spaces."""
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./:]\d{1,2}|\d{1,2}\.?\s+\w+\s+\d{4}|\b\w+\s+\d{1,2},\s+\d{4}|\d年")
_TIME_LENGTH: Final = 60


def skeleton(tree: html.HtmlElement, targets: Targets, url: str | None) -> str:
    """The fixture as markup; the tree is used up."""
    linked = linked_data(tree, url).article
    chosen = [each for elements in targets.values() for each in elements]
    paths = {each for target in chosen for each in target.iterancestors()}
    _prune(tree, set(chosen), paths, set(targets.get("body", [])))
    words = Placeholder()
    for each in tree.iter():
        _blank(each, words)
    _head(tree, linked, url, words)
    etree.indent(tree, space=" ")
    return "<!DOCTYPE html>\n" + etree.tostring(tree, method="html", encoding="unicode") + "\n"


def _prune(tree: html.HtmlElement, chosen: set[Any], paths: set[Any], bodies: set[Any]) -> None:
    waiting: list[tuple[html.HtmlElement, int, bool]] = [(tree, DEPTH, False)]
    while waiting:
        element, depth, inside = waiting.pop()
        inside = inside or element in bodies
        kept: Counter[tuple[str, str]] = Counter()
        for child in list(element):
            name = (str(child.tag), child.get("class", ""))
            wanted = child in chosen or child in paths
            limit = PASSAGES if child.tag == "p" and inside else ALIKE
            left = depth if inside and child.tag in {"p", "a", "strong", "em", "li", "blockquote"} else depth - 1
            if not wanted and (_is_gone(child) or kept[name] >= limit or kept.total() >= CHILDREN or left <= 0):
                child.drop_tree() if _is_tail(child) else element.remove(child)
                continue
            kept[name] += 1
            waiting.append((child, DEEP if child in bodies else DEPTH if wanted else left, inside))


def _is_tail(child: html.HtmlElement) -> bool:
    return bool((child.tail or "").strip())


def _is_gone(element: html.HtmlElement) -> bool:
    if not isinstance(element.tag, str) or element.tag in GONE or element.tag in {"link", "title", "base"}:
        return True
    if element.tag == "meta":
        name = (element.get("property") or element.get("name") or "").lower()
        return not name.startswith(METAS) or "image" in name or "url" in name
    return False


def _blank(element: html.HtmlElement, words: Placeholder) -> None:
    attributes = cast("dict[str, str]", element.attrib)
    for name in list(attributes):
        if name not in KEPT or len(attributes[name]) > 300:  # noqa: PLR2004 - longer is no name
            del attributes[name]
        else:
            attributes[name] = " ".join(attributes[name].split())
    if "href" in attributes:
        attributes["href"] = "/an/address"
    if "src" in attributes:
        attributes["src"] = "/a/picture.jpg"
    if "content" in attributes:
        attributes["content"] = blanked(attributes["content"], words)
    element.text = blanked(element.text, words) if element.text else element.text
    element.tail = blanked(element.tail, words) if element.tail else element.tail


def blanked(text: str, words: Placeholder) -> str:
    """`text` as placeholder, at most some words of it; times stay."""
    short = " ".join(text.split())
    if not short:
        return ""
    if len(short) <= _TIME_LENGTH and _TIME.search(short):
        return words.time(short)
    cut = " ".join(short.split(" ")[:WORDS])[:LONGEST]
    cut += "." if len(cut) < len(short) else ""
    around = (" " if text[0].isspace() else "", " " if text[-1].isspace() else "")
    return around[0] + words.text(cut) + around[1]


def _head(tree: html.HtmlElement, linked: dict[str, Any], url: str | None, words: Placeholder) -> None:
    head = tree.find("head")
    if head is None:
        head = html.Element("head")
        tree.insert(0, head)
    charset = html.Element("meta")
    charset.set("charset", "utf-8")
    head.insert(0, charset)
    if url:
        link = html.Element("link")
        link.set("rel", "canonical")
        link.set("href", url)
        head.append(link)
    if linked:
        script = html.Element("script")
        script.set("type", "application/ld+json")
        script.text = json.dumps(_linked(linked, words), ensure_ascii=False, indent=1)
        head.append(script)


def _linked(value: Any, words: Placeholder) -> Any:
    if isinstance(value, dict):
        known = cast("dict[str, Any]", value)
        typed = ("@context", "@type", "inLanguage")
        return {name: each if name in typed else _linked(each, words) for name, each in known.items() if name in LINKED}
    if isinstance(value, list):
        return [_linked(each, words) for each in items(value)[:3]]
    if isinstance(value, str):
        return "https://site.example/" if "://" in value else blanked(value, words)
    return value
