"""The headline: what the page prints, checked against what it declares."""

from itertools import islice
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from services.parse.findings import Draft
from services.parse.html.clues import Clues, text_of
from services.parse.html.jsonld import line
from services.parse.html.titles import SHARED_WORDS, belongs, is_site, likeness, without_kicker, without_site
from services.parse.tree import Element
from shared.contracts import EvidenceSource
from shared.url import slug

HEADINGS_LIMIT: Final = 20
ALIKE: Final = 0.7
"""Share of words that a heading of the second rank has in common with a declared title."""

Heading = tuple[Element, str]


class Title(NamedTuple):
    """A title that the page declares, without its site's name."""

    source: EvidenceSource
    rule: str
    text: str


class Printed(NamedTuple):
    """A headline that the page prints."""

    element: Element
    text: str
    rule: str
    sure: float


def find_headline(draft: Draft, clues: Clues) -> Element | None:
    """Put the headline: the printed one that the declared titles or the address confirm, else those in turn.

    Returns where it is printed.
    """
    titles = declared_titles(clues)
    printed = printed_headline(clues, titles)
    if printed:
        text = without_kicker(printed.text, [title.text for title in titles])
        text = text if text != printed.text else without_site(text, clues.sites) if "|" in text else text
        draft.put("headline", text, "html", printed.rule, printed.sure, printed.text)
    for title in titles:
        draft.put("headline", title.text, title.source, title.rule, 0.85 if title.source == "json-ld" else 0.75)
    if not draft.fields.get("headline"):
        for element in islice(clues.tree.iter("h1"), 1):
            draft.put("headline", text_of(element), "html", "first h1", 0.5)
    return printed.element if printed else None


def declared_titles(clues: Clues) -> list[Title]:
    """The titles that the page declares, the best first."""
    title = clues.tree.findtext(".//title")
    named = clues.first_meta("og:title", "twitter:title", "dc.title", "parsely-title", "sailthru.title", "title")
    found: list[tuple[EvidenceSource, str, str | None]] = [
        ("json-ld", "headline", line(clues.linked.get("headline"))),
        ("meta", "headline", next(iter(clues.meta.get("headline", [])), None)),
        ("meta", named[0] if named else "", named[1] if named else None),
        ("html", "title without its site", title),
    ]
    titles = [Title(source, rule, without_site(text, clues.sites)) for source, rule, text in found if text]
    return [title for title in titles if title.text]


def printed_headline(clues: Clues, titles: list[Title]) -> Printed | None:
    """The heading that is most like a declared title, else the first that is about the same."""
    first = _headings(clues, "h1")
    if (best := _most_like(first, titles)) and best[0] >= SHARED_WORDS:
        return Printed(*best[1], "h1 like a declared title", 0.95)
    known = [*(each.text for each in titles), slug(clues.page.url or "")]
    for element, text in first:
        if belongs(text, known):
            return Printed(element, text, "h1 about what title or address name", 0.85)
    marked = [(element, text_of(element)) for element in clues.marked("headline")[:HEADINGS_LIMIT]]
    best = _most_like([*marked, *_headings(clues, "h2", "h3", "legend")], titles)
    if best and best[0] >= ALIKE:
        return Printed(*best[1], "heading like a declared title", 0.9)
    return Printed(*first[0], "first h1", 0.5) if first and not titles else None


def _headings(clues: Clues, *tags: str) -> list[Heading]:
    found = ((element, text_of(element)) for element in islice(clues.tree.iter(*tags), HEADINGS_LIMIT))
    return [(element, text) for element, text in found if text and not _is_masthead(element, text, clues)]


def _is_masthead(element: Element, text: str, clues: Clues) -> bool:
    """Whether a heading is the site's own name, which leads to its front page."""
    links = [*element.iter("a"), *(each for each in element.iterancestors() if each.tag == "a")]
    leads = [clues.absolute(link.get("href")) for link in links[:2]]
    return is_site(text, clues.sites) or any(url and urlsplit(url).path in {"", "/"} for url in leads)


def _most_like(headings: list[Heading], titles: list[Title]) -> tuple[float, Heading] | None:
    ranked = [
        (max((likeness(text, each.text) for each in titles), default=0.0), (element, text))
        for element, text in headings
    ]
    return max(ranked, key=lambda each: each[0], default=None)
