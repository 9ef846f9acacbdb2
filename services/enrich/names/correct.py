"""What a model found, with the kind that head words, prepositions and the gazetteer know better."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from services.enrich.names import gazetteer
from services.enrich.names.bodies import NO_ACRONYM
from services.enrich.names.lexicon import matcher, plain
from services.enrich.names.normal import places_called
from services.enrich.names.reading import Reading
from services.enrich.names.text import Found
from shared.contracts.enriched import EntityKind

MODELS: Final = frozenset({"spacy"})
"""Rules whose finds are looked at again; our own have been, and slovnet's are better as they are (factRuEval)."""
_SAYS: Final = (["said"], ["told"])
_DESIGNATION: Final = re.compile(r"[A-Z]{1,4}-?\d")
""""F-86": a thing, whatever the model says."""
_ADJECTIVE: Final = re.compile(r"(?:ian|ean|ish|ese|can)s?\Z")
ACTS: Final = frozenset(["'s", "’s", "has", "have", "had", "will", "would", "and", "plans", "wants", "votes"])
""""China will ...", but not "China plates"."""
DAYS: Final = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march july september october november "
    "december montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar februar märz juni juli "
    "oktober dezember we've they've i've you've it's that's he's she's i'm you're we're they're don't".split()
)
"""Written with a capital, and nobody's name."""
POPULOUS: Final = 300_000
"""A city's name that is sure to be the city, when a model takes it for something else."""


def corrected(text: str, reading: Reading, found: Iterable[Found]) -> Iterator[Found]:
    """All finds, those of models as they should be, or not at all."""
    for each in found:
        name = text[each.start : each.end]
        if (name in NO_ACRONYM and each.kind == "organisation") or name.lower().replace("’", "'") in DAYS:
            continue
        better = _corrected(text, reading, each) if each.rule in MODELS else _without_title(text, reading, each)
        if better:
            yield _shouted(name, reading, better)


def _shouted(name: str, reading: Reading, each: Found) -> Found:
    """A place in the capitals of a dateline ("МОСКВА"), which models take for an organisation."""
    if each.rule != "slovnet" or each.kind == "place" or not (name.isupper() and len(name) > 4):  # noqa: PLR2004
        return each
    known = places_called(name, reading.language)
    large = bool(known) and known[0].population > POPULOUS
    return replace(each, kind="place", rule=f"{each.rule}, gazetteer") if large else each


def _corrected(text: str, reading: Reading, each: Found) -> Found | None:
    name = text[each.start : each.end]
    known = places_called(name, reading.language)
    if _is_nothing(text, reading, each, known):
        return None
    if by_head := _by_head(reading, each, name):
        return by_head
    if each.kind != "place" and (place := _as_place(text, reading, each, known)):
        return place
    return each if " " in name else _alone(each, name)


def _without_title(text: str, reading: Reading, each: Found) -> Found:
    """A person that our own model found, without "Kapitän" and "Selon" before the name."""
    start = each.start
    while each.rule == "crf" and each.kind == "person" and (gap := text.find(" ", start, each.end)) > start:
        word = text[start:gap]
        if not (matcher(reading.lexicon.titles).match(word) or word.lower() in plain(reading.lexicon.small)):
            break
        start = gap + 1
    return replace(each, start=start) if start > each.start else each


def _is_nothing(text: str, reading: Reading, each: Found, known: Sequence[gazetteer.Known]) -> bool:
    """A thing, an adjective, or a common word that opens a sentence."""
    name = text[each.start : each.end]
    if not any(char.isupper() for char in name) or (" " not in name and _is_no_name(name, each.kind)):
        return True
    if each.kind == "place" and not known and text[each.end : each.end + 8].split()[:1] in _SAYS:
        return True  # "Van der Leyen said": the rules know who speaks
    if each.kind in {"person", "place"} and any(_DESIGNATION.match(word) for word in name.split()):
        return True
    word = bool(known) and bool(known[0].flags & gazetteer.WORD)
    return word and each.kind == "place" and _opens(text, reading, each)


def _by_head(reading: Reading, each: Found, name: str) -> Found | None:
    """The kind that the last word says, in a language where it does."""
    lexicon, words = reading.lexicon, name.split()
    if len(words) < 2 or lexicon.head_first:  # noqa: PLR2004 - a head word by itself names nothing
        return None
    kinds: tuple[tuple[str, EntityKind], ...] = (
        (lexicon.meetings, "event"), (lexicon.grounds, "place"), (lexicon.bodies, "organisation"),
    )  # fmt: skip
    for heads, kind in kinds:
        if matcher(heads).match(words[-1]):
            return replace(each, kind=kind, confidence=0.88, rule=f"{each.rule}, head word")
    return None


def _as_place(text: str, reading: Reading, each: Found, known: Sequence[gazetteer.Known]) -> Found | None:
    """A place that the model takes for something else."""
    within, name = _within(text, reading, each), text[each.start : each.end]
    if known:
        other = " " in name and known[0].flags & gazetteer.OTHER  # "White House" is Casablanca too
        sure = not (known[0].doubtful or other) and (known[0].kind != "city" or known[0].population > POPULOUS)
        if sure or (within and not _more(text, each)):
            return replace(each, kind="place", confidence=0.86, rule=f"{each.rule}, gazetteer")
    elif within and " " not in name and reading.language == "en" and not name.isupper():
        return replace(each, kind="place", confidence=0.6, rule=f"{each.rule}, preposition")
    return None


def _within(text: str, reading: Reading, each: Found) -> bool:
    """Whether a preposition of places stands before."""
    before = re.findall(r"[^\W\d_]+(?=\s\Z)", text[max(0, each.start - 16) : each.start])
    return bool(before) and before[-1].lower() in plain(reading.lexicon.within)


def _opens(text: str, reading: Reading, each: Found) -> bool:
    """Whether it opens a sentence, and nothing after it says that it acts."""
    first = (
        each.start == 0
        or text[max(0, each.start - 4) : each.start].rstrip()[-1:] in {".", "!", "?", ""}
        or text[each.start - 1] == "\n"
    )
    after = text[each.end : each.end + 16].split()
    return first and not (after and after[0].strip(",") in plain(reading.lexicon.said) | ACTS)


def _more(text: str, each: Found) -> bool:
    return text[each.end : each.end + 2].strip()[:1].isupper()


def _is_no_name(word: str, kind: EntityKind) -> bool:
    """An adjective of a country ("Ukrainian"), or two names with a hyphen between ("Ukraine-NATO")."""
    if kind == "place" and _ADJECTIVE.search(word) and not gazetteer.is_place(word):
        return True
    parts = word.split("-")
    return len(parts) > 1 and all(part.isupper() or gazetteer.is_place(part) for part in parts)


def _alone(each: Found, name: str) -> Found | None:
    """A single word that the model names: it knows people by their whole names, and guesses at others."""
    person = gazetteer.person(name)
    if each.kind == "organisation" and person and not name.isupper():
        return replace(each, kind="person", confidence=0.5, rule=f"{each.rule}, family name")
    if each.kind == "person" and not person:
        return None if name.endswith("s") else replace(each, confidence=0.45)
    return each
