"""Which of the data that a page carries is its article: the text beside the page's own headline. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from services.parse.html.embedded.markup import letters, markup_of
from services.parse.html.embedded.scripts import Held
from services.parse.html.jsonld import Node, is_list, node
from services.parse.html.titles import likeness
from services.parse.words import count_words

VALUES_LIMIT: Final = 200_000
"""Values that are looked at."""
CANDIDATES_LIMIT: Final = 40
AWAY: Final = 3
"""Objects between that with the headline and that with the text."""
KEY_LIMIT: Final = 60
LEAST_LETTERS: Final = 8
ALIKE: Final = 0.8
TITLES: Final = frozenset(
    {"title", "headline", "headlines", "articletitle", "webtitle", "pagetitle", "newstitle", "seotitle", "hed"}
)
NAMED: Final = TITLES | {"name"}
"""Keys of a headline; a name may also be that of a component, and says then nothing of what is in it."""
_BODY: Final = re.compile(
    r"body|content|text|html|paragraph|markup|blocks|elements|components|story|article$|copy$|lead"
)
_BESIDE: Final = re.compile(
    r"comment|relat|recommend|teaser|summary|description|abstract|excerpt|footer|header|nav|menu|copyright|newsletter|seo"
    r"|social|promo|disclaimer|caption|alt$|type|context|style|script|meta|ad$|ads$"
)
_TAGS: Final = re.compile(r"<[^<>]{0,300}>")


class Stored(NamedTuple):
    """An article in a page's data. `name`: of what holds it; `key`: of its text; `about`: the object with the headline.

    `words`: of its text, markup aside.
    """

    name: str
    key: str
    markup: str
    words: int
    about: Node


class _Place(NamedTuple):
    """A value, the object around it that is about the article, if any, and how many objects away that is."""

    name: str
    value: Any
    about: Node
    away: int


def find_stored(data: Iterable[Held], titles: Sequence[str]) -> Stored | None:
    """The longest text near one of these titles; None when there is none."""
    known = [each for each in map(_letters, titles) if len(each) >= LEAST_LETTERS]
    places = islice(_objects(data, known, titles), VALUES_LIMIT)
    found = islice((each for place in places for each in _texts(place)), CANDIDATES_LIMIT)
    return max(found, key=lambda each: each.words, default=None)


def _objects(data: Iterable[Held], known: Sequence[str], titles: Sequence[str]) -> Iterator[_Place]:
    """Every object and list in the data."""
    for held in data:
        waiting = [_Place(held.name, held.value, {}, 0)]
        while waiting:
            place = waiting.pop()
            inside = place if is_list(place.value) else _inside(place, known, titles)
            values = place.value if is_list(place.value) else node(place.value).values()
            away = inside.away + isinstance(place.value, dict)
            waiting += [inside._replace(value=each, away=away) for each in values if isinstance(each, (dict, list))]
            yield inside


def _texts(place: _Place) -> Iterator[Stored]:
    """The texts of an object that is the article's or near it."""
    if not place.about or place.away > AWAY:
        return
    for key, value in node(place.value).items():
        if _is_body(key) and (markup := markup_of(value)):
            words = count_words(_TAGS.sub(" ", markup))
            yield Stored(place.name, key[:KEY_LIMIT], markup, words, place.about)


def _inside(place: _Place, known: Sequence[str], titles: Sequence[str]) -> _Place:
    """What holds in an object: it is about the article by its title, about another by that, or as what is around it."""
    about = node(place.value)
    if any(_is_title(each, known, titles) for each in _said(about, NAMED)):
        return place._replace(about=about, away=0)
    is_other = any(len(_letters(each)) >= LEAST_LETTERS for each in _said(about, TITLES))
    return place._replace(about={}) if is_other else place


def _said(about: Node, keys: frozenset[str]) -> Iterator[str]:
    """The texts under these keys, and those one deeper: `{"headlines": {"basic": "Rates rise"}}`."""
    for name, value in about.items():
        if letters(name) in keys:
            yield from (each for each in (value, *node(value).values()) if isinstance(each, str))


def _is_title(text: str, known: Sequence[str], titles: Sequence[str]) -> bool:
    mine = _letters(text)
    if len(mine) < LEAST_LETTERS or not any(len(each) < 2 * len(mine) < 4 * len(each) for each in known):
        return False
    return any(each.startswith(mine) for each in known) or any(likeness(text, each) >= ALIKE for each in titles)


def _is_body(key: str) -> bool:
    name = letters(key)
    return _BODY.search(name) is not None and not _BESIDE.search(name)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
