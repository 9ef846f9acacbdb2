"""What one line says by itself: a label, a time, minutes to read, a byline, or only text."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from services.parse.findings import Moment
from services.parse.text.labels import (
    COPYRIGHT,
    GENERAL,
    MINUTES,
    READING,
    SIGNED,
    TIME_WORDS,
    UPDATED,
    Label,
    key,
    split_label,
)
from services.parse.text.lines import Line
from services.parse.text.wire import Wire, wire_of
from services.parse.times.months import is_weekday, month_named
from services.parse.times.reading import Habits, Reading, read_claim
from services.parse.times.window import believable

_STAMP_LENGTH = 90
_STAMP_WORDS = 6
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?")
_STAMP_SHAPE = re.compile(r"(?=.{0,20}[:./-])\d[\d\s:./,-]{5,22}\d")
_AGO = re.compile(r"(?=.{3,25}$)(?:\D{1,8} )?\d{1,2} \S+(?: \S+){0,2}")
_DAY = r"\d{1,2}[./]\d{1,2}[./]\d{4}"
_LEADING = re.compile(rf"(\d{{1,2}}[:.]\d{{2}}(?:,? {_DAY})?|{_DAY},? \d{{1,2}}:\d{{2}})[ ,|\u2013-]{{1,3}}(?=\D)")
_NUMBER = re.compile(r"\d{1,3}")
_HASHTAGS = re.compile(r"#\w[^#]{0,60}(?:#\w[^#]{0,60})+")
_NAMES_END = re.compile(r"[|·•(\d\u2013\u2014,]| - | on ")
_COUNTED = re.compile(r"(?:\d{1,5} )?([^\d()]{2,40}?) ?(?:\(?\d{1,5}\)?)?")
_DIGIT = re.compile(r"\d")
_HOLDS_TIME = 110
_SHORT = 45
_LONGEST_EMBARGO = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beforehand about the times and labels of the page."""

    observed_at: datetime
    habits: Habits = field(default_factory=Habits)
    labels: Mapping[str, Label] = field(default_factory=lambda: GENERAL)
    sections: AbstractSet[str] = frozenset()

    def label(self, entry: str) -> Label | None:
        """The meaning of a line that reads so."""
        return self.labels.get(entry)

    def reading(self, text: str) -> Reading | None:
        """A printed time, as the page's publisher writes it."""
        found = read_claim(text, self.habits)
        return found if found and believable(found.moment.at, self.observed_at) else None


class Stamp(NamedTuple):
    """A line, or its beginning, that is a time. `moment`: None for a time of day alone or one not to be believed."""

    raw: str
    moment: Moment | None
    updated: bool = False


class Sign(NamedTuple):
    """A line's own meaning. `rest`: what follows a label on its line; empty for a label alone."""

    label: Label | None = None
    rest: str = ""
    stamp: Stamp | None = None
    read_minutes: int | None = None
    number: bool = False
    wire: Wire | None = None

    @property
    def plain(self) -> bool:
        """Whether it is only text."""
        return not (self.label or self.stamp or self.wire or self.number) and self.read_minutes is None


PLAIN = Sign()


def sign_of(line: Line, context: Context) -> Sign:
    """Look at one line."""
    text = line.text
    if wire := wire_of(text):
        return Sign(wire=wire, stamp=_embargo(wire.rest, context) if wire.mark == "embargo" else None)
    if label := context.label(key(text)) if len(text) <= _SHORT else None:
        return Sign(label)
    counted = _COUNTED.fullmatch(text) if len(text) <= _SHORT else None
    if counted and context.label(key(counted[1])) == "comments":
        return Sign("comments")
    if len(text) <= _STAMP_LENGTH and _has_digit(text) and (sign := _of_numbers(text, context)):
        return sign
    return _labelled(text, context) or PLAIN


def _embargo(text: str, context: Context) -> Stamp:
    """Until when: a time that, alone of all, may lie ahead."""
    ahead = replace(context, observed_at=context.observed_at + _LONGEST_EMBARGO)
    reading = ahead.reading(text)
    return Stamp(text, reading.moment if reading else None)


def _of_numbers(text: str, context: Context) -> Sign | None:
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
    return Stamp(text, reading.moment, updated=text.casefold().startswith(UPDATED))


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
    return _spoken(text, lowered, context)


def _after_label(label: Label, rest: str, context: Context) -> Sign:
    if label == "byline":
        return _byline(rest, context)
    if label in {"published", "updated"} and (stamp := read_stamp(rest, context)):
        return Sign(stamp=Stamp(stamp.raw, stamp.moment, updated=label == "updated"))
    return Sign(label, rest)


def _spoken(text: str, lowered: str, context: Context) -> Sign | None:
    """Bylines that have no colon: `By Ann Lee`."""
    if len(text) > _STAMP_LENGTH or not lowered.startswith(SIGNED):
        return None
    sign = _byline(text.split(" ", 1)[1], context)
    return sign if _is_name(sign.rest) else None


def _byline(text: str, context: Context) -> Sign:
    """Names, and the time that may follow them: `Ann Lee | Dec 22, 2023`."""
    reading = context.reading(text) if len(text) <= _STAMP_LENGTH and _has_digit(text) else None
    if reading is None:
        return Sign("byline", text)
    names = _NAMES_END.split(text, maxsplit=1)[0].split()
    dated = next((at for at, word in enumerate(names) if month_named(word.strip(",.")) or is_weekday(word)), len(names))
    return Sign("byline", " ".join(names[:dated]), Stamp(text, reading.moment))


def is_person(text: str) -> bool:
    """Whether it has the shape of one name: two to four capitalised words of letters, not in capitals throughout."""
    words = text.split()
    shaped = all(word[0].isupper() and word.replace("-", "").replace("'", "").strip(".").isalpha() for word in words)
    return 2 <= len(words) <= 4 and len(text) <= _SHORT and shaped and not text.isupper()  # noqa: PLR2004


def time_within(text: str, context: Context) -> Stamp | None:
    """The time that a short line holds among other words: `Money reporter 22 December 2023, 3:55pm`."""
    reading = context.reading(text) if len(text) <= _HOLDS_TIME and _has_digit(text) else None
    return Stamp(text, reading.moment) if reading and reading.moment.precision != "month" else None


def _has_digit(text: str) -> bool:
    return bool(_DIGIT.search(text))


def _is_name(text: str) -> bool:
    """Whether most words are capitalised, or of a script without capitals, and no sentence ends."""
    words = text.split()
    low = sum(word[0].islower() for word in words)
    return 0 < len(words) <= 10 and low <= len(words) // 3 and not text.endswith((".", "?", "!"))  # noqa: PLR2004
