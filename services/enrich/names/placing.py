"""Places that the gazetteer has, where the text means the place."""

from collections.abc import Iterator, Sequence
from typing import Final

from services.enrich.names import gazetteer
from services.enrich.names.lexicon import matcher, plain
from services.enrich.names.normal import places_called
from services.enrich.names.reading import Reading
from services.enrich.names.text import Found

LARGE: Final = 100_000
"""People of a city; the name of a smaller one is more often somebody's."""
PEOPLE_TOO: Final = frozenset({"Georgia", "Jordan", "Chad", "Kenya"})
"""Countries whose names are given to people: they need a preposition."""
AND: Final = frozenset(["und", "et", "y", "e", "і", "та", "й", "и", "i", "oraz"])
NO_CITY_AFTER: Final = frozenset({"im"})
"""German gives cities no article: "im Zug" is on the train."""
LONGEST_PLACE: Final = 4
"""Words of a place's name."""


def places(reading: Reading, start: int, end: int) -> Iterator[Found]:
    """Places that the gazetteer has, the longest first; a name that means other things needs a preposition."""
    at = start
    while at < end:
        for stop in range(min(end, at + LONGEST_PLACE), at, -1):
            known = places_called(reading.text(at, stop), reading.language)
            if known and _is_meant(reading, at, stop, known, whole=_alone(reading, at, stop, start, end)):
                yield reading.span(at, stop, "place", 0.85 if known[0].kind == "country" else 0.7, "gazetteer")
                at = stop - 1
                break
        at += 1


def _is_meant(reading: Reading, at: int, stop: int, known: Sequence[gazetteer.Known], *, whole: bool) -> bool:
    """Whether a name of the gazetteer is the place here: nothing beside it makes it another name."""
    best, first = known[0], reading.words[at].first
    before = reading.before(at)
    within = before in plain(reading.lexicon.within) and (best.kind != "city" or before not in NO_CITY_AFTER)
    if best.kind == "city" and (gazetteer.is_given(before.title()) or matcher(reading.lexicon.titles).match(before)):
        return False
    if not whole or _has_namesake_after(reading, stop):
        return best.kind == "country" and not best.doubtful and (within or reading.language not in {"en", "de"})
    if best.kind == "country":
        return within or (best.name not in PEOPLE_TOO and not (first and best.flags & gazetteer.WORD))
    if best.doubtful or first or reading.language == "de":
        return within and not (best.flags & gazetteer.WORD and first)
    return within or best.population > LARGE


def _has_namesake_after(reading: Reading, stop: int) -> bool:
    """A capital follows: "Jordan Peele"."""
    return stop < len(reading.words) and reading.words[stop].capital and not reading.words[stop].first


def _alone(reading: Reading, at: int, stop: int, start: int, end: int) -> bool:
    """Whether words are all that stands between the ends of a run and its "and"s."""
    before = at == start or reading.words[at - 1].text.lower() in AND
    after = stop == end or reading.words[stop].text.lower() in AND
    return before and after
