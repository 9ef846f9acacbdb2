"""What a profile's selectors find in a page."""

from collections.abc import Sequence
from functools import cache
from typing import Final, TypeVar, cast

from lxml import etree, html
from lxml.cssselect import CSSSelector

from services.parse.tree import Element

E = TypeVar("E", bound=Element)

FOUND_LIMIT: Final = 500
"""Elements or values of one selector that are looked at."""


@cache
def compiled(selector: str) -> etree.XPath:
    """A CSS selector, or XPath that begins with `/` or `(`, compiled once.

    Raises:
        cssselect.SelectorError, lxml.etree.XPathSyntaxError: it is neither.
    """
    return etree.XPath(selector) if selector.startswith(("/", "(")) else CSSSelector(selector, translator="html")


def found(tree: Element, selector: str | None) -> list[html.HtmlElement | str]:
    """The elements, attributes' values or texts that a selector finds, in the page's order; without one, nothing."""
    if selector is None:
        return []
    result: object = compiled(selector)(tree)
    values = cast("list[object]", result) if isinstance(result, list) else [result]
    return [each if isinstance(each, html.HtmlElement) else str(each) for each in values[:FOUND_LIMIT]]


def elements(tree: Element, selector: str | None) -> list[html.HtmlElement]:
    """The elements among what is found."""
    return [each for each in found(tree, selector) if isinstance(each, html.HtmlElement)]


def outermost(chosen: Sequence[E]) -> list[E]:
    """The elements that are not inside of another of them."""
    known = set[Element](chosen)
    return [each for each in chosen if known.isdisjoint(each.iterancestors())]
