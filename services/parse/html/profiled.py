"""What the publisher's profile finds: first in the cascade where it is plausible, told where it is not."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from types import MappingProxyType
from typing import Final

from lxml import html

from services.parse.clean import clean_line
from services.parse.findings import Draft
from services.parse.html.body import Passage, blocks, without_headline
from services.parse.html.clues import Clues
from services.parse.html.flow import line_in, passages, shown_size
from services.parse.html.head import read_head
from services.parse.html.headline import find_headline
from services.parse.html.names import folded, names_in
from services.parse.html.timing import find_times
from services.parse.publishers import Layout
from services.parse.publishers.selectors import elements, found, outermost
from services.parse.times.claims import Candidate, believed
from services.parse.times.reading import MAX_LENGTH
from services.parse.words import count_words
from shared.contracts import Author

SURE: Final = 0.97
"""Of what a selector finds: people looked at that site."""
TITLE_LIMIT: Final = 400
"""Characters; longer is no headline, section or keyword."""
AUTHORS_LIMIT: Final = 20
BODY_WORDS: Final = 20
BODY_LINKED: Final = 0.5
"""Share of a body's characters that are links' texts; more is a list of teasers."""

Broken = dict[str, str]
"""Fields whose selector found nothing plausible, and what is said of it."""


def layout_of(clues: Clues) -> Layout | None:
    """The layout that the site had when the page was fetched; where that is not known, when it was published.

    Pages are put into a new layout, and dates are wrong: where nothing of that one is there, the newest that has
    something.
    """
    profile = clues.profile
    if profile is None or len(profile.layouts) <= 1:
        return profile.layouts[0] if profile and profile.layouts else None
    dated = profile.layout_on(_day(clues))
    ranked = [dated, *reversed(profile.layouts)]
    return next((each for each in ranked if each and _fits(each, clues)), dated)


def _fits(layout: Layout, clues: Clues) -> bool:
    return any(found(clues.tree, place) for place in (layout.body, layout.headline, layout.published))


def _day(clues: Clues) -> date:
    if clues.page.fetched_at:
        return clues.page.fetched_at.date()
    generic = Draft(parser="html", block_basis="body")
    find_times(generic, clues, read_head(find_headline(generic, clues)))
    found: date = generic.fields.get("published_at", clues.page.observed_at).date()
    return found


def find_profiled(draft: Draft, clues: Clues, layout: Layout | None) -> Broken:
    """Cut out what the layout drops, put the fields it has a place for but the body, and say which places failed."""
    if layout is None:
        return {}
    for each in outermost(elements(clues.tree, layout.drop)):
        if each.getparent() is not None:
            each.drop_tree()
    places = {each.name: getattr(layout, each.name) for each in fields(layout)}
    return {
        name: f"nothing plausible at {places[name]} (layout of {layout.since})"
        for name, put in _PUTTERS.items()
        if places[name] and not put(draft, clues, name, places[name])
    }


def tell_broken(draft: Draft, broken: Mapping[str, str]) -> None:
    """Say in the evidence of fields that general rules filled that the profile's place for them failed."""
    for field, rule in broken.items():
        draft.miss(_FIELDS.get(field, field), "profile", rule)


def find_profiled_body(draft: Draft, clues: Clues, layout: Layout | None, broken: Broken) -> bool:
    """Put the body that the layout has a place for; whether there was a plausible one."""
    if layout is None or layout.body is None:
        return False
    chosen = outermost(elements(clues.tree, layout.body))
    whole = without_headline(list(_passages(chosen, layout.body)), str(draft.fields.get("headline", "")))
    if sum(count_words(each.text) for each in whole) < BODY_WORDS or _linked(chosen) > BODY_LINKED:
        broken["body"] = f"nothing plausible at {layout.body} (layout of {layout.since})"
        return False
    draft.put("body", "\n\n".join(each.text for each in whole), "profile", layout.body, SURE, "")
    draft.confidence = SURE
    draft.blocks = list(blocks(whole))
    return True


def _passages(chosen: list[html.HtmlElement], rule: str) -> Iterator[Passage]:
    seen: set[str] = set()
    for element in chosen:
        for each in passages(element, rule):
            if each.text not in seen:
                yield each
            if len(each.text) > TITLE_LIMIT:  # repeated for another screen; short ones may repeat for good reason
                seen.add(each.text)


def _linked(chosen: list[html.HtmlElement]) -> float:
    whole = sum(map(shown_size, chosen))
    return sum(shown_size(link) for each in chosen for link in each.iter("a")) / max(whole, 1)


def _line(draft: Draft, clues: Clues, name: str, place: str) -> bool:
    values = (_text(each) for each in found(clues.tree, place))
    value = next(
        (each for each in values if 0 < len(each) <= (10 * TITLE_LIMIT if name == "summary" else TITLE_LIMIT)), None
    )
    if value:
        draft.put(name, value, "profile", place, SURE)
    return value is not None


def _keywords(draft: Draft, clues: Clues, name: str, place: str) -> bool:
    words = tuple(
        dict.fromkeys(word for each in found(clues.tree, place) if 0 < len(word := _text(each)) <= TITLE_LIMIT)
    )
    if words:
        draft.put(name, words, "profile", place, SURE, ", ".join(words))
    return bool(words)


def _authors(draft: Draft, clues: Clues, name: str, place: str) -> bool:
    names = [name for each in found(clues.tree, place)[:AUTHORS_LIMIT] for name in names_in(_text(each))]
    people = tuple({folded(name): Author(name=name) for name in names}.values())
    if people:
        draft.put(name, people, "profile", place, SURE, ", ".join(each.name for each in people))
    return bool(people)


def _published(draft: Draft, clues: Clues, name: str, place: str) -> bool:
    raws = [raw for each in found(clues.tree, place)[:1] for raw in _raw_times(each)]
    return any(_moment(draft, clues, name, place, raw) for raw in raws)


def _moment(draft: Draft, clues: Clues, name: str, place: str, raw: str) -> bool:
    field = _FIELDS[name]
    claim = Candidate("profile", place, raw, SURE)
    witness = believed(draft, field, claim, clues.habits, clues.page.observed_at) if raw else None
    if witness is None:
        return False
    put = draft.put_published if name == "published" else draft.put_modified
    put(witness.moment, "profile", place, SURE)
    return True


def _raw_times(each: html.HtmlElement | str) -> list[str]:
    """What is meant for machines first: it is sometimes broken where what people see is not."""
    raws = [each] if isinstance(each, str) else [each.get("datetime"), each.get("content"), line_in(each)]
    return [clean_line(raw, MAX_LENGTH) for raw in raws if raw]


def _text(each: html.HtmlElement | str) -> str:
    return clean_line(each) if isinstance(each, str) else each.get("content") or line_in(each)


_FIELDS: Final[Mapping[str, str]] = MappingProxyType({"published": "published_at", "modified": "modified_at"})
_PUTTERS: Final[Mapping[str, Callable[[Draft, Clues, str, str], bool]]] = MappingProxyType(
    {
        "headline": _line,
        "summary": _line,
        "section": _line,
        "authors": _authors,
        "published": _published,
        "modified": _published,
        "keywords": _keywords,
    }
)
