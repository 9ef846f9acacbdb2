"""Where somebody's words stand in a text: between quotation marks, and in paragraphs that a dash opens. Pure.

Marks are read paragraph by paragraph: one that is not closed in its paragraph costs no other.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_PARAGRAPH: Final = re.compile(r"[^\n]+")
LONGEST: Final = 5_000
"""Characters of a paragraph that is read; a longer one is no prose."""
_MARK: Final = re.compile('[«»“”„‟‚‘’‹›「」『』]|"{1,2}')
"""A sheet of data doubles its marks: two are one."""
_CLOSERS: Final = {"«": "»", "»": "«", "“": "”", "„": '“”"', "”": "”", "‚": "‘’", "‘": "’", "‹": "›", "「": "」",
                   "『": "』", '"': '"', "‟": "”"}  # fmt: skip
_SINGLE: Final = frozenset("‚‘")
"""Marks whose closing one is an apostrophe too."""
_DASH: Final = re.compile(r"^\s*(?:[—–―]|-(?=\s))\s*")
_TURN: Final = re.compile(r"(?:(?<=[,.!?…])\s*[—–―]\s*|\s[—–―](?=\w)|(?<=\w)[—–―](?=[.,]\s)[.,]\s*|\s[—–―]\s)")
"""A dash between what is said and who says it."""


class Span(NamedTuple):
    """What is said, `start` to `end` without its marks; `outer_*` with them; `paragraph_*` the text around it."""

    start: int
    end: int
    outer_start: int
    outer_end: int
    paragraph_start: int
    paragraph_end: int
    rule: str


def spans(text: str, limit: int) -> Iterator[Span]:
    """All runs within the first `limit` characters, in their order; none overlaps another."""
    for paragraph in _PARAGRAPH.finditer(text, 0, min(limit, len(text))):
        start, end = paragraph.start(), min(paragraph.end(), paragraph.start() + LONGEST)
        found = list(_marked(text, start, end))
        yield from found or _dashed(text, start, end)


def _marked(text: str, start: int, end: int) -> Iterator[Span]:
    opened: re.Match[str] | None = None
    depth = 0
    for mark in _MARK.finditer(text, start, end):
        sign = mark.group()[0]
        if opened is None:
            opened, depth = (mark if sign in _CLOSERS and _opens(text, mark, start, end) else None), 0
        elif sign in _CLOSERS[opened.group()[0]] and _closes(text, mark, end, single=opened.group() in _SINGLE):
            if depth:
                depth -= 1
                continue
            if inner := _inner(text, opened.end(), mark.start()):
                yield Span(*inner, opened.start(), mark.end(), start, end, "marks")
            opened = None
        elif sign == opened.group() and sign not in _CLOSERS[sign]:
            depth += 1
    if opened and (inner := _inner(text, opened.end(), end)) and _goes_on(text, end, opened.group()):
        yield Span(*inner, opened.start(), end, start, end, "marks-continued")


def _opens(text: str, mark: re.Match[str], start: int, end: int) -> bool:
    """Whether a mark stands where words can begin: not within a word, nor before a space (but of «) or a comma."""
    before = text[mark.start() - 1] if mark.start() > start else " "
    after = text[mark.end()] if mark.end() < end else " "
    if mark.group() == "«":
        return True
    return not before.isalnum() and not after.isspace() and before not in ".,!?" and after not in ",.;:)"


def _closes(text: str, mark: re.Match[str], end: int, *, single: bool) -> bool:
    """Whether a mark can end what is said: an apostrophe within or after a word cannot."""
    after = text[mark.end()] if mark.end() < end else " "
    if single:
        return not after.isalnum() and text[mark.start() - 1] in ".,!?…"
    return mark.group() in "»」』" or not after.isalnum()


def _goes_on(text: str, end: int, mark: str) -> bool:
    """Whether the next paragraph opens with the same mark, as a quotation of several paragraphs does."""
    return text[end : end + 20].lstrip().startswith(mark)


def _dashed(text: str, start: int, end: int) -> Iterator[Span]:
    """Turns of a paragraph that a dash opens: said, who says it, said on."""
    first = _DASH.match(text[start : min(end, start + 10)])
    if first is None:
        return
    at, said = start + first.end(), True
    for turn in _TURN.finditer(text, at, end):
        if said and (inner := _inner(text, at, turn.start())):
            yield Span(*inner, inner[0], inner[1], start, end, "dash")
        at, said = turn.end(), not said
    if said and (inner := _inner(text, at, end)):
        yield Span(*inner, inner[0], inner[1], start, end, "dash")


def _inner(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Without the space around, and without the comma before its speaker; None when nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] == ","):
        end -= 1
    return (start, end) if end > start else None
