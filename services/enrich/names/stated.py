"""Places whose country or state the text says right after them: "Paris, Texas", "Valencia (Venezuela)"."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from services.enrich.names.gazetteer import Known
from shared.contracts import Entity

Named = tuple[Entity, Sequence[Known]]

_AFTER: Final = re.compile(r",\s|\s\(")


def said_to_be(body: str, known: Sequence[Named]) -> Iterator[Named]:
    """All of `known`; a city that is said to lie in a country or state with its namesakes there alone, the nearest
    first, and that country or state with what it is then.
    """
    regions = {mention.start: (entity, places) for entity, places in known for mention in entity.mentions}
    held: dict[str, Sequence[Known]] = {}
    for entity, places in known:
        after = [start for mention in entity.mentions if (start := _next(body, mention.end)) in regions]
        if after and places[0].kind == "city":
            region, meanings = regions[Counter(after).most_common(1)[0][0]]
            if found := _within(places, meanings):
                held[entity.name], held[region.name] = found
    for entity, places in known:
        yield entity, held.get(entity.name, places)


def _next(body: str, end: int) -> int:
    """Where the next name starts, when only a comma or a bracket is between; else nowhere."""
    between = _AFTER.match(body, end)
    return between.end() if between else -1


def _within(places: Sequence[Known], meanings: Sequence[Known]) -> tuple[list[Known], list[Known]] | None:
    """The places that lie in the first of the countries and states that has any, and that one."""
    for region in meanings:
        if region.kind != "city":
            inside = [place for place in places if place.kind == "city" and place.country == region.country]
            if inside and region.kind == "region":
                inside = [min(inside, key=lambda place: (place.lat - region.lat) ** 2 + (place.lon - region.lon) ** 2)]
            if inside:
                return inside, [region]
    return None
