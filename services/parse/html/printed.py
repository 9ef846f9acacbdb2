"""Times that a page prints for its readers, near its headline or marked as a date."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.parse.html.head import Fragment
from services.parse.text.labels import GENERAL, key
from services.parse.times.reading import Habits, Reading, read_claim
from services.parse.tree import Element

STAMP_LENGTH: Final = 150
"""Characters of a piece of text that is a time with something about it; longer is prose."""
FOREIGN_WORDS: Final = 4
"""Words beside a time that are neither labels nor its own: a name, a place."""
LABEL_LENGTH: Final = 30
STAMPS_LIMIT: Final = 12
_BREAK: Final = re.compile(
    r"[|\u00b7\u2022;()\[\]\uff5c/]{1,3}\s|\s[\u2013\u2014-]\s|(?<=\d)\s*(?=\b(?:[Uu]pdated|UPDATED|[Ll]ast)\b)"
)
_LEAST: Final = re.compile(r"\d")
_AMID: Final = frozenset({":", ",", ";", "."})
"""What a piece of running text begins with, after a name in bold or a link."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A printed time. `updated`: it is labelled as that of the last change. `labelled`: as that of publication.

    `away`: pieces of text between it and the headline.
    """

    raw: str
    reading: Reading
    fragment: Fragment
    updated: bool = False
    labelled: bool = False
    away: int = 0


def _label_words(label: str) -> frozenset[str]:
    words = (word for entry, known in GENERAL.items() if known == label for word in entry.split())
    return frozenset(word for word in words if len(word) > 3)  # noqa: PLR2004 - le, on, em: in both


PUBLISHED: Final = _label_words("published") | {"submitted", "created", "issued", "added"}
UPDATED: Final = (_label_words("updated") | {"edited", "revised", "reviewed"}) - PUBLISHED - {"last"}


def printed_stamps(fragments: Sequence[Fragment], habits: Habits) -> list[Stamp]:
    """The times in pieces of text, in their order."""
    found: list[Stamp] = []
    above = sum(fragment.before for fragment in fragments)
    for place, fragment in enumerate(fragments):
        label = fragments[place - 1].text if place else ""
        away = above - place if fragment.before else place - above
        stamps = _stamps(fragment, label if len(label) <= LABEL_LENGTH else "", habits)
        found += [replace(each, away=away) for each in stamps]
        if len(found) >= STAMPS_LIMIT:
            break
    return found


def _stamps(fragment: Fragment, label: str, habits: Habits) -> Iterator[Stamp]:
    if len(fragment.text) > STAMP_LENGTH or not _LEAST.search(fragment.text):
        return
    for part in _BREAK.split(fragment.text):
        reading = read_claim(part, habits) if _LEAST.search(part) and part.lstrip()[:1] not in _AMID else None
        if reading is None or reading.moment.precision == "month":
            continue
        words = {key(word) for word in reading.rest}
        if len(words - PUBLISHED - UPDATED) <= FOREIGN_WORDS:
            about = words | {key(word) for word in label.split()}
            updated = bool(about & UPDATED) and not words & PUBLISHED
            yield Stamp(part.strip(), reading, fragment, updated, labelled=bool(about & PUBLISHED))
        label = ""


def time_element(element: Element) -> Element | None:
    """The time element that a piece of text stands in."""
    for each in (element, element.getparent()):
        if each is not None and each.tag == "time":
            return each
    return None


def fragments_of(elements: Iterable[Element]) -> list[Fragment]:
    """Each piece of text inside of elements."""
    return [
        Fragment(" ".join(text.split()), element)
        for top in elements
        for element in top.iter()
        if element.tag not in {"script", "style"}
        for text in (element.text, *(child.tail for child in element))
        if text and not text.isspace() and len(text) < 4 * STAMP_LENGTH
    ]
