"""The lines around a printed headline, where pages say who wrote the article and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from lxml import etree

from services.parse.tree import Element

BEFORE_LIMIT: Final = 12
AFTER_LIMIT: Final = 50
"""Pieces of text that are looked at on each side."""
STEPS: Final = 600
"""Elements that are walked over for them."""
BODY_LENGTH: Final = 280
"""Characters of a piece that is prose; the head ends soon after it."""
BODY_PIECES: Final = 3
PIECE_LIMIT: Final = 2_000
_PASSED: Final = frozenset(
    {"script", "style", "noscript", "svg", "template", "select", "textarea", "iframe", "nav", "footer"}
)


@dataclass(frozen=True, slots=True)
class Fragment:
    """One piece of text of the page and the element it stands in. `before`: above the headline."""

    text: str
    element: Element
    before: bool = False


def read_head(headline: Element | None) -> tuple[Fragment, ...]:
    """The fragments around a headline in the page's order; without a headline there are none."""
    if headline is None:
        return ()
    before = list(islice(_backwards(headline), BEFORE_LIMIT))[::-1]
    return (*before, *_until_prose(_forwards(headline)))


def _until_prose(fragments: Iterator[Fragment]) -> Iterator[Fragment]:
    prose = 0
    for fragment in islice(fragments, AFTER_LIMIT):
        prose += len(fragment.text) >= BODY_LENGTH
        if prose >= BODY_PIECES:
            return
        yield fragment


def _forwards(start: Element) -> Iterator[Fragment]:
    """What follows an element, not counting what is in it."""
    element: Element | None = start
    for _ in range(STEPS):
        if element is None:
            return
        parent, following = element.getparent(), element.getnext()
        yield from _fragment(element.tail, parent)
        if following is not None:
            yield from _inside(following)
        element = parent if following is None else following


def _inside(top: Element) -> Iterator[Fragment]:
    """The pieces of text in an element, but not the one after it."""
    walk = etree.iterwalk(top, events=("start", "end"))
    for event, element in islice(walk, STEPS):
        if event == "end":
            yield from _fragment(element.tail if element is not top else None, element.getparent())
        elif element.tag in _PASSED:
            walk.skip_subtree()
        else:
            yield from _fragment(element.text, element)


def _backwards(start: Element) -> Iterator[Fragment]:
    """What stands before an element, the nearest first."""
    element: Element | None = start
    for _ in range(STEPS):
        if element is None:
            return
        parent, preceding = element.getparent(), element.getprevious()
        if preceding is not None:
            yield from _fragment(preceding.tail, parent, before=True)
            yield from _inside_backwards(preceding)
        elif parent is not None:
            yield from _fragment(parent.text, parent, before=True)
        element = parent if preceding is None else preceding


def _inside_backwards(top: Element) -> Iterator[Fragment]:
    if top.tag not in _PASSED:
        for child in reversed(top):
            yield from _fragment(child.tail, top, before=True)
            yield from _inside_backwards(child)
        yield from _fragment(top.text, top, before=True)


def _fragment(text: str | None, element: Element | None, *, before: bool = False) -> Iterator[Fragment]:
    """A piece of text, if there is more than white space in it."""
    if element is not None and text and not text.isspace():
        yield Fragment(" ".join(text.split())[:PIECE_LIMIT], element, before)
