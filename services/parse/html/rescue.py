"""What is taken for the body of a page that shows little of it: what it declares, or carries for its own scripts."""

from dataclasses import replace
from typing import Final

from services.parse.findings import Draft
from services.parse.html.body import (
    Reading,
    count_passages,
    declared_body,
    declared_passages,
    put_body,
    read_body,
    text_of_passages,
    without_headline,
)
from services.parse.html.carried import Carried
from services.parse.html.clues import Clues
from services.parse.html.embedded import Stored
from services.parse.html.features import share, shingled, tokens
from services.parse.html.hints import NAMES_LIMIT, words_of
from services.parse.tree import Element, page_tree
from shared.errors import Outcome

RESCUE_WORDS: Final = 30
"""Below, a declared articleBody is taken: as a first choice it loses to the page's text, measured on 1,195 pages."""
TEASER_WORDS: Final = 400
"""Below, what is shown may be the beginning of what the page carries."""
LONGER: Final = 1.5
"""Times the words shown that what is carried must have to be the whole of it."""
HELD: Final = 0.7
"""Share of what is shown that must be in it, by its shingles."""
LITTLE: Final = 0.4
"""Confidence in a body of a few words, at most."""


def find_body(draft: Draft, clues: Clues, carried: Carried) -> None:
    """Put the body and its blocks: as the page is read, else what it declares or carries."""
    shown = _without_headline(read_body(draft, clues), draft)
    words = count_passages(shown.passages)
    if words < RESCUE_WORDS:
        shown = shown._replace(confidence=min(shown.confidence, LITTLE))
    others = [_declared(clues)] if words < RESCUE_WORDS else []
    if words < TEASER_WORDS and (stored := carried.article) and stored.words > words:
        others.append(_stored(stored, draft, clues))
    better = [each for each in others if _is_better(each, shown, words)]
    put_body(draft, max(better, key=lambda each: count_passages(each.passages), default=shown))


def _is_better(other: Reading, shown: Reading, words: int) -> bool:
    """Whether a reading is longer than what is shown; where that is a text of its own, whether it goes on with it."""
    more = count_passages(other.passages)
    if words < RESCUE_WORDS:
        return more > words
    inside = share(tokens(text_of_passages(shown.passages)), shingled(tokens(text_of_passages(other.passages))))
    return more >= LONGER * words and (inside or 0.0) >= HELD


def _declared(clues: Clues) -> Reading:
    return Reading(declared_passages(declared_body(clues)), 0.6, "articleBody", "json-ld")


def _stored(stored: Stored, draft: Draft, clues: Clues) -> Reading:
    """What is stored, read as a page of its own."""
    headline = str(draft.fields.get("headline", ""))
    try:
        tree = page_tree(f"<html><body><article>{stored.markup}</article></body></html>")
    except Outcome:  # it is more than a page may have
        return Reading([], 0.0, "")
    for each in [each for each in tree.iter("div", "p", "span", "small") if _is_caption(each)]:
        if each.getparent() is not None:
            each.drop_tree()
    rule = f"{stored.key} in {stored.name}"
    found = without_headline(read_body(draft, replace(clues, tree=tree)).passages, headline)
    return Reading([each._replace(rule=rule) for each in found], 0.6, rule, "script")


def _without_headline(reading: Reading, draft: Draft) -> Reading:
    return reading._replace(passages=without_headline(reading.passages, str(draft.fields.get("headline", ""))))


def _is_caption(element: Element) -> bool:
    """Whether an element is named for what stands under a picture: without its page nothing else tells."""
    names = (element.get("class") or "").split(None, NAMES_LIMIT)[:NAMES_LIMIT]
    return any(word in {"caption", "credit"} for name in names for _, word in words_of(name))
