"""Who signs an article as it is printed near its headline."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice, takewhile
from typing import Final, NamedTuple

from services.parse.html.head import Fragment
from services.parse.html.names import is_organisation, is_person, is_role, names_in
from services.parse.text.labels import GENERAL, SIGNED, TIME_WORDS, key
from services.parse.times.months import is_weekday, month_named
from services.parse.tree import Element

BYLINE_LENGTH: Final = 240
"""Characters of a piece of text that is a byline."""
ALONE: Final = 12
"""Pieces of text after the headline among which a name may stand alone; later it is a heading of the article."""
PROSE: Final = 120
"""Characters of a piece of text that can only be the article's."""
_BOLD: Final = frozenset({"b", "strong", "em", "i"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
ROLE_LENGTH: Final = 100
_INLINE: Final = frozenset({"a", "span", "b", "strong", "em", "i", "cite"})
LEVELS: Final = 3
"""Elements around a piece of text whose class may say that it is a name."""
SPOKEN: Final = 8
"""Words before a name in its line: `Story and pictures by`, not a sentence."""
APART: Final = 8
"""Pieces of text between two names of one byline."""
ABOVE: Final = 4
"""Pieces of text over the headline among which a byline may be; higher up is the site's menu."""
NAMES_LIMIT: Final = 10
_HREF: Final = re.compile(
    r"/(?:authors?|autor(?:en|es|i)?|auteurs?|people|person|staff|profiles?|contributors?|writers?|reporters?|journalists?|"
    r"journalistes?|by|redakteur\w*|editor|columnists?|bio|team|muhabir|yazar\w*|avtor|avtory)(?:/|=|-)",
    re.IGNORECASE,
)
_CLASS: Final = re.compile(
    r"author|byline|writer|contributor|autor|auteur|reporter|journalist|redakteur|creator", re.IGNORECASE
)
_NOT: Final = re.compile(
    r"comment|related|avatar|bio(?:graphy)?\b|image|photo|caption|credit|date|time|follow|share", re.IGNORECASE
)
OPENING: Final = frozenset(entry for entry, label in GENERAL.items() if label == "byline") | {
    each.strip() for each in SIGNED
}
_BEGINNINGS: Final = tuple(f"{word}{end}" for word in OPENING for end in " :")
CREDIT: Final = re.compile(
    "^(?:" + "|".join(re.escape(entry) for entry, label in GENERAL.items() if label == "caption") + r")\b\s*[:/]",
    re.IGNORECASE,
)
_BEFORE_DATES: Final = TIME_WORDS | {"on", "le", "am", "el", "em", "il", "den", "at", "op", "от", "від"}
_LABELS: Final = [re.escape(entry) for entry, label in GENERAL.items() if label in {"published", "updated"}]
_CAPITAL: Final = [each[:1].upper() + each[1:] for each in _LABELS]
_GLUED: Final = re.compile(rf"(?:[,;|] ?(?i:{'|'.join(_LABELS)})|(?<=[a-zß-ÿ])(?:{'|'.join(_CAPITAL)})) ?:?$")
"""A label of a date that ends what stands before it, after a comma or where a letter in lower case ends a name."""
_END: Final = re.compile(r"\s[|\u2022\u00b7]\s|\b\d")


class Signed(NamedTuple):
    """The names of a byline and the text they were read from."""

    names: list[str]
    raw: str
    rule: str


def printed_byline(fragments: Sequence[Fragment], sites: Sequence[str]) -> Signed | None:
    """The names around a headline that are said, linked or marked to be of its authors."""
    above = sum(fragment.before for fragment in fragments)
    near = range(max(0, above - ABOVE), above)
    after = range(above, len(fragments))
    found = _first_group(fragments, after, sites) or _first_group(fragments, near, sites)
    return found or _alone(fragments[above : above + ALONE], sites)


def _alone(fragments: Sequence[Fragment], sites: Sequence[str]) -> Signed | None:
    """The names that are a line of their own in bold, as over the text in some newspapers; later it is a heading."""
    for fragment in takewhile(lambda each: len(each.text) < PROSE, fragments):
        headed = any(each.tag in _HEADINGS for each in islice(fragment.element.iterancestors(), LEVELS))
        bold = not headed and fragment.element.tag in _BOLD and _line_of(fragment.element) == fragment.text
        if bold and (names := _people(fragment.text, sites)) and names == names_in(fragment.text):
            return Signed(names, fragment.text, "name alone in bold")
    return None


def _first_group(fragments: Sequence[Fragment], places: Iterable[int], sites: Sequence[str]) -> Signed | None:
    found: list[tuple[int, Signed]] = []
    for place in places:
        if found and place - found[-1][0] > APART:
            break
        before = fragments[place - 1].text if place else ""
        if signed := _signed(fragments[place], before, sites):
            found.append((place, signed))
    if not found:
        return None
    names = dict.fromkeys(name for _, each in found for name in each.names)
    return Signed(list(names)[:NAMES_LIMIT], found[0][1].raw, found[0][1].rule)


def _signed(fragment: Fragment, before: str, sites: Sequence[str]) -> Signed | None:
    text, link = fragment.text, _link(fragment.element)
    linked = link is not None and _leads_to_author(link)
    if len(text) > BYLINE_LENGTH or (link is not None and not linked) or CREDIT.search(text):
        return None  # a link to anything else is another article with its own byline
    if names := _after_opening(text, sites):
        return Signed(names, _cut(text), "begins as a byline")
    spoken = key(before.rsplit("|", maxsplit=1)[-1]) in OPENING
    if spoken and (names := _people(text, sites)) and not _in_prose(fragment):
        return Signed(names, _line_of(fragment.element) or f"{before} {text}", "after the word for it")
    if name := _with_role(text, sites):
        return Signed([name], _cut(text), "name before what its owner does")
    return _called(fragment, sites, linked=linked)


def _in_prose(fragment: Fragment) -> bool:
    """Whether a piece of text ends a paragraph or a caption: `... since May. By Ann Reed` is who took the picture."""
    head = _whole_line(fragment.element).partition(fragment.text)[0]
    return len(head.split()) > SPOKEN


def _called(fragment: Fragment, sites: Sequence[str], *, linked: bool) -> Signed | None:
    """The names in a piece of text that the markup around it calls its author's."""
    if linked and (names := [name for name in names_in(fragment.text) if not is_organisation(name, sites)]):
        return Signed(names, fragment.text, "link to an author")
    if _marked(fragment.element) and (names := _people(fragment.text, sites)):
        return Signed(names, fragment.text, "marked as author")
    return None


def _after_opening(text: str, sites: Sequence[str]) -> list[str]:
    """The names in `By Ann Reed | June 7`; nothing when it does not begin so."""
    if not text.casefold().startswith(_BEGINNINGS):
        return []
    return _people(_cut(text), sites)


def _cut(text: str) -> str:
    """A byline up to the date or whatever else stands behind a bar, without the words before a date."""
    cut = _END.search(text)
    if cut is None:
        return text
    words = text[: cut.start()].split()
    while words and _is_dated(words[-1].strip(",.:|\u2013\u2014-")):
        words.pop()
    return _GLUED.sub("", " ".join(words)).rstrip(" ,|")


def _is_dated(word: str) -> bool:
    """Whether a word belongs to the date after it: a month, a day of the week, `on`, `updated`."""
    return not word or word.casefold() in _BEFORE_DATES or month_named(word) is not None or is_weekday(word)


def _line_of(element: Element) -> str:
    """All of the line that a name in it belongs to; empty when it is no line."""
    text = _cut(_whole_line(element))
    return text if len(text) <= BYLINE_LENGTH else ""


def _whole_line(element: Element) -> str:
    block = next((each for each in (element, *element.iterancestors()) if each.tag not in _INLINE), element)
    return " ".join("".join(str(part) for part in block.itertext()).split())


def _with_role(text: str, sites: Sequence[str]) -> str:
    """The name in `Ann Reed, senior reporter`; empty when it is nothing like that."""
    name, mark, rest = text.partition(",") if "," in text[:60] else text.partition("|")
    told = len(text) <= ROLE_LENGTH and mark and is_person(name.strip(), sites)
    return name.strip() if told and is_role(rest.split("|")[0].split("\u2022")[0]) else ""


def _people(text: str, sites: Sequence[str]) -> list[str]:
    return [name for name in names_in(text) if is_person(name, sites)]


def _link(element: Element) -> Element | None:
    return next((each for each in (element, *islice(element.iterancestors(), 3)) if each.tag == "a"), None)


def _leads_to_author(link: Element) -> bool:
    return "author" in (link.get("rel") or "").lower() or bool(_HREF.search(link.get("href") or ""))


def _marked(element: Element) -> bool:
    names = " ".join(_class(each) for each in (element, *islice(element.iterancestors(), LEVELS - 1)))
    return bool(_CLASS.search(names)) and not _NOT.search(_class(element))


def _class(element: Element) -> str:
    return f"{element.get('class') or ''} {element.get('itemprop') or ''}"[:300]


def marked_authors(elements: Iterable[Element], sites: Sequence[str]) -> Signed | None:
    """The people in the first element that is called an author's, outside of comments and other articles."""
    for element in elements:
        around = " ".join(_class(each) + (each.get("id") or "") for each in (element, *element.iterancestors()))[:3_000]
        text = " ".join(" ".join(str(part) for part in element.itertext()).split())
        if _NOT.search(around) or not 0 < len(text) <= BYLINE_LENGTH or CREDIT.search(text):
            continue
        if names := _after_opening(text, sites) or _people(_cut(text), sites) or _people(text, sites):
            return Signed(names, text, "element called an author's")
    return None
