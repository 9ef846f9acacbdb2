"""What one line says by itself: a label, a time, minutes to read, a byline, or only text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.parse.findings import Moment
from services.parse.text.labels import COPYRIGHT, GENERAL, MINUTES, READING, SIGNED, TIME_WORDS, Label, key, split_label
from services.parse.text.lines import Line
from services.parse.times.months import Order
from services.parse.times.reading import Reading, read_reading

_STAMP_LENGTH = 90
_STAMP_WORDS = 6
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?")
_STAMP_SHAPE = re.compile(r"(?=.{0,20}[:./-])\d[\d\s:./,-]{5,22}\d")
_AGO = re.compile(r"(?=.{3,25}$)(?:\D{1,8} )?\d{1,2} \S+(?: \S+){0,2}")
_DAY = r"\d{1,2}[./]\d{1,2}[./]\d{4}"
_LEADING = re.compile(rf"(\d{{1,2}}[:.]\d{{2}}(?:,? {_DAY})?|{_DAY},? \d{{1,2}}:\d{{2}})[ ,|\u2013-]{{1,3}}(?=\D)")
_NUMBER = re.compile(r"\d{1,3}")
_HASHTAGS = re.compile(r"#\w[^#]{0,60}(?:#\w[^#]{0,60})+")
_SHORT = 45


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beforehand about the times and labels of the page."""

    observed_at: datetime
    zone: str | None = None
    order: Order | None = None
    language: str | None = None
    labels: Mapping[str, Label] = field(default_factory=lambda: GENERAL)

    def label(self, entry: str) -> Label | None:
        """The meaning of a line that reads so."""
        return self.labels.get(entry)

    def reading(self, text: str) -> Reading | None:
        """A printed time, as the page's publisher writes it."""
        return read_reading(
            text, observed_at=self.observed_at, zone=self.zone, order=self.order, language=self.language
        )


@dataclass(frozen=True, slots=True)
class Stamp:
    """A line, or its beginning, that is a time. `moment`: None for a time of day alone or one not to be believed."""

    raw: str
    moment: Moment | None
    updated: bool = False


@dataclass(frozen=True, slots=True)
class Sign:
    """A line's own meaning. `rest`: what follows a label on its line; empty for a label alone."""

    label: Label | None = None
    rest: str = ""
    stamp: Stamp | None = None
    read_minutes: int | None = None
    number: bool = False

    @property
    def plain(self) -> bool:
        """Whether it is only text."""
        return self.label is None and self.stamp is None and self.read_minutes is None and not self.number


PLAIN = Sign()


def sign_of(line: Line, context: Context) -> Sign:
    """Look at one line."""
    text = line.text
    if label := context.label(key(text)) if len(text) <= _SHORT else None:
        return Sign(label)
    if any(character.isdecimal() for character in text[:_STAMP_LENGTH]) and (sign := _of_numbers(text, context)):
        return sign
    return _labelled(text, context) or PLAIN


def _of_numbers(text: str, context: Context) -> Sign | None:
    if len(text) > _STAMP_LENGTH:
        return None
    if stamp := read_stamp(text, context):
        return Sign(stamp=stamp)
    if (minutes := _minutes(text)) is not None:
        return Sign(read_minutes=minutes)
    return Sign(number=True) if _NUMBER.fullmatch(text.rstrip(".)")) else None


def read_stamp(text: str, context: Context) -> Stamp | None:
    """The time that `text` is, with at most a few words around it."""
    if len(text) > _STAMP_LENGTH:
        return None
    reading = context.reading(text)
    if reading is None:
        shaped = _CLOCK.fullmatch(text) or _STAMP_SHAPE.fullmatch(text)
        return Stamp(text, None) if shaped else None
    words = [word.casefold() for word in reading.rest]
    foreign = sum(len(word) > 3 and word not in TIME_WORDS for word in words)  # noqa: PLR2004 -- at, um, klo, ora
    if len(words) > _STAMP_WORDS or foreign > (2 if reading.has_clock else 0):
        return None
    return Stamp(text, reading.moment)


def leading_stamp(text: str, context: Context) -> tuple[Stamp, str] | None:
    """The time before a title on one line, and the title."""
    match = _LEADING.match(text)
    if not match:
        return None
    reading = context.reading(match[1])
    return Stamp(match[1], reading.moment if reading else None), text[match.end() :]


def is_ago(text: str) -> bool:
    """Whether it has the shape of `2 hours ago`, `vor 2 Stunden`: kept raw, for no page says from when it counts."""
    return bool(_AGO.fullmatch(text))


def _minutes(text: str) -> int | None:
    lowered = text.casefold()
    numbers = re.findall(r"\d{1,4}", lowered)
    if len(text) > _SHORT or len(numbers) != 1 or not 0 < int(numbers[0]) <= 180:  # noqa: PLR2004 -- three hours
        return None
    known = any(stem in lowered for stem in READING) and any(stem in lowered for stem in MINUTES)
    return int(numbers[0]) if known else None


def _labelled(text: str, context: Context) -> Sign | None:
    lowered = text[:_SHORT].casefold()
    if lowered.startswith(COPYRIGHT):
        return Sign("copyright", text)
    if _HASHTAGS.fullmatch(text):
        return Sign("tags", text)
    parts = split_label(text)
    label = context.label(parts[0]) if parts else None
    if parts and label:
        return _after_label(label, parts[1], context)
    return _spoken(text, lowered)


def _after_label(label: Label, rest: str, context: Context) -> Sign:
    if label in {"published", "updated"} and (stamp := read_stamp(rest, context)):
        return Sign(stamp=Stamp(stamp.raw, stamp.moment, updated=label == "updated"))
    return Sign(label, rest)


def _spoken(text: str, lowered: str) -> Sign | None:
    """Bylines that have no colon: `By Ann Lee`."""
    if len(text) > _STAMP_LENGTH:
        return None
    if lowered.startswith(SIGNED) and _is_name(text.split(" ", 1)[1]):
        return Sign("byline", text.split(" ", 1)[1])
    return None


def _is_name(text: str) -> bool:
    """Whether most words are capitalised, or of a script without capitals, and no sentence ends."""
    words = text.split()
    low = sum(word[0].islower() for word in words)
    return 0 < len(words) <= 10 and low <= len(words) // 3 and not text.endswith((".", "?", "!"))  # noqa: PLR2004
