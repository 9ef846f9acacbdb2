"""One entry of a feed: an RSS 2.0 item or an Atom entry (RFC 4287)."""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from services.parse.clean import clean_line
from services.parse.ending import put_cut
from services.parse.findings import Draft, Page
from services.parse.html.body import Passage, Reading, declared_passages, extracted, put_body
from services.parse.publishers import habits_of, profile_for
from services.parse.times.claims import Candidate, believed
from services.parse.tree import Element, entry_tree, page_tree
from shared.contracts import Author, Image
from shared.errors import Poison, Skip
from shared.url import canonical_url, web_url

ENTRIES: Final = frozenset({"item", "entry"})
_MARKUP: Final = re.compile(r"<[a-zA-Z/][^<>]*>")
_TITLES: Final = (("headline", ("title",)), ("section", ("section",)), ("summary", ("summary", "description")))
_BODIES: Final = ("encoded", "content", "description", "summary")
_PUBLISHED: Final = ("pubDate", "published", "date", "issued", "created")
_MODIFIED: Final = ("updated", "modified")


def read_feed_entry(page: Page) -> Draft:
    """Read one feed entry.

    Raises:
        Poison: it is no XML, has a document type, or holds several entries.
        Skip: `not_an_article` when it is a feed without an entry.
    """
    entry = _only_entry(entry_tree(page.text))
    draft = Draft(parser="feed", block_basis="body")
    for name, tags in _TITLES:
        for text in (_plain(each) for each in _texts(entry, *tags)):
            draft.put(name, text, "feed", tags[0], 0.9)
    _put_link(draft, entry)
    _put_times(draft, entry, page)
    _put_lists(draft, entry)
    _put_body(draft, entry)
    return draft


def _only_entry(tree: Element) -> Element:
    entries = [each for each in tree.iter(etree.Element) if _name(each) in ENTRIES]
    if not entries:
        raise Skip("not_an_article", "a feed without an entry")
    if len(entries) > 1:
        raise Poison("unsupported_type", f"a feed of {len(entries)} entries; publish each as a message of its own")
    return entries[0]


def _name(element: Element) -> str:
    """The tag without its namespace, which careless feeds do not declare."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def _elements(entry: Element, *names: str) -> Iterator[Element]:
    for name in names:
        yield from (each for each in entry if _name(each) == name)


def _texts(entry: Element, *names: str) -> Iterator[str]:
    for element in _elements(entry, *names):
        text = _content(element)
        if text.strip():
            yield text


def _content(element: Element) -> str:
    """What an element holds: its text, or its markup where Atom allows that."""
    if len(element) and element.get("type") == "xhtml":
        return "".join(etree.tostring(child, encoding="unicode") for child in element)
    return "".join(str(part) for part in element.itertext())


def _plain(text: str) -> str:
    return clean_line(" ".join(passage.text for passage in declared_passages(text)))


def _put_link(draft: Draft, entry: Element) -> None:
    for element in _elements(entry, "link", "guid", "id"):
        if element.get("rel", "alternate") == "alternate" and (url := web_url(element.get("href") or element.text)):
            draft.put("url", url, "feed", _name(element), 0.9)
            draft.put("canonical_url", canonical_url(url), "feed", _name(element), 0.85, url)


def _put_times(draft: Draft, entry: Element, page: Page) -> None:
    habits = habits_of(profile_for(page.source, page.url))
    for text in _texts(entry, *_PUBLISHED):
        candidate = Candidate("feed", "published", clean_line(text), 0.95)
        if known := believed(draft, "published_at", candidate, habits, page.observed_at):
            draft.put_published(known.moment, known.source, known.rule, known.sure)
    for text in _texts(entry, *_MODIFIED):
        candidate = Candidate("feed", "updated", clean_line(text), 0.9)
        if known := believed(draft, "modified_at", candidate, habits, page.observed_at):
            draft.put_modified(known.moment, known.source, known.rule, known.sure)


def _put_lists(draft: Draft, entry: Element) -> None:
    names = [_plain(text) for text in _texts(entry, "creator")]
    people = [each for author in _elements(entry, "author") for each in _elements(author, "name")]
    names += [clean_line(_content(each)) for each in people] or [_plain(text) for text in _texts(entry, "author")]
    if authors := tuple(Author(name=name) for name in dict.fromkeys(names) if name):
        draft.put("authors", authors, "feed", "author", 0.9, ", ".join(each.name for each in authors))
    words = [clean_line(each.get("term") or _content(each)) for each in _elements(entry, "category")]
    if keywords := tuple(dict.fromkeys(word for word in words if word)):
        draft.put("keywords", keywords[:100], "feed", "category", 0.85, ", ".join(keywords))
    for element in _elements(entry, "enclosure", "content", "thumbnail"):
        if "image" in (element.get("type") or element.get("medium") or "") and (url := web_url(element.get("url"))):
            draft.put("image", Image(url=url), "feed", _name(element), 0.8, url)


def _put_body(draft: Draft, entry: Element) -> None:
    """The longest text of the entry, as an article's page when it is markup."""
    texts = sorted(_texts(entry, *_BODIES), key=len, reverse=True)
    found = _passages(texts[0]) if texts else []
    put_body(draft, Reading(found, 0.8, found[0].rule if found else "", "feed"))
    put_cut(draft, "feed", believe_all=True)


def _passages(text: str) -> list[Passage]:
    if not _MARKUP.search(text):
        return declared_passages(text)
    return extracted(page_tree(f"<html><body><article>{text}</article></body></html>")) or declared_passages(text)
