"""Places on the map: entities that are places, looked up in GeoNames (CC BY 4.0), and the countries of an article."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from services.enrich.names import gazetteer
from services.enrich.names.gazetteer import Known
from services.enrich.names.normal import places_called
from services.enrich.names.placing import PEOPLE_TOO
from services.enrich.names.stated import said_to_be
from services.enrich.names.where import choose, weights
from services.enrich.steps.step import NothingToDo, Step
from shared.contracts import EnrichedArticle, Entity, Place
from shared.contracts.enriched import Location

PLACES: Final = 100
MENTIONS: Final = 50
LEAST: Final = 0.35
"""Confidence; a place that is less sure is left out."""
_TOP_LEVEL: Final = re.compile(r"\.([a-z]{2})\Z")
_NO_COUNTRY: Final = frozenset({"eu", "io", "tv", "me", "co", "ai", "fm", "am", "to", "cc", "ly", "gg", "is"})
"""Top-level domains that anybody takes."""
_TERRITORIES: Final = {"uk": "GB"}


def find(article: EnrichedArticle) -> Mapping[str, Any]:
    """`places` in the order of the text, `countries` with the most mentioned first."""
    entities = [entity for entity in article.entities if entity.kind == "place"]
    language = (article.language or "und").partition("-")[0]
    known = [(entity, places_called(entity.name, language)) for entity in entities]
    known = [(entity, places) for entity, places in known if places and not _other_ground(entity, places)]
    of_bodies = list(_of_bodies(article, language))
    if not known and not of_bodies:
        raise NothingToDo("no place is named")
    weight = weights([*_countries(known), *of_bodies], _publisher(article), language, [places for _, places in known])
    stated = list(said_to_be(article.body, known))
    found = sorted(_placed(stated, weight), key=lambda place: place.mentions[0].start)[:PLACES]
    return {"places": found, "countries": _ranked(found, of_bodies)}


def _other_ground(entity: Entity, places: Sequence[Known]) -> bool:
    """A park, street or lake that some city is called like besides: "Central Park" is Bethpage too."""
    return entity.rule.endswith("head word") and all(place.flags & gazetteer.OTHER for place in places)


def _countries(known: Sequence[tuple[Entity, Sequence[Known]]]) -> Iterator[str]:
    """Countries that are named, as often as they are; "Granada" is not Grenada for that."""
    for entity, places in known:
        if places[0].kind == "country" and places[0].population == max(place.population for place in places):
            yield from [places[0].country] * entity.count


def _of_bodies(article: EnrichedArticle, language: str) -> Iterator[str]:
    """Countries that end a body's name, as often as it is named: "Міністерство оборони України"."""
    for entity in article.entities:
        *first, last = entity.name.split() if entity.kind == "organisation" else ("",)
        country = next((each for each in places_called(last, language) if each.kind == "country"), None)
        if first and country and country.name not in PEOPLE_TOO:
            yield from [country.country] * entity.count


def _publisher(article: EnrichedArticle) -> str | None:
    """The country of the publisher, by its domain."""
    match = _TOP_LEVEL.search(article.domain or "")
    if not match or match[1] in _NO_COUNTRY:
        return None
    return _TERRITORIES.get(match[1], match[1].upper())


def _placed(known: Sequence[tuple[Entity, Sequence[Known]]], weight: Mapping[str, float]) -> Iterator[Place]:
    """A place once, though the text may call it by two names."""
    found: dict[int, Place] = {}
    for entity, places in known:
        best, confidence = choose(places, weight)
        place = _place(entity, best, round(confidence * min(1.0, entity.confidence + 0.1), 3))
        if place.confidence < LEAST:
            continue
        before = found.get(best.geonames_id)
        found[best.geonames_id] = _joined(before, place) if before else place
    yield from found.values()


def _place(entity: Entity, best: Known, confidence: float) -> Place:
    return Place(
        name=best.name, kind=best.kind, geonames_id=best.geonames_id, country=best.country,
        location=Location(lat=round(best.lat, 5), lon=round(best.lon, 5)), mentions=entity.mentions,
        confidence=confidence, rule=entity.rule,
    )  # fmt: skip


def _joined(before: Place, place: Place) -> Place:
    together = {mention.start: mention for mention in (*before.mentions, *place.mentions)}
    mentions = [together[start] for start in sorted(together)][:MENTIONS]
    confidence = max(before.confidence, place.confidence)
    return before.model_copy(update={"mentions": tuple(mentions), "confidence": confidence})


def _ranked(found: Sequence[Place], of_bodies: Sequence[str]) -> tuple[str, ...]:
    """Countries by how often they, the places in them and their bodies are named."""
    counts = Counter(of_bodies)
    for place in found:
        counts[place.country] += len(place.mentions)
    return tuple(country for country, _ in counts.most_common())


STEP: Final = Step(
    "places",
    "geonames-15000-3",
    frozenset({"places", "countries"}),
    find,
    needs=("entities",),
    uses=("language",),
    cost=0.2,
    load=gazetteer.load,
)
