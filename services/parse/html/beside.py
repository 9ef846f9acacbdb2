"""What a line of a page is that is no part of its article, and what tells so. Pure, and only done to explain a page.

The line's own words are asked first, as in a page of text; then what holds it: a block of links that was taken, a label
over it, the names and tags of the elements around it. What none of that tells is `unknown`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, takewhile
from typing import Final, NamedTuple

from services.parse.clean import clean_line
from services.parse.html.clues import Clues
from services.parse.html.flow import Shown
from services.parse.html.hints import NAME_LIMIT, NAMES_LIMIT, words_of
from services.parse.html.related import CLIMB, LINK_SHARE, TITLE_LENGTH, kinds_taken
from services.parse.text.labels import GENERAL, Label
from services.parse.text.lines import Line
from services.parse.text.notes import Notes
from services.parse.text.signs import Context, Sign, sign_of
from services.parse.tree import Element
from shared.contracts import BlockKind, RelatedKind

LINKED: Final = 0.8
"""Share of a line's characters in links from which on it is a link."""
_HEADING: Final[dict[str | None, BlockKind]] = {
    "related": "related", "hot": "hot", "latest": "latest", "tags": "tags", "comments": "boilerplate",
}  # fmt: skip
"""Labels that speak of the lines under them, too: of those in the same element."""
_HINTED: Final[dict[str, BlockKind]] = {
    "advertisement": "advertisement", "share": "share", "comment": "boilerplate", "related": "related",
    "offer": "boilerplate", "navigation": "boilerplate", "foot": "boilerplate", "hidden": "boilerplate",
}  # fmt: skip
"""What a hint of an element's names says of the lines in it; the first of them counts."""
_WORDS: Final[dict[str, BlockKind]] = {
    "tag": "tags", "topic": "tags", "categor": "tags", "author": "byline", "byline": "byline", "bio": "byline",
    "embed": "embed", "player": "embed",
    "caption": "caption", "credit": "caption", "photo": "caption", "gallery": "caption", "legend": "caption",
}  # fmt: skip
"""The same of single words of hints that are about several things."""
_TAGS: Final[dict[str, BlockKind]] = {
    "nav": "boilerplate", "footer": "boilerplate", "header": "boilerplate", "form": "boilerplate",
    "button": "boilerplate", "select": "boilerplate", "dialog": "boilerplate", "textarea": "boilerplate",
    "figcaption": "caption",
}  # fmt: skip
_EMBEDDED: Final = frozenset({"embed", "tweet", "instagram"})
"""Words in the name of a quote that another site's script turns into its post."""
_ALL: Final = frozenset({"html", "body", "main", "article"})
"""Elements around everything: their names speak of the article, and no label is over all that they hold."""
NAMES: Final = 4
"""Words of a line that can be a tag or a name."""


class Fate(NamedTuple):
    """What became of a line, and why."""

    kind: BlockKind
    rule: str


class _Under(NamedTuple):
    """A label with the element that holds what stands under it."""

    holder: Element
    fate: Fate


@dataclass(slots=True)
class Surroundings:
    """What stands around the lines of a page, which are asked for in their order.

    `taken`: elements that the parser took for links beside the article, each with their kind. `sizes`: characters in an
    element, and those of them in links.
    """

    context: Context
    taken: Mapping[Element, RelatedKind]
    sizes: Mapping[Element, tuple[int, int]]
    under: _Under | None = None
    known: dict[Element, Fate | None] = field(default_factory=dict[Element, Fate | None])

    def fate(self, shown: Shown) -> Fate:
        """What a line is that is no part of the article."""
        line = Line(0, len(shown.text), shown.text)
        sign = sign_of(line, self.context)
        return (
            self._label(shown, sign)
            or self._listed(shown)
            or self._headed(shown, line)
            or _said(line, sign)
            or _fitting(self._held(shown), line)
            or _linked(shown)
            or Fate("unknown", "prose that is not the article's" if line.is_prose else "nothing tells what it is")
        )

    def _label(self, shown: Shown, sign: Sign) -> Fate | None:
        kind = _HEADING.get(sign.label)
        if kind is None or sign.rest:
            return None
        held = self._held(shown)
        in_menu = held is not None and held.kind == "boilerplate"
        if not in_menu and (holder := self._holder(shown)) is not None:
            self.under = _Under(holder, Fate(kind, f"under a {sign.label} label"))
        return Fate("label", f"{sign.label} label")

    def _holder(self, shown: Shown) -> Element | None:
        """The smallest element that holds more than the label."""
        around = takewhile(lambda each: each.tag not in _ALL, islice(_outwards(shown.element), CLIMB + 1))
        return next((each for each in around if self.sizes[each][0] > 2 * len(shown.text)), None)

    def _listed(self, shown: Shown) -> Fate | None:
        kind = self.taken.get(shown.element)
        return Fate("related" if kind == "in_text" else kind, "block of links") if kind else None

    def _headed(self, shown: Shown, line: Line) -> Fate | None:
        if self.under is None or line.is_prose or self.under.holder not in _outwards(shown.element):
            return None
        return _fitting(self.under.fate, line)

    def _held(self, shown: Shown) -> Fate | None:
        """What the innermost element around a line says that says anything."""
        passed: list[Element] = []
        fate: Fate | None = None
        for element in _outwards(shown.element):
            if element in self.known:
                fate = self.known[element]
                break
            passed.append(element)
            if fate := self._told(element):
                break
        self.known.update(dict.fromkeys(passed, fate))
        return fate

    def _told(self, element: Element) -> Fate | None:
        """What an element's class, id, role and tag say of the lines in it."""
        tag = str(element.tag)
        if tag in _ALL:
            return None
        if "tag" in (element.get("rel") or "").lower().split():
            return Fate("tags", "rel tag")
        said = _said_by_names(element)
        if tag == "blockquote" and (word := next((word for word in said if word in _EMBEDDED), None)):
            return Fate("embed", f"{word}: named {said[word]}")
        size, linked = self.sizes[element]
        for word, kind in (*_HINTED.items(), *_WORDS.items()):
            if word in said and (word != "related" or linked >= LINK_SHARE * size):
                return Fate(kind, f"{word}: named {said[word]}")
        return Fate(_TAGS[tag], f"in {tag}") if tag in _TAGS else None


def surroundings(clues: Clues, lines: Iterable[Shown]) -> Surroundings:
    """The surroundings of a page's lines. Takes the blocks of links out of its tree, from which the lines were read."""
    labels: dict[str, Label] = {**GENERAL, **(clues.profile.labels if clues.profile else {})}
    context = Context(clues.page.observed_at, clues.habits, labels)
    sizes: dict[Element, tuple[int, int]] = {}
    for line in lines:
        for element in _outwards(line.element):
            size, linked = sizes.get(element, (0, 0))
            sizes[element] = (size + len(line.text), linked + line.linked)
    return Surroundings(context, kinds_taken(clues), sizes)


def _outwards(element: Element) -> Iterator[Element]:
    yield element
    yield from element.iterancestors()


def _said_by_names(element: Element) -> dict[str, str]:
    """The hints of an element's names, and the words that give them, each with the name."""
    names = " ".join(element.get(each) or "" for each in ("class", "id", "role")).split(None, NAMES_LIMIT)
    said: dict[str, str] = {}
    for name in names[:NAMES_LIMIT]:
        for hint, word in words_of(name):
            said.setdefault(hint, clean_line(name, NAME_LIMIT))
            said.setdefault(word, clean_line(name, NAME_LIMIT))
    return said


def _said(line: Line, sign: Sign) -> Fate | None:
    """What a line says by itself, wherever it stands; a time is any article's, and wires put no lines into pages."""
    if sign.wire or sign.stamp or not Notes().note(line, sign):
        return None
    return Fate(line.kind, line.rule)


def _fitting(fate: Fate | None, line: Line) -> Fate | None:
    """What holds a line, if the line can be that: names and tags are short, what is said of an author is not."""
    if fate is None or fate.kind not in {"tags", "byline"} or (line.words <= NAMES and not line.ends_sentence):
        return fate
    return Fate("boilerplate", fate.rule) if fate.kind == "byline" and line.is_prose else None


def _linked(shown: Shown) -> Fate | None:
    if shown.linked < LINKED * len(shown.text):
        return None
    if len(shown.text) < TITLE_LENGTH:
        return Fate("boilerplate", "a short link")
    return Fate("related", "a link as long as a headline")
