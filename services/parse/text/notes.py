"""What was found on a page, line by line, before it becomes fields."""

import re
from dataclasses import dataclass, field
from typing import Final

from services.parse.clean import clean_line
from services.parse.text.labels import Label, key
from services.parse.text.lines import Line
from services.parse.text.signs import Sign, Stamp
from services.parse.text.wire import Mark, Wire, reporters
from shared.contracts import BlockKind, RelatedKind

MAX_ITEMS = 200
MAX_TAGS = 50
_TAG_LENGTH = 100
_KINDS: Final[dict[Label | None, BlockKind]] = {
    "advertisement": "advertisement",
    "share": "share",
    "copyright": "copyright",
    "caption": "caption",
}
WIRE_RULES: Final[dict[Mark, str]] = {
    "header": "header of a transmission",
    "subject": "subject of a mail",
    "slug": "slug line",
    "words": "number of words",
    "release": "release line",
    "embargo": "embargo line",
    "note": "note to editors",
    "more": "more follows",
    "end": "end of the story",
    "signoff": "sign-off",
    "initials": "initials of the desk",
}
_MAX_REMARKS = 5
_LISTED = re.compile(r"[,;\u060c\u3001\uff0c\uff1b|•·/]")


@dataclass(slots=True)
class Item:
    """A title beside the article. `line`: index of the line it stands on."""

    kind: RelatedKind
    title: str
    line: int
    stamp: Stamp | None = None


@dataclass(slots=True)
class Notes:
    """Everything found so far."""

    stamps: list[Stamp] = field(default_factory=list[Stamp])
    bylines: list[str] = field(default_factory=list[str])
    minutes: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    tags: dict[str, str] = field(default_factory=dict[str, str])
    items: list[Item] = field(default_factory=list[Item])
    slug: str = ""
    remarks: list[str] = field(default_factory=list[str])
    embargo: Stamp | None = None
    signoff: str = ""

    def note(self, line: Line, sign: Sign) -> bool:
        """Take a line that means the same wherever it stands; False for what depends on its place."""
        if sign.wire:
            self._note_wire(line, sign.wire)
            self.embargo = self.embargo or sign.stamp
        elif sign.stamp and sign.label is None:
            self.stamps.append(sign.stamp)
            line.mark("published", "time")
        elif sign.read_minutes is not None:
            self.minutes.append((sign.read_minutes, line.text))
            line.mark("read_time", "minutes to read")
        elif sign.number:
            line.mark("boilerplate", "number alone")
        else:
            return self._note_label(line, sign)
        return True

    def _note_label(self, line: Line, sign: Sign) -> bool:
        if sign.label == "byline" and sign.rest:
            self.bylines.append(sign.rest)
            self.stamps.extend([sign.stamp] if sign.stamp else [])
            line.mark("byline", "begins as a byline")
        elif sign.label == "tags" and sign.rest:
            self.take_tags(sign.rest)
            line.mark("tags", "label and tags")
        elif sign.label in _KINDS:
            line.mark(_KINDS[sign.label], f"{sign.label} label")
        elif sign.label in {"byline", "published", "updated", "tags", "comments"}:
            line.mark("label", f"{sign.label} label")
        else:
            return False
        return True

    def _note_wire(self, line: Line, wire: Wire) -> None:
        line.mark("wire", WIRE_RULES[wire.mark])
        if wire.mark == "slug":
            self.slug = self.slug or wire.rest
        elif wire.mark == "note" and len(self.remarks) < _MAX_REMARKS:
            self.remarks.append(wire.rest)
        elif wire.mark == "signoff":
            self.signoff = self.signoff or reporters(wire.rest)

    def take_tags(self, text: str) -> None:
        """Take the tags of one line: after number signs, or between commas and the like."""
        parts = text.split("#") if "#" in text else _LISTED.split(text)
        for part in parts:
            tag = clean_line(part.strip(" \t,;.\u060c\u3001\uff0c\uff1b|•·/")) if len(part) <= _TAG_LENGTH else ""
            if tag and len(self.tags) < MAX_TAGS:
                self.tags.setdefault(key(tag), tag)

    def take_item(self, item: Item) -> None:
        """Take a title, unless there are as many as any page shows."""
        if len(self.items) < MAX_ITEMS:
            self.items.append(item)
