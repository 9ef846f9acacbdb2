"""What was found on a page, line by line, before it becomes fields."""

import re
from dataclasses import dataclass, field
from typing import Final

from services.parse.clean import clean_line
from services.parse.text.labels import Label, key
from services.parse.text.lines import Line
from services.parse.text.signs import Sign, Stamp
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

    def note(self, line: Line, sign: Sign) -> bool:
        """Take a line that means the same wherever it stands; False for what depends on its place."""
        if sign.stamp:
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
            line.mark("byline", "begins as a byline")
        elif sign.label == "tags" and sign.rest:
            self.take_tags(sign.rest)
            line.mark("tags", "label and tags")
        elif sign.label in _KINDS:
            line.mark(_KINDS[sign.label], f"{sign.label} label")
        elif sign.label in {"byline", "published", "updated", "tags"}:
            line.mark("label", f"{sign.label} label")
        else:
            return False
        return True

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
