"""Numbers with what they count: money, percentages, quantities, and ranges of them. Pure; linear."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from services.enrich.steps.amounts.numbers import LANGUAGES as MULTIPLIED
from services.enrich.steps.amounts.numbers import Number, Stems, numbers
from services.enrich.steps.amounts.units import CODES, MONEY, NO_UNITS, PERCENT, SIGNS, UNITS
from shared.contracts.enriched import Amount, AmountKind

_BEFORE: Final = re.compile(r"((?:US|A|AU|C|CA|HK|NZ|S|R)?[$€£¥₴₽₹₩₺₪]|(?<![A-Z])[A-Z]{3}(?=\s))\s?$")
_SIGN: Final = re.compile(r"\s?([€$£¥₴₽₹₩₺₪₸₾]|zł\b|Kč\b|%|‰)")
_CODE: Final = re.compile(r"\s?([A-Z]{3})(?!\w)")
_SYMBOL: Final = re.compile(r"\s?(km/h|км/год|км/ч|°\s?[CF]|[kкmм][mм]?[²³])", re.IGNORECASE)
_WORD: Final = re.compile(r"(?:[ \u00a0\u202f]|-(?=\w{3}))([^\W\d_][\w-]*)\.?")
_AND: Final = re.compile(r"\s(?:and|і|и|und|et|y|i)\s")
_TO: Final = re.compile(r"\s?[-–—]\s?|\s(?:to|до|bis|à|a|do)\s")
_FROM: Final = re.compile(r"(?:between|zwischen|entre|między|між|между)\s$", re.IGNORECASE)
_GLUED: Final = re.compile(r"([^\W\d_]+)(?![\w])")
_OF: Final = re.compile(r"\s(?:d[e'’]|of)\s?", re.IGNORECASE)
"""Between a multiplier and its unit: "millones de euros", "millions d'euros"."""
_MINUS: Final = re.compile(r"(?:(?<![^\s(])[-−–]|(?<!\w)(?:minus|мінус|минус)\s)\Z", re.IGNORECASE)
"""Before a number below zero; a hyphen after a word or number is none."""
_BELOW: Final = re.compile(
    r"\s(?:below zero|unter null|нижче нуля|морозу|ниже нуля|мороза|sous zéro|en dessous de zéro|bajo cero|"
    r"poniżej zera|mrozu)(?!\w)", re.IGNORECASE,
)  # fmt: skip
"""After degrees that are below zero."""
_CASED: Final = frozenset("gmlгмлт")
"""Units of one letter that is written small: "5G" are no grams."""
_CURRENCIES: Final = "$€£¥₴₽₹₩₺₪"
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_CLOCK: Final = re.compile(r"[0-9]{1,2}[.:][0-9]{2}")
_AT: Final = re.compile(r"(?:à|las|um|о|об|в)\s$", re.IGNORECASE)
"""Before the hour of a clock, which is no number of hours."""
LOOK_BACK: Final = 12
LONGEST_BETWEEN: Final = 6
"""Characters before the first number of a range, and between the two."""
LONGEST_NAME: Final = 3
"""Words of a unit's name."""


class Unit(NamedTuple):
    """What a number counts; `end`: where its name ends."""

    kind: AmountKind
    symbol: str
    end: int
    rule: str


def measures(text: str, language: str) -> Iterator[Amount]:
    """Amounts in their order; numbers that count nothing we know are none."""
    found = _summed(text, list(numbers(text, language)))
    place = taken = 0
    while place < len(found):
        low, high = found[place], _upper(text, found, place)
        unit = _unit(text, high or low, language)
        sign = _sign_before(text, low.start)
        if sign and sign[1] < taken:  # that of the number before it
            sign = None
        if high and not (unit or sign):  # "between 5 and 10 km" is one; "5 km to 10" is two
            high = None
        place += 2 if high else 1
        if amount := _counted(text, (low, high), unit, sign, language):
            taken = amount.end
            yield amount


def _counted(
    text: str, range_: tuple[Number, Number | None], unit: Unit | None, sign: tuple[str, int] | None, language: str
) -> Amount | None:
    """What a number counts, by the sign before it or by what follows; None: nothing we know."""
    low, high = range_
    if sign and (unit is None or unit.kind != "percent"):
        money = Unit("money", sign[0], (high or low).end, "sign-before")
        unread = _unread(text, high or low, language)
        return None if unread else _amount(text, _in_dollars(text, low), high, money, sign[1])
    if unit and not _counts_nothing(text, low, unit):
        return _signed(text, _amount(text, low, high, unit, low.start))
    return None


def _summed(text: str, found: list[Number]) -> list[Number]:
    """Numbers whose parts stand side by side as one: "12 млн 500 тис." is 12.5 million."""
    kept: list[Number] = []
    for number in found:
        last = kept[-1] if kept else None
        if (last and last.multiplied and number.multiplied and number.value * _plain(text, last) < last.value
                and last.end < number.start and not text[last.end : number.start].strip()):  # fmt: skip
            kept[-1] = last._replace(value=last.value + number.value, end=number.end)
        else:
            kept.append(number)
    return kept


def _unread(text: str, number: Number, language: str) -> bool:
    """Whether a word follows that may be a multiplier, in a language whose multipliers nobody wrote down."""
    return language not in MULTIPLIED and bool(_WORD.match(text, number.end) or _GLUED.match(text, number.end))


def _in_dollars(text: str, number: Number) -> Number:
    """With commas between thousands, also in a language that writes points there: "$5,000" is no five dollars."""
    written = text[number.start : number.end]
    if not number.multiplied and _GROUPED.fullmatch(written):
        return number._replace(value=float(written.replace(",", "")))
    return number


def _signed(text: str, amount: Amount) -> Amount:
    """Below zero, where a sign or a word says so, of degrees and percent."""
    if amount.unit not in {"%", "pp", "°C", "°F"} or amount.value is None or amount.upper is not None:
        return amount
    minus = _MINUS.search(text, max(0, amount.start - LOOK_BACK), amount.start)
    below = _BELOW.match(text, amount.end) if amount.unit[0] == "°" else None
    if not (minus or below):
        return amount
    start, end = minus.start() if minus else amount.start, below.end() if below else amount.end
    found = {"start": start, "end": end, "raw": text[start:end], "value": -amount.value}
    return amount.model_copy(update=found | {"rule": f"{amount.rule}-minus"})


def _counts_nothing(text: str, number: Number, unit: Unit) -> bool:
    """An article with a unit ("a metre"), and the time of day ("a las 22.30 horas", "à 6 heures")."""
    if unit.kind != "quantity":
        return False
    before = text[max(0, number.start - LOOK_BACK) : number.start]
    clock = _CLOCK.fullmatch(text[number.start : number.end]) or _AT.search(before)
    return (number.spelled and number.value <= 1) or (unit.symbol == "h" and clock is not None)


def _amount(text: str, low: Number, high: Number | None, unit: Unit, start: int) -> Amount:
    value, upper = low.value, high.value if high else None
    if high and high.multiplied and not low.multiplied and low.value < high.value:
        value = low.value * high.value / (_plain(text, high) or 1.0)  # "2-3 million": the multiplier is of both
    return Amount(kind=unit.kind, raw=text[start : unit.end], start=start, end=unit.end, value=round(value, 6),
                  upper=upper, unit=unit.symbol, rule=unit.rule + ("-range" if high else ""))  # fmt: skip


def _plain(text: str, number: Number) -> float:
    """The number without its multiplier."""
    digits = re.match(r"[0-9]+(?:[.,][0-9]+)?", text[number.start : number.end])
    return float(digits.group().replace(",", ".")) if digits else number.value


def _upper(text: str, found: list[Number], place: int) -> Number | None:
    """The number after this one when both are the ends of a range."""
    if place + 1 >= len(found):
        return None
    low, high = found[place], found[place + 1]
    between = text[low.end : high.start]
    if high.multiplied and not low.multiplied:
        between = between.rstrip(_CURRENCIES)  # "$5 to $6 million"
    if len(between) > LONGEST_BETWEEN or (high.value <= low.value and not high.multiplied):
        return None
    opened = _FROM.search(text[max(0, low.start - LOOK_BACK) : low.start].rstrip(_CURRENCIES))
    return high if _TO.fullmatch(between) or (opened and _AND.fullmatch(between)) else None


def _sign_before(text: str, start: int) -> tuple[str, int] | None:
    """The currency before a number, and where its sign starts."""
    from_ = max(0, start - 5)
    found = _BEFORE.search(text[from_:start])
    if found is None:
        return None
    code = SIGNS.get(found.group(1)) or (found.group(1) if found.group(1) in CODES else None)
    return (code, from_ + found.start()) if code else None


def _unit(text: str, number: Number, language: str) -> Unit | None:
    """The unit after a number: a sign, a code or a word."""
    at = number.end
    if sign := _SIGN.match(text, at):
        known = sign.group(1)
        if known in "%‰":
            return Unit("percent", known, sign.end(), "sign")
        return Unit("money", SIGNS[known], sign.end(), "sign-after")
    if (code := _CODE.match(text, at)) and code.group(1) in CODES:
        return Unit("money", "CNY" if code.group(1) == "RMB" else code.group(1), code.end(), "code")
    if symbol := _SYMBOL.match(text, at):
        known = NO_UNITS.get(symbol.group(1).lower().replace(" ", ""))
        return Unit("quantity", str(known), symbol.end(), "symbol") if known else None
    of = _OF.match(text, at) if number.multiplied else None
    if of and text[of.end() - 1] == " ":
        return _named(text, of.end() - 1, language)
    return _named(text, of.end(), language, glued=True) if of else _named(text, at, language, glued=not number.spelled)


def _named(text: str, at: int, language: str, *, glued: bool = False) -> Unit | None:
    """The unit whose name, of at most three words, starts at `at`; the longest name that is known."""
    words: list[str] = []
    ends: list[int] = []
    first = _GLUED.match(text, at) if glued else None
    if first:
        words.append(first.group(1).lower())
        ends.append(first.end(1))
        at = first.end(1)
    while len(words) < LONGEST_NAME and (word := _WORD.match(text, at)):
        words.append(word.group(1).lower())
        ends.append(word.end(1))
        at = word.end() if word.group().endswith(".") else word.end(1)
    for count in range(len(words), 0, -1):
        if unit := _known(text, " ".join(words[:count]), ends[count - 1], language, exact=count < 2):  # noqa: PLR2004
            return unit
    return None


_TABLES: Final[tuple[tuple[AmountKind, dict[str, Stems]], ...]] = (
    ("percent", PERCENT), ("money", MONEY), ("quantity", UNITS),
)  # fmt: skip


def _known(text: str, name: str, end: int, language: str, *, exact: bool) -> Unit | None:
    for kind, tables in _TABLES if name not in _CASED or text[end - 1] in _CASED else ():
        stems = tables.get(language)
        if stems is None:
            continue
        if exact or name in stems.whole:
            found = stems.get(name)
        else:  # a name of several words is known by all of them
            found = next((value for key, value in stems.begun.items() if " " in key and name.startswith(key)
                          and " " not in name[len(key) :]), None)  # fmt: skip
        if found:
            return Unit(kind, str(found), end, "word")
    return None
