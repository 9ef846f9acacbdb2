"""One reading of a text out of what models and rules found: overlaps, kinds, and names that come again."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from services.enrich.names.correct import corrected
from services.enrich.names.normal import INFLECTED, name_of, nominative
from services.enrich.names.reading import Reading
from services.enrich.names.text import BY_HEAD, Found
from shared.contracts.enriched import EntityKind

AGAIN: Final = 0.7
"""Confidence of a name that was found elsewhere in the text."""
MANY: Final = 2_000
"""Finds that are weighed; the text of an article has fewer."""
NO_PARTICLES: Final = ("den ", "der ", "für ", "und ", "zu ", "zum ", "zur ")
"""Words of German after which any noun has a capital. "zu Guttenberg" is read by the model."""


def settle(text: str, reading: Reading, found: Iterable[Found]) -> list[Found]:
    """Finds that do not overlap, each with the kind that the whole text speaks for, in the order of the text."""
    named = _without_parts(list(corrected(text, reading, found)))
    kept = _apart(_to_their_ends(text, named))
    kept = _agreed(text, kept, reading.language)
    return _apart([*kept, *_again(text, reading, kept)])


def _without_parts(found: Sequence[Found]) -> list[Found]:
    """Without what a model found inside of a body: "Salamanca" of "Universidad de Salamanca"."""
    inside = {at for each in found if each.rule == f"organisation {BY_HEAD}" for at in range(each.start + 1, each.end)}
    return [each for each in found if each.rule != "crf" or each.start not in inside]


def _to_their_ends(text: str, found: Sequence[Found]) -> Iterator[Found]:
    """People as far as somebody read on over a particle: "Ann" of "Ann de la Croix"."""
    people = sorted((each for each in found if each.kind == "person"), key=lambda each: each.end)
    longest = {each.start: each for each in people}
    for each in found:
        more = longest.get(each.start, each)
        beyond = text[each.end + 1 : more.end] if each.kind == "person" else ""
        goes_on = beyond[:1].islower() and not beyond.startswith(NO_PARTICLES)
        yield replace(more, confidence=max(more.confidence, each.confidence)) if goes_on else each


def _apart(found: Iterable[Found]) -> list[Found]:
    """Of finds that overlap the surest, then the longest."""
    taken: list[Found] = []
    ends: dict[int, int] = {}
    for each in sorted(found, key=lambda each: (-each.confidence, each.start - each.end, each.start))[:MANY]:
        if not any(at in ends for at in range(each.start, each.end)):
            taken.append(each)
            ends.update(dict.fromkeys(range(each.start, each.end), 1))
    return sorted(taken, key=lambda each: each.start)


def _agreed(text: str, found: Sequence[Found], language: str) -> list[Found]:
    """The same name is the same thing: the kind that most finds have; a surname is of its person."""
    votes: dict[str, Counter[EntityKind]] = defaultdict(Counter)
    names = {text[each.start : each.end] for each in found}
    for each in found:
        votes[nominative(text[each.start : each.end], names, language)][each.kind] += each.confidence  # type: ignore[assignment]
    surnames = {name.split()[-1] for name, kinds in votes.items() if " " in name and _most(kinds) == "person"}
    agreed: list[Found] = []
    for each in found:
        name = nominative(text[each.start : each.end], names, language)
        kind = _most(votes[name])
        if name in surnames and kind != "place":
            kind = "person"
        agreed.append(each if kind == each.kind else replace(each, kind=kind))
    return agreed


def _most(kinds: Counter[EntityKind]) -> EntityKind:
    return max(kinds.items(), key=lambda item: item[1])[0]


def _again(text: str, reading: Reading, found: Sequence[Found]) -> Iterator[Found]:
    """Names that were found once, and people's surnames, wherever they stand with a capital, in any case."""
    known = _names(text, found)
    surnames = {name_of(name, "person", reading.language): each for name, each in known.items()
                if each.kind == "person" and " " not in name}  # fmt: skip
    words = reading.words
    capitals = [at for at, word in enumerate(words) if word.capital]
    for size in range(4, 0, -1):
        for at in (each for each in capitals if each + size <= len(words)):
            start, end = words[at].start, words[at + size - 1].end
            first = known.get(text[start:end])
            if first is None and size == 1 and reading.language in INFLECTED:
                first = surnames.get(name_of(words[at].text, "person", reading.language))
            if first is not None and (size > 1 or not words[at].first or first.kind != "organisation"):
                yield Found(start, end, first.kind, min(AGAIN, first.confidence), first.rule)


def _names(text: str, found: Iterable[Found]) -> dict[str, Found]:
    """Each name with its first find, and each surname with that of its person."""
    known: dict[str, Found] = {}
    for each in found:
        name = text[each.start : each.end]
        known.setdefault(name, each)
        if each.kind == "person" and " " in name and len(name.split()[-1]) > 2:  # noqa: PLR2004
            known.setdefault(name.split()[-1], each)
    return known
