"""Who wrote an article and when it appeared, as the object that holds its text says. Pure."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from services.parse.html.embedded.markup import letters
from services.parse.html.jsonld import Node, items, line, node

_PUBLISHED: Final = re.compile(
    r"(?:first|original|initial)?publi(?:sh|cation)(?:ed|ing)?(?:date|time|datetime|on|at|dt|ts|timestamp)?(?:utc|gmt|iso)?"
    r"|datepublished|pub(?:date|time|at|dt)|(?:first)?(?:display|release|issue|deploy)d?(?:date|at|dt|time)?"
    r"|date|(?:date)?created(?:at|date|on)?"
)
_SIGNED: Final = re.compile(
    r"(?:article)?(?:authors?|bylines?|writers?|reporters?|creators?|contributors?)(?:s?names?)?"
)
_NAMES: Final = ("name", "fullname", "displayname", "authorname", "writername", "reportername", "title", "byline")
_SECONDS: Final = range(631_152_000, 4_102_444_800)
"""Of 1990 to 2100, since 1970."""
PEOPLE_LIMIT: Final = 20
VALUE_LIMIT: Final = 300
"""Characters of a name or a time."""


class Said(NamedTuple):
    """What an object says under a key."""

    key: str
    raw: str


def times_of(about: Node) -> Iterator[Said]:
    """When an article was published, the surest key first: those that say so before those that may mean it."""
    known = [(letters(key), key, raw) for key, value in about.items() if (raw := _time(value))]
    named = [each for each in known if _PUBLISHED.fullmatch(each[0])]
    for _, key, raw in sorted(named, key=lambda each: (each[0] == "date", "creat" in each[0], "first" not in each[0])):
        yield Said(key, raw)


def _time(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        seconds = value if value in _SECONDS else value // 1000
        return datetime.fromtimestamp(seconds, UTC).isoformat() if seconds in _SECONDS else ""
    return value if isinstance(value, str) and len(value) <= VALUE_LIMIT else ""


def people_of(about: Node) -> Iterator[Said]:
    """The names of whoever signs, of the first key that has any."""
    for key, value in about.items():
        if _SIGNED.fullmatch(letters(key)):
            names = [name for each in items(value)[:PEOPLE_LIMIT] if (name := _name(each))]
            yield from (Said(key, name) for name in names if len(name) <= VALUE_LIMIT)
            if names:
                return


def _name(value: Any) -> str:
    known = {letters(key): found for key, found in node(value).items() if isinstance(found, str) and found}
    if known:
        whole = f"{known.get('firstname', '')} {known.get('lastname', '')}".strip()
        return next((known[name] for name in _NAMES if name in known), whole)
    return (line(value) or "") if isinstance(value, str) else ""
