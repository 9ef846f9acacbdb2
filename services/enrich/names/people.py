"""People by their given name, their title, or who speaks."""

import re
from collections.abc import Iterator
from typing import Final

from services.enrich.names import gazetteer
from services.enrich.names.bodies import ADJECTIVE
from services.enrich.names.lexicon import matcher, plain
from services.enrich.names.normal import places_called
from services.enrich.names.placing import PEOPLE_TOO
from services.enrich.names.reading import Reading
from services.enrich.names.text import Found, Word

LONGEST_NAME: Final = 5
"""Words of a person's name."""
TITLE_RUN: Final = 12
"""Words that a title may have before the person it belongs to."""
AFTER_SAINT: Final = frozenset("san santa santo saint sainte st st. são virgen virgin del della dello".split())
"""Before a given name that is a church's, a town's or a feast's."""
NOBILITY: Final = frozenset({"van", "von", "de", "der"})
_MARKS: Final = frozenset('«"“„')
"""Before what is a title or a firm more often than a person."""
TO_SOMEBODY: Final = frozenset(["told", "asked", "warned"])
"""Verbs of speech before those who are spoken to: "told MPs"."""
_SEVERAL: Final = re.compile(r"[A-Z]{2,}s")
""""MPs", "NGOs"."""
BREAKS: Final = frozenset("of the for and on und für y para et sur pour en та і и i w na".split())
"""Joints that no person's name has."""


def people(reading: Reading, start: int, end: int) -> Iterator[Found]:
    """People by their given name, their title, who speaks, or what surnames end like."""
    for at in range(start, end):
        if gazetteer.is_given(reading.words[at].text) and not _is_named_after(reading, at, start, end):
            stop = _name_end(reading, at, end)
            if stop - at > 1:
                yield reading.span(at, stop, "person", 0.75, "given name")
                return
    yield from _initialled(reading, start, end)
    yield from _known(reading, start, end)
    yield from _titled(reading, start, end)
    yield from _speaking(reading, start, end)


def _is_named_after(reading: Reading, at: int, start: int, end: int) -> bool:
    """A given name in another name ("San Isidro"), or a title that is one too ("Reyes Felipe")."""
    if at > start and reading.words[at - 1].text.lower() in AFTER_SAINT:
        return True
    title = matcher(reading.lexicon.titles).match(reading.words[at].text)
    return bool(title) and at + 1 < end and gazetteer.is_given(reading.words[at + 1].text)


def _name_end(reading: Reading, at: int, end: int) -> int:
    """Where a person's name ends: at a word that is of something else, or at five words."""
    stop = at + 1
    bodies, joints = matcher(reading.lexicon.bodies), plain(reading.lexicon.joints)
    while stop < min(end, at + LONGEST_NAME):
        text = reading.words[stop].text
        if bodies.match(text) or reading.words[stop].acronym or text in BREAKS:
            break
        stop += 1
    while stop > at + 1 and reading.words[stop - 1].text in joints:
        stop -= 1
    return stop


def _initialled(reading: Reading, start: int, end: int) -> Iterator[Found]:
    """After two initials, or one before a known surname ("група А. Матч" is none); English has a model for them."""
    at = start if reading.language != "en" else end
    while at < end:
        last = at
        while last < end and _is_initial(reading.words[last].text):
            last += 1
        if last > at and last < end and reading.words[last].capital:
            if last - at > 1 or gazetteer.person(reading.words[last].text):
                yield reading.span(at, last + 1, "person", 0.75, "initials")
            return
        at = max(last, at + 1)


def _known(reading: Reading, start: int, end: int) -> Iterator[Found]:
    """In Ukrainian: a known name by itself, and two capitals. Bodies are written with one there ("Пенсійний фонд")."""
    if reading.language != "uk" or reading.words[start].first:
        return
    text = reading.text(start, end)
    known = places_called(text, reading.language)
    if known and not known[0].doubtful:
        return
    if end - start == 1 and gazetteer.person(text) and not reading.words[start].acronym:
        yield reading.span(start, end, "person", 0.5, "known name")
    elif end - start == 2 and not any(_is_else(reading, each) for each in reading.words[start:end]):  # noqa: PLR2004
        quoted = start > 0 and reading.words[start - 1].text in _MARKS
        if not quoted and not ADJECTIVE.search(reading.words[start].text):
            yield reading.span(start, end, "person", 0.55, "two capitals")


def _is_else(reading: Reading, word: Word) -> bool:
    """A word that is no part of a person's name: a body's, a place's, an acronym."""
    heads = matcher(f"{reading.lexicon.bodies} {reading.lexicon.meetings} {reading.lexicon.grounds}")
    known = places_called(word.text, reading.language)
    place = bool(known) and (known[0].kind == "country" or not known[0].doubtful)
    return bool(heads.match(word.text)) or word.acronym or place


def _is_initial(text: str) -> bool:
    return len(text) == 2 and text[0].isupper() and text[1] == "."  # noqa: PLR2004 - one letter and its stop


def _titled(reading: Reading, start: int, end: int) -> Iterator[Found]:
    """After a title ("Präsident Quill"), or at the end of a long one ("Secretary General for X David Quill")."""
    titles = matcher(reading.lexicon.titles)
    last = next(
        (at for at in range(min(end, start + TITLE_RUN) - 1, start - 1, -1) if titles.match(reading.words[at].text)),
        None,
    )
    first = start if titles.match(reading.before(start)) else None if last is None else last + 1
    if first is None or first >= end:
        return
    stop = _name_end(reading, first, end)
    text = reading.text(first, stop)
    if reading.words[first].capital and not reading.words[first].acronym and not _is_country(reading, text):
        confidence = 0.8 if stop - first > 1 or first == start else 0.5
        if stop == end:
            yield reading.span(first, stop, "person", confidence, "title")


def _is_country(reading: Reading, text: str) -> bool:
    return any(place.kind == "country" for place in places_called(text, reading.language))


def _speaking(reading: Reading, start: int, end: int) -> Iterator[Found]:
    """Who speaks: "said Quill", "Quill said"; of a run that no place or acronym is."""
    said = plain(reading.lexicon.said)
    after = reading.words[end].text.lower() if end < len(reading.words) else ""
    if not (reading.before(start) in said - TO_SOMEBODY or after in said) or end - start > LONGEST_NAME - 1:
        return
    if _SEVERAL.fullmatch(reading.words[end - 1].text):
        return
    word = reading.words[start]
    known = places_called(reading.text(start, end), reading.language)
    if word.acronym or (known and known[0].name not in PEOPLE_TOO):
        return
    if matcher(f"{reading.lexicon.titles} {reading.lexicon.bodies}").match(reading.words[end - 1].text):
        return
    if any(each.text.lower() in plain(reading.lexicon.joints) - NOBILITY for each in reading.words[start:end]):
        return
    yield reading.span(start, end, "person", 0.6, "who speaks")
