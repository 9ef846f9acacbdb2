"""Numbers as each language writes them: "1,234.5", "1.234,5", "1 234,5", "2.5bn", "пів мільйона". Pure."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_SPACES: Final = "\u0020\u00a0\u2009\u202f"
DIGITS: Final = re.compile(
    rf"(?<![\w.,])(?<![^\W\d_][-–—/#])(?<![0-9][:/])[0-9]{{1,15}}+"
    rf"(?:[{_SPACES}'’][0-9]{{3}}(?![0-9])){{0,5}}+(?:[.,][0-9]{{1,9}}){{0,5}}+[½¼¾]?+(?![0-9]|[:/][0-9])"
)
"""Not the parts of a time ("2:25:16 hours"), of a score or of a fraction ("1/2")."""
_FRACTIONS: Final = {"½": 0.5, "¼": 0.25, "¾": 0.75}
POINT_GROUPS: Final = frozenset({"de", "es", "it", "pt", "nl", "pl", "tr", "da", "id"})
"""Languages in which "1.234" is more than a thousand."""
COMMA_GROUPS: Final = frozenset({"en", "zh", "ja", "ko", "he", "th", "hi"})
_GROUP: Final = 3

_K, _M, _B, _T = 1e3, 1e6, 1e9, 1e12
_MULTIPLIERS: Final[dict[str, dict[str, float]]] = {
    "en": {"k": _K, "thousand": _K, "thousands": _K, "m": _M, "mn": _M, "mln": _M, "mil": _M, "million": _M,
           "millions": _M, "b": _B, "bn": _B, "bln": _B, "billion": _B, "billions": _B, "tn": _T, "trn": _T,
           "trillion": _T, "trillions": _T, "hundred": 1e2, "dozen": 12.0, "lakh": 1e5, "lakhs": 1e5, "crore": 1e7,
           "crores": 1e7},
    "uk": {"тис": _K, "тисяч*": _K, "млн": _M, "мільйон*": _M, "млрд": _B, "мільярд*": _B, "трлн": _T,
           "трильйон*": _T},
    "ru": {"тыс": _K, "тысяч*": _K, "млн": _M, "миллион*": _M, "млрд": _B, "миллиард*": _B, "трлн": _T,
           "триллион*": _T},
    "de": {"tsd": _K, "tausend": _K, "mio": _M, "million*": _M, "mrd": _B, "milliarde*": _B, "bio": _T,
           "billion*": _T},
    "fr": {"mille": _K, "million*": _M, "milliard*": _B, "md": _B, "mds": _B, "m": _M, "billion*": _T},
    "es": {"mil": _K, "millón": _M, "millones": _M, "mill": _M, "billón": _T, "billones": _T},
    "pl": {"tys": _K, "tysiąc*": _K, "tysięcy": _K, "mln": _M, "milion*": _M, "mld": _B, "miliard*": _B, "bln": _T,
           "bilion*": _T},
}  # fmt: skip
_WORDS: Final[dict[str, str]] = {
    "en": "half_a=0.5 a=1 one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 "
    "twenty=20 thirty=30 forty=40 fifty=50",
    "uk": "пів=0.5 півтора=1.5 півтори=1.5 один=1 одна=1 одну=1 два=2 дві=2 двох=2 три=3 трьох=3 чотири=4 чотирьох=4 "
    "п'ять=5 п’ять=5 шість=6 сім=7 вісім=8 дев'ять=9 дев’ять=9 десять=10 двадцять=20 тридцять=30 сорок=40 "
    "п'ятдесят=50 сто=100 півмільйона=500000 півмільярда=500000000",
    "ru": "полмиллиона=500000 полмиллиарда=500000000 "
    "пол=0.5 полтора=1.5 полторы=1.5 один=1 одна=1 одну=1 два=2 две=2 двух=2 три=3 трех=3 трёх=3 четыре=4 пять=5 "
    "шесть=6 семь=7 восемь=8 девять=9 десять=10 двадцать=20 тридцать=30 сорок=40 пятьдесят=50 сто=100",
    "de": "eine_halbe=0.5 anderthalb=1.5 ein=1 eine=1 einer=1 zwei=2 drei=3 vier=4 fünf=5 sechs=6 sieben=7 acht=8 "
    "neun=9 zehn=10 elf=11 zwölf=12 zwanzig=20 dreißig=30 vierzig=40 fünfzig=50 hundert=100",
    "fr": "un_demi=0.5 un=1 une=1 deux=2 trois=3 quatre=4 cinq=5 six=6 sept=7 huit=8 neuf=9 dix=10 onze=11 douze=12 "
    "vingt=20 trente=30 quarante=40 cinquante=50 cent=100",
    "es": "medio=0.5 un=1 una=1 dos=2 tres=3 cuatro=4 cinco=5 seis=6 siete=7 ocho=8 nueve=9 diez=10 once=11 doce=12 "
    "veinte=20 treinta=30 cuarenta=40 cincuenta=50 cien=100",
    "pl": "pół=0.5 półtora=1.5 jeden=1 jedna=1 dwa=2 dwie=2 dwóch=2 trzy=3 trzech=3 cztery=4 czterech=4 pięć=5 sześć=6 "
    "siedem=7 osiem=8 dziewięć=9 dziesięć=10 dwadzieścia=20 trzydzieści=30 czterdzieści=40 pięćdziesiąt=50 sto=100",
}
LANGUAGES: Final = frozenset(_MULTIPLIERS)


SIGNS_AFTER: Final = "€$£¥₴₽"
_AFTER_LETTER: Final = frozenset(SIGNS_AFTER)
"""After a letter that stands apart from its number: "20 M€"."""
_ALWAYS_DOTTED: Final = frozenset({"mio", "mrd", "tsd", "bio", "тис", "тыс"})


class Number(NamedTuple):
    """A number in the text, with its multiplier; `spelled`: in words, which count only before a unit."""

    value: float
    start: int
    end: int
    spelled: bool = False
    multiplied: bool = False


class Stems:
    """Words by themselves or, with a star, by their beginning. Looking one up takes its length's time."""

    def __init__(self, table: dict[str, float] | dict[str, str]) -> None:
        self.whole = {key: value for key, value in table.items() if not key.endswith("*")}
        self.begun = {key[:-1]: value for key, value in table.items() if key.endswith("*")}

    def get(self, word: str) -> float | str | None:
        """The value of a word in lower case; of several beginnings, of the longest."""
        if word in self.whole:
            return self.whole[word]
        return next((self.begun[word[:n]] for n in range(min(len(word), 20), 1, -1) if word[:n] in self.begun), None)


_STEMS: Final = {language: Stems(table) for language, table in _MULTIPLIERS.items()}
SPELLED: Final = {
    language: {
        word.replace("_", " "): float(value) for word, _, value in (pair.partition("=") for pair in line.split())
    }
    for language, line in _WORDS.items()
}
_A: Final = r"a(?=\s(?:hundred|thousand|million|billion|trillion|dozen))"
"""An article, and a number before these alone."""
_SPELLED_AT: Final = {
    language: re.compile(
        rf"(?<![\w'’-])(?:{'|'.join(_A if word == 'a' else re.escape(word) for word in sorted(words, key=len)[::-1])})"
        r"(?![\w'’-])",
        re.IGNORECASE,
    )
    for language, words in SPELLED.items()
}
NEXT: Final = re.compile(rf"(?:[{_SPACES}]|-(?=\w{{3}}))?([^\W\d_]+(?:['’][^\W\d_]+)?)\.?")
"""The word after a number: "2.5bn", "2 млрд", "10-kilometre"."""


def value(text: str, language: str) -> float | None:
    """The value of digits with their separators; None for what is no number ("1.2.3", an address, a version)."""
    if part := _FRACTIONS.get(text[-1]):
        whole = value(text[:-1], language)
        return None if whole is None else whole + part
    plain = re.sub(rf"[{_SPACES}'’]", "", text)
    marks = [char for char in plain if char in ".,"]
    if not marks:
        return float(plain)
    last = marks[-1]
    if len(set(marks)) == 2:  # noqa: PLR2004 - both: the last one is the decimal mark
        first = marks[0]
        return float(plain.replace(first, "").replace(last, ".")) if marks.count(last) == 1 else None
    groups = re.split("[.,]", plain)
    grouped = 1 <= len(groups[0]) <= _GROUP and groups[0] != "0" and all(len(each) == _GROUP for each in groups[1:])
    if len(marks) > 1:
        return float("".join(groups)) if grouped else None
    if grouped and (language in COMMA_GROUPS if last == "," else language in POINT_GROUPS) and len(plain) == len(text):
        return float("".join(groups))
    return float(plain.replace(",", "."))


def numbers(text: str, language: str) -> Iterator[Number]:
    """Numbers with their multipliers, in their order."""
    found = [Number(known, each.start(), each.end()) for each in DIGITS.finditer(text)
             if (known := value(each.group(), language)) is not None]  # fmt: skip
    if spelled := _SPELLED_AT.get(language):
        found += [Number(SPELLED[language][each.group().lower()], each.start(), each.end(), spelled=True)
                  for each in spelled.finditer(text)]  # fmt: skip
    found += _bare(text, language, {each.end for each in found})
    for each in sorted(found, key=lambda number: (number.start, -number.end)):
        yield _multiplied(text, each, language)


def _bare(text: str, language: str, taken: set[int]) -> list[Number]:
    """Multipliers without a number: "мільйон доларів". Of more than one ("millions of dollars") nobody knows."""
    one = {
        "uk": r"мільйон|мільярд|тисяча|тисячу",
        "ru": r"миллион|миллиард|тысяча|тысячу",
        "pl": r"milion|miliard|tysiąc",
    }
    if language not in one:
        return []
    words = re.finditer(rf"(?<!\w)(?:{one[language]})(?!\w)", text, re.IGNORECASE)
    return [Number(1.0, each.start(), each.start(), spelled=True) for each in words
            if not {each.start(), each.start() - 1} & taken]  # fmt: skip


def _multiplied(text: str, number: Number, language: str) -> Number:
    """With the one or two multipliers after it ("mil millones")."""
    stems = _STEMS.get(language)
    total, end = number.value, number.end
    for _ in range(2):
        word = NEXT.match(text, end)
        factor = stems.get(word.group(1).lower()) if word and stems else None
        if word is None or not isinstance(factor, float):
            break
        letter_apart = len(word.group(1)) == 1 and word.group()[0].isspace()
        if letter_apart and text[word.end() : word.end() + 1] not in _AFTER_LETTER:  # "5 m" are metres, "5m" millions
            break
        total, end = total * factor, word.end() if _dotted(text, word) else word.end(1)
    total = round(total, 6)
    return number._replace(value=total, end=end, multiplied=end > number.end)


def _dotted(text: str, word: re.Match[str]) -> bool:
    """Whether the stop after a word is its own ("тис. грн", "Mio. Euro"), not the sentence's."""
    following = text[word.end() : word.end() + 2].strip()[:1]
    if not word.group().endswith(".") or not following:
        return False
    return following.islower() or following in SIGNS_AFTER or word.group(1).lower() in _ALWAYS_DOTTED
