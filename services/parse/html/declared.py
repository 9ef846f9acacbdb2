"""What a page says of its article in a word or a line: section, keywords, language, publisher, summary."""

from collections.abc import Iterator
from typing import Any, Final

from services.parse.findings import Draft
from services.parse.html.clues import Clues
from services.parse.html.jsonld import items, line, lines
from services.parse.html.names import is_site
from services.parse.html.stated import is_reference, keywords_in, plain_text, repeats, section_in
from services.parse.language import language_tag
from shared.contracts import EvidenceSource
from shared.url import domain

KEYWORDS_LIMIT: Final = 100
KEYWORD_LIMIT: Final = 200
"""Characters; longer is a description."""


def find_declared(draft: Draft, clues: Clues) -> None:
    """Put summary, section, keywords, declared_language and publisher."""
    _summary(draft, clues)
    _publisher(draft, clues)
    _section(draft, clues)
    _keywords(draft, clues)
    _language(draft, clues)


def _summary(draft: Draft, clues: Clues) -> None:
    metas = ("og:description", "description", "twitter:description")
    for source, key, raw, sure in _stated(clues, ("description", "abstract"), metas):
        summary = plain_text(raw)
        if repeats(summary, str(draft.fields.get("headline", ""))) or any(
            is_site(summary, each) for each in clues.sites
        ):
            draft.refuse("summary", source, f"{key}: the headline again, or the site's name", raw)
        else:
            draft.put("summary", summary, source, key, sure, raw)


def _section(draft: Draft, clues: Clues) -> None:
    metas = ("article:section", "og:article:section", "section", "parsely-section")
    sites = [str(each) for each in (draft.fields.get("publisher"), domain(clues.page.url or "")) if each]
    for source, key, raw, sure in _stated(clues, ("articleSection",), metas):
        if section := section_in(raw, sites):
            draft.put("section", section, source, key, sure, raw)
        else:
            draft.refuse("section", source, f"{key}: no section, or the site's name", raw)


def _publisher(draft: Draft, clues: Clues) -> None:
    for source, key, raw, sure in _stated(clues, ("publisher",), ("og:site_name", "application-name", "dc.publisher")):
        if is_reference(raw):
            draft.refuse("publisher", source, f"{key}: an address, no name", raw)
        else:
            draft.put("publisher", raw, source, key, sure)


def _stated(
    clues: Clues, linked: tuple[str, ...], metas: tuple[str, ...]
) -> Iterator[tuple[EvidenceSource, str, str, float]]:
    """What JSON-LD and meta elements state under these names: where, under which, the value, and how sure that is."""
    for key in linked:
        if value := line(clues.linked.get(key)):
            yield "json-ld", key, value, 0.9
    for key in metas:
        for value in clues.meta.get(key, [])[:1]:
            yield "meta", key, value, 0.8


def _keywords(draft: Draft, clues: Clues) -> None:
    headline = str(draft.fields.get("headline", ""))
    found: tuple[tuple[EvidenceSource, str, list[str]], ...] = (
        (
            "json-ld",
            "keywords",
            [word for each in items(clues.linked.get("keywords"))[:KEYWORDS_LIMIT] for word in _words(each)],
        ),
        ("meta", "article:tag", [part for each in clues.meta.get("article:tag", []) for part in _words(each)]),
        ("meta", "news_keywords", _words(",".join(clues.meta.get("news_keywords", [])))),
        ("meta", "keywords", _words(",".join(clues.meta.get("keywords", [])))),
    )
    for source, rule, words in found:
        short = [word for word in words if len(word) <= KEYWORD_LIMIT]
        if kept := tuple(keywords_in(short, headline))[:KEYWORDS_LIMIT]:
            draft.put("keywords", kept, source, rule, 0.85, ", ".join(kept))


def _words(value: Any) -> list[str]:
    """The words of one text: between commas, or else between semicolons."""
    return lines(value.replace(";", ",") if isinstance(value, str) and "," not in value else value)


def _language(draft: Draft, clues: Clues) -> None:
    locale, header = clues.first_meta("og:locale"), clues.first_meta("content-language", "language", "dc.language")
    found: tuple[tuple[EvidenceSource, str, str | None], ...] = (
        ("html", "html[lang]", clues.tree.getroottree().getroot().get("lang")),
        ("json-ld", "inLanguage", line(clues.linked.get("inLanguage"))),
        ("meta", "og:locale", locale[1] if locale else None),
        ("meta", "content-language", header[1] if header else None),
    )
    for source, rule, raw in found:
        tag = language_tag(raw)
        if tag and tag.partition("-")[0] != str(draft.fields.get("declared_language", "")).partition("-")[0]:
            draft.put("declared_language", tag, source, rule, 0.8, raw)
