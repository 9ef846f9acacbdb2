"""A page with everything that its finders look at, read once."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Final, cast

from lxml import etree, html

from services.parse.clean import clean_line
from services.parse.findings import Page
from services.parse.html.jsonld import Node, is_list, line
from services.parse.html.linked import linked_data
from services.parse.language import language_tag
from services.parse.publishers import Profile, habits_of, profile_for
from services.parse.times.reading import Habits
from services.parse.tree import Element, page_tree
from shared.url import domain, web_url

_MARKED: Final = re.compile("itemprop=", re.IGNORECASE)
_WITH_PROPERTY: Final = etree.XPath("descendant::*[@itemprop]")
MARKED_LIMIT: Final = 1_000
META_LIMIT: Final = 500
"""Meta elements that are read."""
_SITE_META: Final = ("og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:app:name:iphone")
TEXT_LIMIT: Final = 10_000
"""Characters of an element that are read as one line."""


@dataclass(frozen=True, slots=True)
class Clues:
    """`linked`: the article's JSON-LD node; `web_page`: its page's; `types`: of all nodes that the page declares.
    `meta`: contents by lower-case name.

    `base`: what links are relative to. `sites`: what the site is called, and its host. `language`: BCP 47, as the
    page's root declares it. `habits`: how the publisher writes times. `elements`: all of them, held so that lxml makes
    Python's object of each once and not in every walk.
    """

    page: Page
    tree: html.HtmlElement
    linked: Node
    web_page: Node
    types: frozenset[str]
    meta: dict[str, list[str]]
    base: str | None
    profile: Profile | None
    sites: tuple[str, ...]
    language: str | None
    habits: Habits
    properties: dict[str, list[html.HtmlElement]]
    elements: list[Element]

    def first_meta(self, *names: str) -> tuple[str, str] | None:
        """The first of these names that has a content, with it."""
        return next(((name, self.meta[name][0]) for name in names if name in self.meta), None)

    def absolute(self, url: str | None) -> str | None:
        """A link of the page as an absolute web address."""
        return web_url(url, self.base)

    def select(self, xpath: str) -> list[html.HtmlElement]:
        """The elements that `xpath` finds, in the page's order."""
        found = _compiled(xpath)(self.tree)
        return [each for each in found if isinstance(each, html.HtmlElement)] if is_list(found) else []

    def some(self, *tags: str, limit: int) -> list[Element]:
        """The first elements with one of these tags."""
        return list(islice(cast("Element", self.tree).iter(*tags), limit))

    def marked(self, name: str) -> list[html.HtmlElement]:
        """The elements whose microdata or RDFa property is `name`."""
        return self.properties.get(name, [])


@lru_cache(maxsize=128)
def _compiled(xpath: str) -> etree.XPath:
    return etree.XPath(xpath)


def read_clues(page: Page) -> Clues:
    """Build the page's tree and read what it declares.

    Raises:
        Poison: the markup is too large, too deep or has too many nodes.
        Skip: `not_an_article`: there is no element.
    """
    tree = page_tree(page.text)
    etree.strip_elements(tree, "style", with_tail=False)  # pyright: ignore[reportUnknownMemberType] - nobody reads them
    declared_base = tree.find(".//base[@href]")
    base = web_url(declared_base.get("href"), page.url) if declared_base is not None else page.url
    data, meta = linked_data(tree, page.url), _meta(tree)
    profile = profile_for(page.source, page.url or _stated_url(tree, meta))
    language = language_tag(tree.getroottree().getroot().get("lang")) or language_tag(
        line(data.article.get("inLanguage"))
    )
    return Clues(
        page=page,
        tree=tree,
        linked=data.article,
        web_page=data.page,
        types=data.types,
        meta=meta,
        base=base,
        profile=profile,
        sites=_sites(page, meta, data.article),
        language=language,
        habits=_habits(page, profile, language),
        properties=_properties(page, tree),
        elements=list(cast("Element", tree).iter()),
    )


def _stated_url(tree: Element, meta: dict[str, list[str]]) -> str | None:
    """Where the page says that it is from: enough to know its publisher by, and nothing else rests on it."""
    link = tree.find(".//link[@rel='canonical'][@href]")
    return next(iter(meta.get("og:url", [])), None) if link is None else link.get("href")


def _sites(page: Page, meta: dict[str, list[str]], linked: Node) -> tuple[str, ...]:
    names = [line(linked.get("publisher")), *(value for name in _SITE_META for value in meta.get(name, [])[:1])]
    return tuple(dict.fromkeys([*(name for name in names if name), *([domain(page.url)] if page.url else [])]))


def _habits(page: Page, profile: Profile | None, language: str | None) -> Habits:
    return replace(habits_of(profile, language, url=page.url or ""), seen_at=page.fetched_at or page.observed_at)


def _meta(tree: Element) -> dict[str, list[str]]:
    known: dict[str, list[str]] = {}
    for element in list(tree.iter("meta"))[:META_LIMIT]:
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        content = clean_line(element.get("content") or "")
        if name and content:
            known.setdefault(name.strip().lower(), []).append(content)
    return known


def _properties(page: Page, tree: html.HtmlElement) -> dict[str, list[html.HtmlElement]]:
    known: dict[str, list[html.HtmlElement]] = {}
    if _MARKED.search(page.text):  # most pages have none, and to look at every element takes a millisecond
        for element in cast("list[html.HtmlElement]", _WITH_PROPERTY(tree))[:MARKED_LIMIT]:
            for name in (element.get("itemprop") or "").split()[:3]:
                if element.tag != "meta":
                    known.setdefault(name, []).append(element)
    return known


def text_of(element: Element) -> str:
    """All text of an element as one line."""
    parts: list[str] = []
    length = 0
    for part in element.itertext():
        parts.append(str(part))
        length += len(parts[-1])
        if length > TEXT_LIMIT:
            break
    return clean_line(" ".join(parts))
