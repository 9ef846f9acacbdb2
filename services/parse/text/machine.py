"""The state machine that reads a page's lines from its head to its end, and says of each what it is."""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final, Literal

from services.parse.text.head import is_sentence, same_title
from services.parse.text.labels import key
from services.parse.text.lines import Line
from services.parse.text.notes import Item, Notes
from services.parse.text.shape import Shape
from services.parse.text.signs import Context, Sign, Stamp, is_ago, leading_stamp
from shared.contracts import BlockKind

Listing = Literal["related", "hot", "latest"]
State = Listing | Literal["body", "tags", "after", "ended"]

_LISTS: Final = frozenset({"related", "hot", "latest"})
_BULLET: Final = re.compile(r"(?:--|[-•*▪‣·])\s|\d{1,2}[.)]\s")
_TITLE = range(12, 301)
_TAG_WORDS = 4
_HEADING = 120
_PARAGRAPH_WORDS = 3
_NEAR = 4
NO_TEXT = "no running text by its shape"
CHRONICLE = "day of a chronicle"
_AWAY = 8
"""Lines of neither text nor a list that was known, between one text and another."""
_INSET = 3
"""Titles of a "read also" inside an article; after more, running text is a teaser and not the article going on."""
_BETWEEN: Final[frozenset[BlockKind]] = frozenset(
    {"advertisement", "caption", "hot", "label", "latest", "published", "related", "share"}
)
"""What stands within an article and does not end it."""
PARAGRAPHS: Final[frozenset[BlockKind]] = frozenset({"paragraph", "list"})
BODY: Final[frozenset[BlockKind]] = frozenset({"paragraph", "list", "heading"})


@dataclass(slots=True)
class Machine:
    """Reads the lines after the head. `notes`: what was found; the lines are marked in place."""

    lines: list[Line]
    signs: list[Sign]
    shape: Shape
    context: Context
    headline: Line | None
    notes: Notes
    first: int = 0
    state: State = "body"
    entered: int = 0
    pending: Stamp | None = None
    times_first: bool = False
    seen: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    printed: Counter[str] = field(default_factory=Counter[str])

    def run(self, start: int) -> None:
        """Read from the body's first line to the page's end."""
        self.first, self.printed = start, Counter(line.text for line in self.lines)
        for at in range(start, len(self.lines)):
            line, sign = self.lines[at], self.signs[at]
            if sign.label in _LISTS:
                self._label(at, line, sign)
            elif self.state in _LISTS:
                self._listed(at, line, sign)
            elif self._is_run(at):
                self._enter("related", at)
                self._listed(at, line, sign)
            elif not self._common(at, line, sign):
                self._plain(at, line)
        self._settle()

    def _settle(self) -> None:
        """What only the whole page tells: headings have text under them, and titles within the text belong to it."""
        text = [line for line in self.lines if line.kind in PARAGRAPHS or line.rule == NO_TEXT]
        for before, line, after in zip(text, text[1:], text[2:], strict=False):
            if line.rule == NO_TEXT and before.kind in PARAGRAPHS and after.kind in PARAGRAPHS:
                self._body(line)
        self._cut_off()
        last = max((at for at, line in enumerate(self.lines) if line.kind in PARAGRAPHS), default=0)
        for line in self.lines[last + 1 :]:
            if line.kind == "heading":
                line.mark("boilerplate", "after the last paragraph")
        for item in self.notes.items:
            if item.line < last:
                item.kind = "in_text"

    def _cut_off(self) -> None:
        """Text under the article that much else parts from it, and that is much less, belongs to others."""
        parts, away = [(self.first, 0)], 0
        for at, line in enumerate(self.lines):
            away += line.kind == "boilerplate"
            if line.kind in PARAGRAPHS:
                if away >= _AWAY:
                    parts.append((at, 0))
                parts[-1] = (parts[-1][0], parts[-1][1] + line.size)
                away = 0
        most = max(size for _, size in parts)
        main = next(number for number, (_, size) in enumerate(parts) if size == most)
        ends = [start for start, _ in parts[1:]] + [len(self.lines)]
        for (start, size), end in list(zip(parts, ends, strict=True))[main + 1 :]:
            for line in self.lines[start:end] if 3 * size < most else ():
                if line.kind in BODY:
                    line.mark("boilerplate", "far below the article")

    def _common(self, at: int, line: Line, sign: Sign) -> bool:
        if self._is_chronicle(at):
            line.mark("heading", CHRONICLE)
            return True
        if not self.notes.note(line, sign):
            return False
        following = self.lines[at + 1 : at + 4]
        if sign.label == "tags":
            self.state = "after" if sign.rest else "tags"
        elif sign.label == "copyright" and not any(other.is_prose for other in following):
            self.state = "after"
        elif (sign.label == "comments" and self._most_is_read(at)) or self._ends(at):
            self.state = "ended"
        return True

    def _is_chronicle(self, at: int) -> bool:
        """Whether a day stands here over what happened then: within the text, with text under it.

        The first time of a page may be that of its publication wherever it stands.
        """
        stamp = self.signs[at].stamp
        if self.state != "body" or stamp is None or stamp.updated or stamp.moment is None or not self.notes.stamps:
            return False
        told = any(line.kind in PARAGRAPHS for line in self.lines[max(at - _NEAR, 0) : at])
        return stamp.moment.precision == "day" and told and any(map(is_sentence, self.lines[at + 1 : at + 3]))

    def _ends(self, at: int) -> bool:
        """Whether an agency's end mark stands here. One that is printed again only parts a text."""
        wire = self.signs[at].wire
        return wire is not None and wire.mark == "end" and self.printed[self.lines[at].text] == 1

    def _label(self, at: int, line: Line, sign: Sign) -> None:
        kind: Listing = "hot" if sign.label == "hot" else "latest" if sign.label == "latest" else "related"
        if sign.rest:  # Read also: a title
            line.mark(kind, "label and title")
            self.notes.take_item(Item(kind, sign.rest, at))
            return
        line.mark("label", f"{kind} label")
        self._enter(kind, at)

    def _enter(self, state: Listing, at: int) -> None:
        self.state, self.entered, self.pending, self.times_first = state, at, None, False

    def _listed(self, at: int, line: Line, sign: Sign) -> None:
        if sign.stamp or is_ago(line.text):
            self._time(line, sign.stamp or Stamp(line.text, None))
        elif not sign.plain:
            self._common(at, line, sign)
        elif self._resumes(at, line):
            self.state = "body"
            self._plain(at, line)
        else:
            self._title(at, line)

    def _mine(self) -> list[Item]:
        """Titles of the list that is being read."""
        return [item for item in self.notes.items[-_INSET - 1 :] if item.line >= self.entered]

    def _time(self, line: Line, stamp: Stamp) -> None:
        """A time belongs to the title after it where the list began with one, else to the title before it."""
        line.mark(self._list_kind(), "time of a title")
        mine = self._mine()
        self.times_first = self.times_first or not mine
        if self.times_first:
            self.pending = stamp
        elif mine[-1].stamp is None:
            mine[-1].stamp = stamp

    def _title(self, at: int, line: Line) -> None:
        kind = self._list_kind()
        lead = leading_stamp(line.text, self.context)
        stamp, title = lead or (self.pending, line.text)
        known = (kind, key(title))
        if known in self.seen:
            line.mark(kind, "title printed again")
            return
        if line.size not in _TITLE or (line.words == 1 and line.size < 2 * _TITLE.start):
            line.mark("boilerplate", "no title")
            return
        self.seen.add(known)
        line.mark(kind, "title")
        self.notes.take_item(Item(kind, title, at, stamp))
        self.pending = None

    def _list_kind(self) -> Listing:
        return "hot" if self.state == "hot" else "latest" if self.state == "latest" else "related"

    def _resumes(self, at: int, line: Line) -> bool:
        """Whether the article goes on after a "read also" inside it."""
        if not line.is_prose:
            return False
        inset = self.state == "related" and 0 < len(self._mine()) <= _INSET
        return inset or (at in self.shape.region and self.shape.is_text(at))

    def _plain(self, at: int, line: Line) -> None:
        if self.state == "ended":
            line.mark("boilerplate", "after the end of the article")
        elif self.state == "tags" and line.words <= _TAG_WORDS and not line.ends_sentence:
            line.mark("tags", "line under its label")
            self.notes.take_tags(line.text)
        elif self.state in {"tags", "after"} and not (line.is_prose and at in self.shape.region):
            self.state = "after"
            line.mark("boilerplate", "after the article")
        elif self.headline and same_title(line, self.headline):
            line.mark("headline", "printed again")
        elif at != self.first and not self.shape.is_text(at) and not self._goes_on(at, line):
            line.mark("boilerplate", NO_TEXT)
        else:
            self.state = "body"
            self._body(line)

    def _goes_on(self, at: int, line: Line) -> bool:
        """Whether a line that does not look like it is text after all: prose soon after the last paragraph."""
        if line.of_site:
            return False
        near = [other for other in self.lines[max(at - _NEAR, 0) : at] if other.kind not in _BETWEEN]
        if line.is_prose or (is_sentence(line) and any(other.rule == CHRONICLE for other in near[-2:])):
            return any(other.kind in PARAGRAPHS for other in near)
        bullet = bool(_BULLET.match(line.text))
        whole = bullet or (line.ends_sentence and line.words >= _PARAGRAPH_WORDS)
        return (
            (whole or (line.size >= _HEADING // 2 and line.has_sentence))
            and bool(near)
            and near[-1].kind in {*PARAGRAPHS, "wire"}
        )

    def _most_is_read(self, at: int) -> bool:
        """Whether the article can end here: as much text is behind as ahead, where the most text is."""
        region = self.shape.region
        return 2 * at >= region.start + region.stop

    def _body(self, line: Line) -> None:
        if (
            line.is_prose
            or is_sentence(line)
            or (line.size >= _HEADING // 2 and line.has_sentence)
            or (line.ends_sentence and line.words >= _PARAGRAPH_WORDS)
        ):
            line.mark("list" if _BULLET.match(line.text) else "paragraph", "sentences")
        elif _BULLET.match(line.text):
            line.mark("list", "bullet")
        elif line.text.endswith((":", ";", ",", "\uff1a")):
            line.mark("paragraph", "leads on")
        else:
            line.mark("heading" if line.size <= _HEADING else "paragraph", "no sentence")

    def _is_run(self, at: int) -> bool:
        """Whether times and titles without a label over them begin here."""
        if not self.signs[at].stamp:
            return False
        near = range(at, min(at + 5, len(self.lines)))
        titles = [place for place in near if self.signs[place].plain and not is_sentence(self.lines[place])]
        stamps = [place for place in near if self.signs[place].stamp]
        if len(near) < 4 or len(titles) + len(stamps) < len(near) or titles[:1] != [at + 1]:  # noqa: PLR2004 -- two items
            return False
        return len(stamps) > 1 or same_title(self.lines[titles[0]], self.lines[titles[1]])
