"""The shortest selector that finds exactly given elements, made of what stays when a site is built anew. Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from cssselect import SelectorError
from lxml import etree, html

from services.parse.publishers.selectors import elements

NAMING: Final = ("itemprop", "data-testid", "data-component", "data-qa", "data-type", "role", "rel", "property")
"""Attributes that say what an element is, the most telling first."""
ANCESTORS: Final = 6
HASH: Final = 8
"""Letters of a name that is a hash: mixed capitals, as in `zHFdO`."""
TRIED: Final = 200
"""Selectors for one target."""
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{1,60}")
_MADE: Final = re.compile(
    r"\d{3,}|^(?:css|sc|jsx|emotion|svelte|styled)-|__[A-Za-z0-9_-]*[A-Z0-9][A-Za-z0-9]*$|--?[A-Za-z0-9]*\d[A-Za-z0-9]*$"
)
"""Names that a build makes up: numbers, hashes."""


def selector_for(targets: Sequence[html.HtmlElement], tree: html.HtmlElement) -> str | None:
    """A CSS selector that finds these elements and no others; None if none of those tried does."""
    if not targets:
        return None
    wanted = list(targets)
    tried = islice(dict.fromkeys(_candidates(wanted)), TRIED)
    return next((each for each in sorted(tried, key=_weight) if _finds(each, wanted, tree)), None)


def _finds(selector: str, wanted: list[html.HtmlElement], tree: html.HtmlElement) -> bool:
    try:
        return elements(tree, selector) == wanted
    except (SelectorError, etree.XPathError):
        return False


def _weight(selector: str) -> tuple[int, int]:
    return selector.count(" "), len(selector)


def _candidates(wanted: list[html.HtmlElement]) -> Iterator[str]:
    """What all of them have in common, alone and below what is named around the first."""
    common = [each for each in _names(wanted[0]) if all(each in list(_names(other)) for other in wanted[1:])]
    yield from common
    ancestors: Iterator[html.HtmlElement] = wanted[0].iterancestors()
    for ancestor in islice(ancestors, ANCESTORS):
        for name in _names(ancestor):
            if name != str(ancestor.tag):
                yield from (f"{name} {each}" for each in common)


def _names(element: html.HtmlElement) -> Iterator[str]:
    """Simple selectors of one element; the bare tag last."""
    tag = str(element.tag)
    if (identity := element.get("id", "")) and stable(identity):
        yield f"#{identity}"
    for attribute in NAMING:
        value = element.get(attribute, "")
        if value and '"' not in value and len(value) < 60:  # noqa: PLR2004 - longer is no name
            yield f'[{attribute}="{value}"]'
            yield f'{tag}[{attribute}="{value}"]'
    for name in element.get("class", "").split():
        if stable(name):
            yield f".{name}"
            yield f"{tag}.{name}"
    yield tag


def stable(name: str) -> bool:
    """Whether a person gave an element this name, and no build did."""
    capitals = sum(map(str.isupper, name))
    hashed = len(name) <= HASH and name.isalpha() and 1 < capitals < len(name)
    return bool(_PLAIN.fullmatch(name)) and not _MADE.search(name) and not hashed
