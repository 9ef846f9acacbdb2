"""The part of a page over its article: where the headline is and where the body starts."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from services.parse.text.crowd import SEVERAL, find_in_crowd
from services.parse.text.dateline import find_dateline
from services.parse.text.labels import key
from services.parse.text.lines import Line
from services.parse.text.shape import Shape
from services.parse.text.signs import Sign

_SITE = re.compile(r" [|\u2013\u2014-] [^|\u2013\u2014]{2,40}$")

_PATH = re.compile(r" ?[>\u203a»] ?| [/|] ")
_PATH_MARK = re.compile(r"[>\u203a»/|]")
_PATH_SPACES = 3

_BRACKETED = re.compile("[(\\[{\u3010\uff08].*[)\\]}\u3011\uff09]")
"""What an agency or a page says of a story: never its headline."""
_AGENCY_MARK = re.compile(r"(?<=[^\s=]) ?=$")

_HEADLINE = range(8, 401)
_LONG_HEADLINE = 260
_SENTENCE = 40
_PEEK = 4
_COMPANY = 6
_NOTICE = 12
UNDER_NOTICE = "title under a notice"


@dataclass(frozen=True, slots=True)
class Head:
    """`at`: index of the headline's line, None when the page has none. `body`: index of the body's first line.

    `rule`, `confidence`: why that line is the headline.
    """

    at: int | None
    body: int
    rule: str
    confidence: float


def find_head(lines: list[Line], signs: list[Sign], declared: str | None, shape: Shape) -> Head | None:
    """Find headline and body; None when there is no headline, on the page or `declared`, or nothing like a body."""
    dense = (at for at in shape.region if signs[at].plain and shape.is_text(at) and is_sentence(lines[at]))
    first = next(dense, None)
    if first is None:
        first = _prose(lines, signs, range(len(lines)))
    if first is None:
        return None
    notices = {at for at in range(min(first + _PEEK, len(lines))) if is_notice(lines[at])}
    titles = [at for at in _titles(lines[: first + _PEEK], signs) if at not in notices]
    above = [at for at in titles if at < first]
    crowd = find_in_crowd(lines, signs, above, first) if len(above) >= SEVERAL else None
    found = (
        _declared(lines, titles, declared)
        or _marked(lines, above)
        or crowd
        or _repeated(lines, titles, first)
        or _alone(lines, above)
        or _late(lines, signs, first)
    )
    if found:
        return _with_body(lines, signs, max(first, found[0]), *found)
    if declared:
        return Head(None, first, "declared", 0.7)
    return _with_body(lines, signs, first, first, "first line", 0.4) if lines[first].size <= _LONG_HEADLINE else None


def path_parts(line: Line) -> list[str]:
    """The parts of `World > Europe`, or of the site's name and section; empty for what is no path."""
    if not _PATH_MARK.search(line.text):
        return []
    parts = _PATH.split(line.text.rstrip(" >\u203a»/|"))
    return parts if len(parts) > 1 and all(part.count(" ") <= _PATH_SPACES for part in parts) else []


def same_title(line: Line, other: Line) -> bool:
    """Whether `line` prints the title that `other` is, one of them perhaps with the name of the site.

    A sentence that says the same is none: short news repeat their headline as their text.
    """
    return line.text == other.text or (not line.is_prose and bool(_forms(line.text) & _forms(other.text)))


def _titles(lines: list[Line], signs: list[Sign]) -> list[int]:
    """Lines that could be the headline by their length, and are no path nor what a path names."""
    parts = {part for line in lines for part in path_parts(line)}
    return [
        at
        for at, line in enumerate(lines)
        if signs[at].plain
        and line.size in _HEADLINE
        and line.text not in parts
        and not path_parts(line)
        and not _BRACKETED.fullmatch(line.text)
    ]


def _with_body(lines: list[Line], signs: list[Sign], first: int, at: int, rule: str, confidence: float) -> Head | None:
    def others(start: int, end: int) -> Iterator[int]:
        return (place for place in range(start, end) if not same_title(lines[place], lines[at]))

    early = (place for place in others(at + 1, first) if signs[place].plain and is_sentence(lines[place]))
    body = next(early, None)
    if body is None:
        body = _prose(lines, signs, others(max(at + 1, first), len(lines)))
    if body is None:
        return None
    over = (place for place in others(at + 1, body) if is_sentence(lines[place]))
    return Head(at, next((place for place in over if find_dateline(lines[place].text)), body), rule, confidence)


def is_notice(line: Line) -> bool:
    """Whether it is a sentence about the site: of its cookies, for example."""
    return line.ends_sentence and line.of_site


def is_sentence(line: Line) -> bool:
    """Whether it is at least one sentence of some length."""
    return line.ends_sentence and line.size >= _SENTENCE


def _prose(lines: list[Line], signs: list[Sign], places: Iterable[int]) -> int | None:
    """The first line of running text with more of it near, else the first alone, else the first sentence."""
    prose: list[int] = []
    sentences: list[int] = []
    for at in places:
        if signs[at].plain and lines[at].is_prose:
            if prose and at - prose[-1] <= _COMPANY:
                return prose[-1]
            prose.append(at)
        elif signs[at].plain and is_sentence(lines[at]):
            sentences.append(at)
    return next(iter(prose or sentences), None)


def _late(lines: list[Line], signs: list[Sign], first: int) -> tuple[int, str, float] | None:
    """A title under a notice that stands over everything, of cookies for example: beside a time or byline."""
    for at in range(first + 1, min(first + _NOTICE, len(lines))):
        near = signs[max(at - 2, 0) : at + 3]
        beside = any(sign.stamp or sign.read_minutes or sign.label == "byline" for sign in near)
        if beside and signs[at].plain and lines[at].words > _PATH_SPACES and not lines[at].ends_sentence:
            return at, UNDER_NOTICE, 0.6
    return None


@lru_cache(maxsize=128)  # a page's lines are compared with each other again and again
def _forms(text: str) -> frozenset[str]:
    return frozenset({key(text), key(_SITE.sub("", text[-400:]))})


def _declared(lines: list[Line], titles: list[int], declared: str | None) -> tuple[int, str, float] | None:
    wanted = key(declared) if declared else None
    found = next((at for at in titles if key(lines[at].text) == wanted), None)
    return None if found is None else (found, "as declared", 0.98)


def _marked(lines: list[Line], titles: list[int]) -> tuple[int, str, float] | None:
    """The line that ends as headlines do in IPTC 7901: `Harbour opens again =`."""
    found = next((at for at in reversed(titles) if _AGENCY_MARK.search(lines[at].text)), None)
    return None if found is None else (found, "marked as the headline", 0.95)


def unmarked(headline: str) -> str:
    """A headline without the agency's mark at its end."""
    return _AGENCY_MARK.sub("", headline)


def _repeated(lines: list[Line], titles: list[int], first: int) -> tuple[int, str, float] | None:
    menu = 20  # menus are printed twice as well, and pull quotes
    long = [at for at in titles if lines[at].words > 2 and lines[at].size > menu and not lines[at].is_prose]  # noqa: PLR2004
    printed = Counter(form for at in long for form in _forms(lines[at].text))
    found = next((at for at in long if at < first and printed[key(lines[at].text)] > 1), None)
    return None if found is None else (found, "printed twice", 0.95)


def _alone(lines: list[Line], titles: list[int]) -> tuple[int, str, float] | None:
    long = [at for at in titles if lines[at].words > 3 or lines[at].size > 25]  # noqa: PLR2004 -- no menu
    if long:  # a line in capitals over another is a kicker
        return next((at for at in long if not lines[at].text.isupper()), long[0]), "first title", 0.75
    short = next((at for at in titles if lines[at].words > 1), None)
    return None if short is None else (short, "first short title", 0.4)
