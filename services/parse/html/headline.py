"""The headline: what the page prints, checked against what it declares."""

import re
from typing import Final

from services.parse.findings import Draft
from services.parse.html.clues import Clues, text_of
from services.parse.html.jsonld import line
from shared.contracts import EvidenceSource

SHARED_WORDS: Final = 0.5
"""Share of words that a printed headline has in common with a declared title."""
SUFFIX_WORDS: Final = 5
"""A site's name is not longer."""
_SEPARATOR: Final = re.compile(r"\s+[|\u2013\u2014\u00b7\u2022\u00bb\u00ab:-]{1,2}\s+")
_WORD: Final = re.compile(r"\w+")


def find_headline(draft: Draft, clues: Clues) -> None:
    """Put the headline: a printed h1 that shares half its words with a declared title, else the titles in turn."""
    declared = _declared(clues)
    printed = [text for element in clues.select("//h1")[:20] if (text := text_of(element))]
    agreed = next((h1 for h1 in printed if any(similar(h1, title) for _, _, title in declared)), None)
    if agreed:
        draft.put("headline", agreed, "html", "h1 like a declared title", 0.95)
    for source, rule, title in declared:
        draft.put("headline", title, source, rule, 0.85 if source == "json-ld" else 0.75)
    if printed:
        draft.put("headline", printed[0], "html", "first h1", 0.5)


def _declared(clues: Clues) -> list[tuple[EvidenceSource, str, str]]:
    site = clues.first_meta("og:site_name", "application-name")
    title = clues.tree.findtext(".//title")
    named = clues.first_meta("og:title", "twitter:title", "dc.title", "parsely-title", "sailthru.title")
    found: list[tuple[EvidenceSource, str, str | None]] = [
        ("json-ld", "headline", line(clues.linked.get("headline"))),
        ("meta", named[0] if named else "", without_site(named[1], site[1] if site else None) if named else None),
        ("html", "title without its site", without_site(title, site[1] if site else None) if title else None),
    ]
    return [(source, rule, text) for source, rule, text in found if text]


def similar(one: str, other: str) -> bool:
    """Two titles share at least half of the words of the longer, or one contains the other nearly whole."""
    left, right = (set(_WORD.findall(each.casefold())) for each in (one, other))
    return bool(left and right) and len(left & right) >= SHARED_WORDS * max(len(left), len(right))


def without_site(title: str, site: str | None) -> str:
    """`title` without the site's name at its end: "Rates rise | The Daily" gives "Rates rise"."""
    title = " ".join(title.split())
    separators = list(_SEPARATOR.finditer(title))
    if not separators:
        return title
    rest, tail = title[: separators[-1].start()], title[separators[-1].end() :]
    named = site is not None and tail.casefold() == site.casefold()
    short = len(tail.split()) <= SUFFIX_WORDS and len(rest) > len(tail)
    return rest if named or (short and ":" not in separators[-1].group()) else title
