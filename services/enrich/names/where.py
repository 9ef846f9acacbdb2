"""Which of the places of a name is meant: the countries that an article is about decide between namesakes."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from services.enrich.names.gazetteer import FAMILY, GIVEN, OTHER, WORD, Known

PRIOR: Final = 8.0
"""log10 of a population that needs no context: that of Tokyo and more."""
OF_COUNTRY: Final = 3.0
"""What a country that the article names is worth, in powers of ten of population."""
NAMED: Final = OF_COUNTRY * 0.6
"""What the least that an article names is worth."""
OF_PUBLISHER: Final = 1.5
OF_PLACES: Final = 1.0
"""What the countries of its other places are worth together."""

OF_LANGUAGE: Final = 1.0
HOME: Final = {"uk": "UA", "ru": "RU", "pl": "PL", "de": "DE", "fr": "FR", "es": "ES", "it": "IT"}
"""Where most of what is written in a language is from."""
KNOWN: Final = 200_000
"""People of a city that needs no other sign of its country in an article that names another."""
UNKNOWN: Final = 0.4
"""What remains of the confidence of a smaller one: "Miraflores" in Spain is not Peru's."""

MANY: Final = 1_000_000
CAPITAL: Final = 1.0
"""Governments are in the news more than their cities' people are many."""


def weights(
    countries: Iterable[str], publisher: str | None, language: str, candidates: Sequence[Sequence[Known]]
) -> dict[str, float]:
    """How much each country speaks for a place in it."""
    found: Counter[str] = Counter()
    if home := HOME.get(language):
        found[home] += OF_LANGUAGE  # type: ignore[assignment]
    named = Counter(countries)
    for country, count in named.items():
        found[country] += OF_COUNTRY * min(1.0, 0.6 + 0.4 * count / max(named.values()))  # type: ignore[assignment]
    if publisher:
        found[publisher] += OF_PUBLISHER  # type: ignore[assignment]
    alone = Counter(places[0].country for places in candidates if len({place.country for place in places}) == 1)
    for country, count in alone.items():
        found[country] += OF_PLACES * count / sum(alone.values())  # type: ignore[assignment]
    return dict(found)


def choose(places: Sequence[Known], weight: Mapping[str, float]) -> tuple[Known, float]:
    """The place that is meant, and how sure that is. A country goes before its capital."""
    countries = {place.country for place in places if place.kind == "country"}
    distinct = [
        place for place in places if not (place.capital and place.kind == "city" and place.country in countries)
    ]
    ranked = sorted(distinct, key=lambda place: -_score(place, weight))
    best = ranked[0]
    rival = next((place for place in ranked[1:] if place.geonames_id != best.geonames_id), None)
    margin = _score(best, weight) - _score(rival, weight) if rival else PRIOR
    sure = 1 / (1 + math.exp(-1.5 * margin))
    clear = 0.97 if best.kind == "country" else 0.9
    doubt = 0.15 if best.flags & (WORD | GIVEN | FAMILY) and best.kind != "country" else 0.0
    strange = UNKNOWN if _is_strange(best, weight) else 1.0
    return best, round((clear * sure - doubt) * strange, 3)


def _is_strange(place: Known, weight: Mapping[str, float]) -> bool:
    """A small city of a country that nothing speaks for, where the article names another."""
    small = place.kind == "city" and not place.capital and place.population < KNOWN
    nothing = weight.get(place.country, 0.0) <= OF_PLACES / 2  # as much as a place says for itself
    return small and nothing and max(weight.values(), default=0.0) >= NAMED


def _score(place: Known, weight: Mapping[str, float]) -> float:
    prior = math.log10(place.population + 1) + weight.get(place.country, 0.0)
    return prior + _standing(place) - 0.5 * bool(place.flags & OTHER)


def _standing(place: Known) -> float:
    """A country goes before a city, but Granada's people are more than Grenada's; a state yields to its city."""
    if place.kind == "city":
        return CAPITAL if place.capital else 0.0
    if place.kind == "region":
        return -1.0
    return 4.0 if place.population > MANY else 0.0
