"""A page with everything that its finders look at, read once."""

from dataclasses import dataclass
from typing import Any, Final

from lxml import html

from services.parse.clean import clean_line
from services.parse.findings import Page
from services.parse.html.jsonld import article_node, is_list
from services.parse.publishers import Profile, profile_for
from services.parse.tree import Element, page_tree
from services.parse.url import web_url

META_LIMIT: Final = 500
"""Meta elements that are read."""


@dataclass(frozen=True, slots=True)
class Clues:
    """`linked`: the article's JSON-LD node. `meta`: contents by lower-case name. `base`: what links are relative to."""

    page: Page
    tree: html.HtmlElement
    linked: dict[str, Any]
    meta: dict[str, list[str]]
    base: str | None
    profile: Profile | None

    def first_meta(self, *names: str) -> tuple[str, str] | None:
        """The first of these names that has a content, with it."""
        return next(((name, self.meta[name][0]) for name in names if name in self.meta), None)

    def absolute(self, url: str | None) -> str | None:
        """A link of the page as an absolute web address."""
        return web_url(url, self.base)

    def select(self, xpath: str) -> list[html.HtmlElement]:
        """The elements that `xpath` finds, in the page's order."""
        found = self.tree.xpath(xpath)
        return [each for each in found if isinstance(each, html.HtmlElement)] if is_list(found) else []


def read_clues(page: Page) -> Clues:
    """Build the page's tree and read what it declares.

    Raises:
        Poison: the markup is too large, too deep or has too many nodes.
        Skip: `not_an_article`: there is no element.
    """
    tree = page_tree(page.text)
    declared_base = tree.find(".//base[@href]")
    base = web_url(declared_base.get("href"), page.url) if declared_base is not None else page.url
    return Clues(page, tree, article_node(tree, page.url), _meta(tree), base, profile_for(page.source, page.url))


def _meta(tree: Element) -> dict[str, list[str]]:
    known: dict[str, list[str]] = {}
    for element in list(tree.iter("meta"))[:META_LIMIT]:
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        content = clean_line(element.get("content") or "")
        if name and content:
            known.setdefault(name.strip().lower(), []).append(content)
    return known


def text_of(element: Element) -> str:
    """All text of an element as one line."""
    return clean_line(" ".join(str(part) for part in element.itertext()))
