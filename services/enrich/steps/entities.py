"""People, organisations, places and events. Models where a licence allows one, and rules in every language.

English: spaCy's small model; Russian: slovnet. Both are in the dependency group `enrich-heavy`. German, French, Spanish
and Polish: models of our own. Without the group, and in all other languages, names are found by rules over the
gazetteer alone. The version says which.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any, Final

from services.enrich.names import english, gazetteer, russian, trained
from services.enrich.names.merge import merged
from services.enrich.names.reading import Reading
from services.enrich.names.rules import names
from services.enrich.names.settle import settle
from services.enrich.names.text import READ, Found, words
from services.enrich.steps.step import NothingToDo, Step
from shared.contracts import EnrichedArticle, Entity

MODELS: Final[Mapping[str, ModuleType]] = {"en": english, "ru": russian}
RULES: Final = "rules-3"
_LISTS: Final = {"person": "people", "organisation": "organisations", "event": "events"}


@cache
def usable() -> tuple[str, ...]:
    """Languages whose model is installed; looked up once, since each article asks."""
    return tuple(language for language, model in MODELS.items() if not model.missing())


def version() -> str:
    """The rules, and the models that are installed."""
    return "+".join([RULES, trained.VERSION, *(f"{language}-{MODELS[language].PACKAGES[0]}" for language in usable())])


def find(article: EnrichedArticle) -> Mapping[str, Any]:
    """`entities`, and the names of people, organisations and events, the most salient first."""
    if not article.body.strip():
        raise NothingToDo("no text")
    language = (article.language or "und").partition("-")[0]
    reading = Reading.of(words(article.body), language)
    found = settle(article.body[:READ], reading, found_in(article.body[:READ], reading))
    entities = merged(article.headline, article.body, found, language)
    return {"entities": entities, **_lists(entities)}


def found_in(text: str, reading: Reading) -> Iterator[Found]:
    """What the model of the language, if there is one, and the rules find; finds may overlap."""
    model = MODELS[reading.language] if reading.language in usable() else None
    if model:
        yield from model.names(text)
        yield from (each for each in names(reading) if each.rule not in model.KNOWN_BETTER)
    elif reading.language in trained.LEAST:
        found = trained.names(reading.words, reading.language)
        yield from (each for each in found if not _is_word(text[each.start : each.end], each))
        better = trained.KNOWN_BETTER.get(reading.language, frozenset())
        yield from (each for each in names(reading)
                    if each.rule not in better or text[each.start : each.end].endswith("ministerium"))  # fmt: skip
    else:
        yield from names(reading)


def _is_word(name: str, each: Found) -> bool:
    """A place that is called like a common word: the rules look at what stands before it."""
    known = gazetteer.places(name) if each.kind == "place" else []
    return bool(known) and bool(known[0].flags & gazetteer.WORD)


def _lists(entities: list[Entity]) -> dict[str, tuple[str, ...]]:
    return {
        field: tuple(dict.fromkeys(entity.name for entity in entities if entity.kind == kind))
        for kind, field in _LISTS.items()
    }


def _load() -> None:
    gazetteer.load()
    trained.load()
    for language in usable():
        MODELS[language].load()


STEP: Final = Step(
    "entities",
    version(),
    frozenset({"entities", "people", "organisations", "events"}),
    find,
    uses=("language",),
    cost=25.0 if usable() else 6.0,
    better_with=english.PACKAGES + russian.PACKAGES,
    load=_load,
)
