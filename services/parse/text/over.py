"""What the lines between a page's top and its article's body are."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from services.parse.text.crowd import CROWDED
from services.parse.text.head import UNDER_NOTICE, Head, path_parts, same_title
from services.parse.text.lines import Line
from services.parse.text.notes import Notes
from services.parse.text.signs import Sign

_SECTION_LENGTH = 30
_SECTION_WORDS = 3
_MENU = 4
"""So many short lines are a menu, and none of them the section."""
_SUMMARY_WORDS = 6


@dataclass(frozen=True, slots=True)
class Over:
    """`section`: its name and the rule that found it. `summary`: the line under the headline."""

    section: tuple[str, str] | None
    summary: str | None


def read_over(lines: list[Line], signs: list[Sign], head: Head, notes: Notes, sections: AbstractSet[str]) -> Over:
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
    return Over(_section(lines, plain, head, sections), _summary(lines, plain, head))


def _section(lines: list[Line], plain: list[int], head: Head, sections: AbstractSet[str]) -> tuple[str, str] | None:
    above = [at for at in plain if head.at is None or at < head.at]
    known = next((at for at in above if lines[at].text in sections), None)
    if known is not None:
        lines[known].mark("section", "section of the profile")
        return lines[known].text, "section of the profile"
    path = next((at for at in reversed(above) if path_parts(lines[at])), None)
    if path is not None:
        lines[path].mark("section", "path")
        return path_parts(lines[path])[-1], "path"
    short = [at for at in above if _is_section(lines[at])]
    if not 0 < len(short) < _MENU or len(above) >= CROWDED or head.rule == UNDER_NOTICE:  # there it is a button
        return None
    lines[short[-1]].mark("section", "short line over the headline")
    return lines[short[-1]].text, "short line over the headline"


def _is_section(line: Line) -> bool:
    short = line.words <= _SECTION_WORDS and line.size <= _SECTION_LENGTH
    return short and not any(character.isdecimal() for character in line.text)


def _summary(lines: list[Line], plain: list[int], head: Head) -> str | None:
    below = [at for at in plain if head.at is not None and at > head.at and lines[at].words >= _SUMMARY_WORDS]
    if not below:
        return None
    lines[below[0]].mark("summary", "line under the headline")
    return lines[below[0]].text
