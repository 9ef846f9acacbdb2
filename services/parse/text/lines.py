"""The lines of a page, each with its place in it, and what each turned out to be."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from pydantic import TypeAdapter

from services.parse.clean import clean_line
from shared.contracts import Block, BlockKind

MAX_LINES = 5_000
"""Lines with text that are read; a longer page keeps the rest as one block."""

_BLOCKS = TypeAdapter(list[Block])
"""A page has a hundred: to make them together takes half of the time."""
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SENTENCE_END = re.compile(r"[.!?\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964][\"'\u201d\u2019»«\u201c)\]]*$")
_SENTENCE_BREAK = re.compile(
    r"[.!?\u2026\u061f\u06d4\u0964][\"'\u201d\u2019»)]* +[\"'\u201c«(]?[^\W\d_a-z\u0430-\u044f]|[\u3002\uff01\uff1f]"
)

_UNMARKED = re.compile(r"(?=.{80})\S{0,20}[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]{3}")
"""Thai, Lao, Burmese, Khmer."""

_WRAP = range(40, 111)
"""Width of lines that an editor or mailer broke."""
_SLACK = 3
"""Columns by which lines are broken earlier than they had to be."""


@dataclass(slots=True)
class Line:
    """A line with text, or lines that are one paragraph broken by an editor: `start` to `end` (exclusive).

    `text`: on one line, cut at 2,000 characters, to be looked at. `kind` and `rule`: what it was found to be.
    """

    start: int
    end: int
    text: str
    kind: BlockKind = "boilerplate"
    rule: str = "no rule"
    size: int = field(init=False)
    """Length in characters of an alphabet: an ideograph says as much as two and a half."""
    of_site: bool = field(default=False, init=False)
    """Whether it says something of the site rather than news."""
    ends_sentence: bool = field(init=False)
    """Whether it ends as sentences do, or is long in a script that does not mark their ends."""

    def __post_init__(self) -> None:
        wide = 0 if self.text.isascii() else len(_CJK.findall(self.text))
        self.size = len(self.text) + wide * 3 // 2
        self.ends_sentence = bool(_SENTENCE_END.search(self.text[-8:]) or _UNMARKED.match(self.text))

    def mark(self, kind: BlockKind, rule: str) -> None:
        """Say what the line is."""
        self.kind, self.rule = kind, rule

    @property
    def words(self) -> int:
        """Words, or half the ideographs."""
        wide = 0 if self.text.isascii() else len(_CJK.findall(self.text))
        return self.text.count(" ") + 1 + wide // 2

    @property
    def has_sentence(self) -> bool:
        """Whether a sentence ends within it."""
        return bool(_SENTENCE_BREAK.search(self.text))

    @property
    def is_prose(self) -> bool:
        """Whether it can only be running text."""
        if not self.ends_sentence:
            return self.size >= 300  # noqa: PLR2004 -- longer than any headline
        return self.size >= 110 or (self.size >= 60 and self.has_sentence)  # noqa: PLR2004 -- measured


def split(text: str) -> tuple[list[Line], int]:
    """The lines of `text` that have text, and where the part that is read ends."""
    found: list[Line] = []
    for run in _runs(text):
        if len(found) + len(run) > MAX_LINES:
            found.extend(run[: MAX_LINES - len(found)])
            return found, found[-1].end
        found.extend(_unwrapped(text, run))
    return found, len(text)


def blocks(text: str, lines: list[Line], read: int) -> list[Block]:
    """Every character of `text` in exactly one block, in order."""
    found: list[dict[str, str | int]] = []
    at = 0
    for line in lines:
        if line.start > at:
            found.append({"kind": "blank", "start": at, "end": line.start, "rule": "no text"})
        found.append({"kind": line.kind, "start": line.start, "end": line.end, "rule": line.rule})
        at = line.end
    if read > at:
        found.append({"kind": "blank", "start": at, "end": read, "rule": "no text"})
    if len(text) > read:
        found.append({"kind": "boilerplate", "start": read, "end": len(text), "rule": "beyond the limit of lines"})
    return _BLOCKS.validate_python(found)


def _runs(text: str) -> Iterator[list[Line]]:
    """Lines that stand together without a blank one between them."""
    run: list[Line] = []
    at = 0
    for piece in text.splitlines(keepends=True):
        end = at + len(piece)
        shown = piece.strip()
        line = clean_line(shown) if shown else ""
        if line:
            run.append(Line(at, end, line))
        if run and (not line or len(run) > MAX_LINES):
            yield run
            run = []
        at = end
    if run:
        yield run


def _unwrapped(text: str, run: list[Line]) -> Iterable[Line]:
    """The run with its broken paragraphs put together. Two lines alone may be a headline and its byline."""
    if len(run) == 1 or (width := max(line.end - line.start for line in run)) not in _WRAP:
        return run
    parts = list(_paragraphs(text, run, width))
    wrapped = [part for part in parts if _is_wrapped(part)]
    if len(parts) > 1 and sum(len(part) - 1 for part in wrapped) <= 1:
        return run
    return [line for part in parts for line in ([_joined(part)] if part in wrapped else part)]


def _paragraphs(text: str, run: list[Line], width: int) -> Iterator[list[Line]]:
    """The run parted where a line ends though the next word had room on it, and before lines that are set in."""
    part = run[:1]
    for before, line in pairwise(run):
        full = before.end - before.start + len(line.text.split(" ", 1)[0]) + _SLACK > width
        if not full or (text[line.start].isspace() and not text[before.start].isspace()):
            yield part
            part = []
        part.append(line)
    yield part


def _is_wrapped(run: list[Line]) -> bool:
    """Whether the lines are one paragraph: wide enough, and most go on in lower case."""
    broken, following = run[:-1], run[1:]
    return (
        bool(broken)
        and all(line.end - line.start in _WRAP for line in broken)
        and 2 * sum(line.text[0].islower() for line in following) >= len(following)
        and 2 * sum(line.ends_sentence for line in broken) <= len(broken)
    )


def _joined(run: list[Line]) -> Line:
    return Line(run[0].start, run[-1].end, clean_line(" ".join(line.text for line in run)))
