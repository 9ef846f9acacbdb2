"""The name that a form in a text is of: without case endings, possessives and line breaks."""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Final

from services.enrich.names import gazetteer
from shared.contracts.enriched import EntityKind

_ENDINGS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "uk": (
        ("ського", "ський"), ("ському", "ський"), ("ським", "ський"), ("ської", "ська"), ("ській", "ська"),
        ("ською", "ська"), ("ську", "ська"), ("цького", "цький"), ("цькому", "цький"), ("цьким", "цький"),
        ("енка", "енко"), ("енку", "енко"), ("енкові", "енко"), ("енком", "енко"), ("чука", "чук"), ("чуку", "чук"),
        ("чуком", "чук"), ("ова", "ов"), ("ову", "ов"), ("овим", "ов"), ("ові", ""), ("ем", ""), ("ом", ""),
    ),
    "ru": (
        ("ского", "ский"), ("скому", "ский"), ("ским", "ский"), ("ской", "ская"), ("скую", "ская"), ("цкого", "цкий"),
        ("цкому", "цкий"), ("цким", "цкий"), ("ову", "ов"), ("овым", "ов"), ("овой", "ова"), ("еву", "ев"),
        ("евым", "ев"), ("евой", "ева"), ("ину", "ин"), ("иным", "ин"), ("иной", "ина"), ("ом", ""),
    ),
    "pl": (
        ("skiego", "ski"), ("skiemu", "ski"), ("skim", "ski"), ("skiej", "ska"), ("ską", "ska"), ("ckiego", "cki"),
        ("ckiemu", "cki"), ("ckim", "cki"), ("wicza", "wicz"), ("wiczem", "wicz"), ("wiczowi", "wicz"), ("owi", ""),
        ("em", ""),
    ),
}  # fmt: skip
"""Endings of surnames in the cases, where no dictionary has the name."""
_CASES: Final[dict[str, tuple[tuple[str, tuple[str, ...]], ...]]] = {
    "uk": (("ою", ("а",)), ("ом", ("", "о")), ("ем", ("ь",)), ("у", ("", "а", "о")), ("і", ("а", "", "о")),
           ("и", ("а",)), ("а", ("",)), ("я", ("ь",))),
    "ru": (("ой", ("а",)), ("ом", ("", "о")), ("ем", ("ь",)), ("у", ("", "а", "о")), ("е", ("а", "", "о")),
           ("ы", ("а",)), ("и", ("а", "ь")), ("а", ("",)), ("я", ("ь",))),
    "pl": (("ą", ("a",)), ("em", ("", "o")), ("iem", ("",)), ("u", ("", "o")), ("ie", ("", "o", "a")), ("y", ("a",)),
           ("i", ("a",)), ("rze", ("ra",)), ("a", ("",))),
}  # fmt: skip
"""Endings of places in the cases, and those of the nominative."""
_ADJECTIVES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "uk": {"ого": ("ий", "е"), "ому": ("ий", "е"), "ої": ("а",), "ій": ("а",), "ою": ("а",), "им": ("ий", "е"),
           "их": ("і",), "у": ("а",)},
    "ru": {"ого": ("ый", "ий", "ое"), "ому": ("ый", "ий", "ое"), "его": ("ий", "ее"), "ем": ("ий", "ее"),
           "ом": ("ый", "ий", "ое"), "ой": ("ая",), "ую": ("ая",), "ым": ("ый", "ое"), "им": ("ий", "ее"),
           "ых": ("ые",), "их": ("ие",)},
    "pl": {"ego": ("y", "i", "e"), "emu": ("y", "i", "e"), "ej": ("a",), "ą": ("a",), "ym": ("y", "e"),
           "im": ("i", "ie"), "ich": ("ie",), "ych": ("e",)},
}  # fmt: skip
"""Endings of adjectives in the cases, and those of the nominative."""
_GENITIVES: Final = {"pl": {"Niemiec": "Niemcy", "Włoch": "Włochy", "Czech": "Czechy"}}
"""Countries that lose their ending, so that they look like one of their people."""
_HERS: Final = re.compile(r"(?:[ая]|Любов|Любовь|Нинель|Адель|Рахіль)\Z")
_HER_SURNAME: Final = {
    "uk": ("ова", "ева", "єва", "іна", "їна", "ина", "ська", "цька"),
    "ru": ("ова", "ева", "ёва", "ина", "ская", "цкая"),
}
_UKRAINIAN: Final = {"Петр": "Петро", "Павел": "Павло", "Кирилл": "Кирило", "Даниил": "Данило"}
"""Given names that have their cases in common with a Russian one."""
_NEUTER: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "uk": (("ства", "ство"), ("ству", "ство"), ("ством", "ство"), ("стві", "ство"), ("рсті", "рсть")),
    "ru": (("ства", "ство"), ("ству", "ство"), ("ством", "ство"), ("стве", "ство")),
    "pl": (("stwa", "stwo"), ("stwu", "stwo"), ("stwem", "stwo"), ("stwie", "stwo")),
}
LONGEST_NAME: Final = 120
"""Letters; no place has a name so long, and what is longer is not to be remembered."""
_LONG: Final = 5
"""Letters of a name whose ending may be taken off."""
_SURE: Final = 4
"""Letters of an ending that no nominative has."""


INFLECTED: Final = frozenset(_ENDINGS)
"""Languages whose names have cases."""


def plain(text: str) -> str:
    """One line, with straight apostrophes, as names stand in the gazetteer."""
    return " ".join(text.split()).replace("’", "'").replace("ʼ", "'")


def place_form(text: str, language: str) -> str:
    """The form of a text that the gazetteer may have: it knows cases; capitals throughout are a headline's."""
    name = plain(text)
    if gazetteer.is_place(name):
        return name
    if name.isupper() and len(name) > 4:  # noqa: PLR2004 - "KYIV", but not "USA"
        return name.title()
    if language == "de" and name.endswith("s") and gazetteer.is_place(name[:-1]):
        return name[:-1]
    genitive = _GENITIVES.get(language, {}).get(name)
    return genitive or gazetteer.lemma(name, language) or _city(name, language) or _town(name, language) or name


def places_called(text: str, language: str) -> Sequence[gazetteer.Known]:
    """The places that a text may be the name of."""
    return _places_called(text, language) if len(text) <= LONGEST_NAME else ()


@lru_cache(1_024)
def _places_called(text: str, language: str) -> Sequence[gazetteer.Known]:
    """Rules ask three times in a row; two in three are remembered."""
    return tuple(gazetteer.places(place_form(text, language)))


def _city(name: str, language: str) -> str | None:
    """A place by other endings than the text has, where the dictionary lacks it: "Алма-Ате" is "Алма-Ата"."""
    for ending, nominatives in _CASES.get(language, ()) if len(name) >= _LONG else ():
        if name.endswith(ending):
            for nominative in nominatives:
                if gazetteer.is_place(name[: len(name) - len(ending)] + nominative):
                    return name[: len(name) - len(ending)] + nominative
    return None


def _town(name: str, language: str) -> str | None:
    """A place of an adjective and a noun that both have a case: "Білій Церкві" is "Біла Церква"."""
    adjective, _, noun = name.partition(" ")
    endings = _ADJECTIVES.get(language, {}) if len(noun) >= _SURE and noun[0].isupper() else {}
    for ending, nominatives in endings.items():
        if adjective.endswith(ending):
            for begun in (adjective[: -len(ending)] + nominative for nominative in nominatives):
                if place := _declined(begun, noun, language):
                    return place
    return None


def _declined(adjective: str, noun: str, language: str) -> str | None:
    """The place that is called so with the noun as it is, or in the nominative."""
    forms = [noun, *(noun[: len(noun) - len(ending)] + nominative for ending, nominatives in _CASES[language]
                     if noun.endswith(ending) for nominative in nominatives)]  # fmt: skip
    return next((name for form in forms if gazetteer.is_place(name := f"{adjective} {form}")), None)


def nominative(name: str, names: Collection[str], language: str) -> str:
    """A German name without the ending of its genitive, where the text has it without: "Liverpools Trainer"."""
    return name[:-1] if language == "de" and name.endswith("s") and name[:-1] in names else name


def name_of(text: str, kind: EntityKind, language: str) -> str:
    """The name itself: "Києві" is "Київ", "Зеленського" is "Зеленський"."""
    name = plain(text)
    if name.endswith(("'s", "s'")) and language == "en":
        name = name[:-2] if name.endswith("'s") else name[:-1]
    if language not in _ENDINGS:
        return place_form(name, language) if kind == "place" else name
    if kind in {"organisation", "event"}:
        return _body(name, language)
    if kind == "place":
        return gazetteer.lemma(name, language) or place_form(name, language)
    return _of_her(name.split(), language) or " ".join(_word(word, kind, language) for word in name.split())


def _of_her(words: Sequence[str], language: str) -> str | None:
    """A woman's name in the nominative, whose surname is a man's genitive too: "Любов Орлова"."""
    known = gazetteer.person(words[0]) if len(words) > 1 else None
    if known and known[0] & gazetteer.GIVEN and known[1] == words[0] and _HERS.search(words[0]):
        return " ".join(words) if words[-1].endswith(_HER_SURNAME.get(language, ())) else None
    return None


def _body(name: str, language: str) -> str:
    """A body or meeting with its first word in the nominative: "Міністерстві оборони" is "Міністерство оборони"."""
    first, _, rest = name.partition(" ")
    for ending, nominative in _NEUTER.get(language, ()):
        if first.endswith(ending):
            return " ".join(part for part in (first[: -len(ending)] + nominative, rest) if part)
    return name


def _word(word: str, kind: EntityKind, language: str) -> str:
    """A word of a name in the nominative."""
    if kind == "person":
        known = gazetteer.person(word)
        if known:
            return _UKRAINIAN.get(known[1], known[1]) if language == "uk" else known[1]
    lemma = gazetteer.lemma(word, language)
    if lemma:
        return lemma
    return _surname(word, language) if kind == "person" else word


def _surname(word: str, language: str) -> str:
    for ending, nominative in _ENDINGS[language]:
        if len(ending) >= _SURE and word.endswith(ending):
            return word[: -len(ending)] + nominative
    return word
