"""What the lines between a page's top and its article's body are."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from services.parse.text.crowd import CROWDED
from services.parse.text.head import UNDER_NOTICE, Head, is_notice, path_parts, same_title
from services.parse.text.lines import Line
from services.parse.text.notes import Notes
from services.parse.text.signs import Context, Sign, Stamp, is_person, time_within
from shared.contracts import BlockKind

_SECTION_LENGTH = 30
_SECTION_WORDS = 3
_MENU = 4
"""So many short lines are a menu, and none of them the section."""
_SUMMARY_WORDS = 6
_TIMED: Final[frozenset[BlockKind]] = frozenset({"published", "byline"})
_NEAR = 8


@dataclass(frozen=True, slots=True)
class Over:
    """`section`: its name and the rule that found it. `summary`: the line under the headline."""

    section: tuple[str, str] | None
    summary: str | None


_DIGITS_IN_TIME = 4
"""Of a short line with a digit for so many letters no summary is made: it is a time that could not be read."""


def read_over(lines: list[Line], signs: list[Sign], head: Head, notes: Notes, context: Context) -> Over:
    """Mark the lines before the body, and note what they say."""
    headline = lines[head.at] if head.at is not None else None
    plain: list[int] = []
    for at in range(head.body):
        if headline and signs[at].plain and same_title(lines[at], headline):
            lines[at].mark("headline", head.rule if at == head.at else "printed again")
        elif notes.note(lines[at], signs[at]):
            continue
        else:
            lines[at].mark("boilerplate", "over the article")
            if signs[at].plain:
                plain.append(at)
    _nearest_first(notes, lines, signs, head)
    if not notes.stamps and (held := _time_held(lines, plain, head, context)):
        plain.remove(held[0])
        notes.note(lines[held[0]], Sign(stamp=held[1]))
    if not notes.bylines and (name := _name_alone(lines, signs, plain, head)) is not None:
        plain.remove(name)
        notes.note(lines[name], Sign("byline", lines[name].text))
    return Over(_section(lines, signs, plain, head, context.sections), _summary(lines, plain, head))


def _nearest_first(notes: Notes, lines: list[Line], signs: list[Sign], head: Head) -> None:
    """Put the time under the headline first, then the nearest over it: lists there have their own."""
    at = head.at if head.at is not None else head.body
    places = sorted(range(head.body), key=lambda place: (place < at, abs(place - at)))
    noted = [stamp for place in places if lines[place].kind in _TIMED and (stamp := signs[place].stamp)]
    notes.stamps = [stamp for stamp in noted if stamp in notes.stamps]


def _name_alone(lines: list[Line], signs: list[Sign], plain: list[int], head: Head) -> int | None:
    """A name without any `by`: under the headline, beside the time."""
    below = [at for at in plain if head.at is not None and at > head.at and is_person(lines[at].text)]
    return next((at for at in below if any(sign.stamp for sign in signs[at - 1 : at + 2])), None)


def _time_held(lines: list[Line], plain: list[int], head: Head, context: Context) -> tuple[int, Stamp] | None:
    """The time among other words, on the line nearest to the headline that has one."""
    at = head.at if head.at is not None else head.body
    near = sorted(
        (place for place in plain if abs(place - at) <= _NEAR), key=lambda place: (place < at, abs(place - at))
    )
    return next(((place, held) for place in near if (held := time_within(lines[place].text, context))), None)


def _section(
    lines: list[Line], signs: list[Sign], plain: list[int], head: Head, sections: AbstractSet[str]
) -> tuple[str, str] | None:
    above = [at for at in plain if head.at is None or at < head.at]
    known = next((at for at in above if lines[at].text in sections), None)
    if known is not None:
        lines[known].mark("section", "section of the profile")
        return lines[known].text, "section of the profile"
    path = next((at for at in reversed(above) if _is_path(lines[at])), None)
    if path is not None:
        lines[path].mark("section", "path")
        return path_parts(lines[path])[-1], "path"
    short = [] if any(sign.wire for sign in signs[: head.at or 0]) else [at for at in above if _is_section(lines[at])]
    if not 0 < len(short) < _MENU or len(above) >= CROWDED or _has_button(lines, above, head):
        return None
    lines[short[-1]].mark("section", "short line over the headline")
    return lines[short[-1]].text, "short line over the headline"


def _has_button(lines: list[Line], above: list[int], head: Head) -> bool:
    """Whether a notice is over the headline, and the short line under it a button."""
    return head.rule == UNDER_NOTICE or any(is_notice(lines[at]) for at in above)


def _is_path(line: Line) -> bool:
    """Whether it leads to the article; many parts between bars are a menu."""
    parts = path_parts(line)
    return bool(parts) and (len(parts) < _MENU or any(mark in line.text for mark in ">\u203a»"))


def _is_section(line: Line) -> bool:
    short = line.words <= _SECTION_WORDS and line.size <= _SECTION_LENGTH
    named = line.text.isupper() and line.words == _SECTION_WORDS  # the paper's own name
    return short and not named and not any(character.isdecimal() for character in line.text)


def _summary(lines: list[Line], plain: list[int], head: Head) -> str | None:
    below = [at for at in plain if head.at is not None and at > head.at and _is_summary(lines[at])]
    if not below:
        return None
    lines[below[0]].mark("summary", "line under the headline")
    return lines[below[0]].text


def _is_summary(line: Line) -> bool:
    digits, letters = (sum(map(test, line.text)) for test in (str.isdecimal, str.isalpha))
    return line.words >= _SUMMARY_WORDS and digits * _DIGITS_IN_TIME < letters
