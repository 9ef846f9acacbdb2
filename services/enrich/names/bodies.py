"""Organisations, meetings and grounds by the word that says what they are; acronyms."""

import re
from collections.abc import Iterator
from typing import Final

from services.enrich.names import gazetteer
from services.enrich.names.lexicon import matcher, plain
from services.enrich.names.normal import places_called
from services.enrich.names.placing import AND
from services.enrich.names.reading import Reading
from services.enrich.names.text import BY_HEAD, Found
from shared.contracts.enriched import EntityKind

MINISTRIES: Final = {
    "uk": "міністерств*", "ru": "министерств*", "pl": "ministerstw*", "fr": "ministère", "es": "ministerio",
}  # fmt: skip
"""Named by their field even where they are written small."""
FIELD_SMALL: Final = frozenset({"uk", "ru"})
"""Languages that write the field of a body small: "Служба безпеки України"."""
_GENITIVE: Final = re.compile(r"[а-яіїєґ]{2}(?:ої|их|ів|ії|ння|ти|ни|ки|рів|ой|ых|ции|ния|ны|ей|ого)\Z")
_GERMAN_ADJECTIVE: Final = re.compile(r"[a-zäöüß](?:e|en|er|es|em)\Z")
ADJECTIVE: Final = re.compile(
    r"(?:н|ов|ськ|цьк|ск|цк)(?:ий|ый|а|ая|е|ое|і|ие|ые|ого|ої|ой|ому|ій|им|ым|ою|их|ых|у|ую)\Z"
)
"""Ukrainian and Russian adjectives of what a body is for or of."""
_LATIN_NUMBER: Final = re.compile(r"[IVXLCDM]+\Z")
WITH_COUNTRY: Final = 0.86
"""Confidence of a body whose name ends in a country's, above that of the country by itself."""
NO_ACRONYM: Final = frozenset(
    "AD BC TV DVD CD PC OK AM PM ID DNA RNA HIV VAT GDP GPS PR IT AI UTC GMT EST CET ET PT BST CEO CFO CTO COO LED SUV "
    "CPU GPU USB HDMI IPO SMS PDF VPN DIY FAQ VIP NFT ETF LNG BMI PTSD ADHD ICU HR ADN TVA IVA PIB BIP PDG KI PKW LKW "
    "DNI ВВП ДНК ТВ ПДВ США РФ СМИ ЗМІ ДТП НДС ЖКХ ВИЧ ВІЛ СПИД ИИ ШІ ІІ ФЗ".split()
)
"""Capitals that name no organisation."""


def headed(reading: Reading, start: int, end: int) -> Iterator[Found]:
    """Organisations, events and grounds by the word that says so: "Defense Innovators Forum", "Banco Central"."""
    lexicon = reading.lexicon
    if end - start < 2 and reading.language != "de":  # noqa: PLR2004 - "the Bank" names none
        return
    kinds: tuple[tuple[str, EntityKind], ...] = (
        (lexicon.meetings, "event"), (lexicon.bodies, "organisation"), (lexicon.grounds, "place"),
    )  # fmt: skip
    for words, kind in kinds:
        at = _head(reading, start, end, words)
        if at is not None and (end - start > 1 or _names_alone(reading.words[at].text, kind)):
            first, last = _extent(reading, start, end, at)
            whole = reading.lexicon.head_first and last - first > 1 and _is_country(reading, last - 1)
            sure = WITH_COUNTRY if whole else 0.75
            yield reading.span(first, last, kind, sure, f"{kind} {BY_HEAD}")
            if last < end and reading.lexicon.head_first:
                yield from headed(reading, last, end)
            return


def _is_country(reading: Reading, at: int) -> bool:
    known = places_called(reading.words[at].text, reading.language)
    return bool(known) and known[0].kind == "country"


def _names_alone(word: str, kind: EntityKind) -> bool:
    """Whether a German word names something by itself: "Außenministerium", but no "Pressekonferenz"."""
    return word[1:].islower() and (kind != "event" or "-" in word)


def _head(reading: Reading, start: int, end: int, words: str) -> int | None:
    """Where the word that says what it is stands: the last such one in English, else the first."""
    matches = matcher(words)
    order = range(start, end) if reading.lexicon.head_first else range(end - 1, start - 1, -1)
    for at in order:
        if matches.match(reading.words[at].text) and reading.words[at].capital:
            return at
        if not reading.lexicon.head_first and not _may_follow(reading, at, start):
            return None
    return None


def _may_follow(reading: Reading, at: int, start: int) -> bool:
    """In English the head is last, or before "of": "Bank of England"."""
    joints = plain(reading.lexicon.joints)
    return any(reading.words[before].text.lower() in joints for before in range(start + 1, at + 1))


def _extent(reading: Reading, start: int, end: int, at: int) -> tuple[int, int]:
    if reading.language == "de":
        return _german_extent(reading, start, end, at)
    first = at
    while first > start and ADJECTIVE.search(reading.words[first - 1].text):
        first -= 1
    return (first, _next_body(reading, at, end)) if reading.lexicon.head_first else (start, end)


def _next_body(reading: Reading, at: int, end: int) -> int:
    """Where "and" leads from one body to another: "Tribunal Supremo | y el Ayuntamiento"; else the end."""
    heads, joints = matcher(f"{reading.lexicon.bodies} {reading.lexicon.meetings}"), plain(reading.lexicon.joints)
    for joint in range(at + 1, end - 1):
        if reading.words[joint].text.lower() in AND:
            after = joint + 1
            while after < end - 1 and reading.words[after].text.lower() in joints:
                after += 1
            if heads.match(reading.words[after].text):
                return joint
    return end


def _german_extent(reading: Reading, start: int, end: int, at: int) -> tuple[int, int]:
    """As in "Deutsche Bank" and "Universität Heidelberg": adjectives before, a place after. Any noun has a capital."""
    first, last = at, at + 1
    while (
        first > start and _GERMAN_ADJECTIVE.search(reading.words[first - 1].text) and reading.words[first - 1].capital
    ):
        first -= 1
    if last < end and gazetteer.is_place(reading.words[last].text):
        last += 1
    return first, last


def offices(reading: Reading) -> Iterator[Found]:
    """Ministries and meetings with their field, written small: "Міністерство оборони", "ministère de la Défense"."""
    if not reading.lexicon.head_first:
        return
    heads, meetings = matcher(MINISTRIES.get(reading.language, "")), matcher(reading.lexicon.meetings)
    for at, word in enumerate(reading.words):
        meeting = word.capital and meetings.match(word.text)
        body = word.capital and not word.first and reading.language in FIELD_SMALL
        named = heads.match(word.text) or (body and matcher(reading.lexicon.bodies).match(word.text))
        if meeting or named:
            stop = _office_end(reading, at + 1)
            if stop > at + 1:
                sure = WITH_COUNTRY if _is_country(reading, stop - 1) else 0.8
                yield reading.span(at, stop, "event" if meeting else "organisation", sure, "office with its field")


def _office_end(reading: Reading, at: int) -> int:
    """Up to four words on: joints, genitives and capitals, the last of them no joint."""
    stop = at
    joints = plain(reading.lexicon.joints)
    for index in range(at, _next_body(reading, at - 1, min(at + 4, len(reading.words)))):
        text = reading.words[index].text
        if (reading.words[index].capital and not reading.words[index].first) or _GENITIVE.search(text):
            stop = index + 1
        elif text.lower() not in joints:
            break
    return stop


def acronyms(reading: Reading, start: int, end: int) -> Iterator[Found]:
    """As "NATO" and "ОБСЄ": an organisation, when nothing else is known of it."""
    for at in range(start, end):
        word = reading.words[at]
        alone = end - start == 1 or not reading.words[max(start, at - 1)].acronym or at == start
        if word.acronym and alone and word.text not in NO_ACRONYM and not _LATIN_NUMBER.match(word.text):
            if gazetteer.is_place(word.text) or _shouted(reading, at) or _is_code(reading, at):
                continue
            yield reading.span(at, at + 1, "organisation", 0.6, "acronym")


def _shouted(reading: Reading, at: int) -> bool:
    """Whether the words around are written in capitals too, as in a headline."""
    near = [word.text for word in reading.words[max(0, at - 2) : at + 3] if len(word.text) > 2 and word.text.isalpha()]  # noqa: PLR2004
    return len(near) > 1 and all(text.isupper() for text in near)


def _is_code(reading: Reading, at: int) -> bool:
    """Part of a code: "CH-53", "MK 2"."""
    return any(
        reading.words[near].text.isdigit() or reading.words[near].text in "-/"
        for near in (at - 1, at + 1)
        if 0 <= near < len(reading.words)
    )
