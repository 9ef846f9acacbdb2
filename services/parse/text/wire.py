# ruff: noqa: RUF001 -- subjects are in the letters of their languages
"""Lines that news agencies put around their stories: headers, slugs, embargoes, notes to editors, ends, sign-offs.

Headers follow IPTC 7901 and ANPA 1312 as they look when a terminal has printed them.
"""

import re
from typing import Final, Literal, NamedTuple

from services.parse.text.marks import COUNTED, EMBARGO, ENDS, MORE, NOTES, RELEASE, REPORTED, SIGNOFF

Mark = Literal["header", "subject", "slug", "words", "release", "embargo", "note", "more", "end", "signoff", "initials"]

_LONGEST = 400
_SHORT = 60


_NOTE = re.compile(rf"\(?(?:{'|'.join(NOTES)})\b.{{0,4}}[: ].+")
_NOTE_MARK = re.compile(r"\(.+\)|[^\s:：]{3,30}(?: [^\s:：]{1,12}){0,3} ?[:：].+")
_PLACE = re.compile(
    r" in | à | en | em | a (?=[A-Z])| aus | z | w | i (?=[A-Z])|[,;] (?:writing|editing|édité|editado)", re.IGNORECASE
)
_INITIALS = re.compile(
    r"[a-zà-ž]{2,4}(?:/[a-zà-ž]{1,5}){1,4}/?\.?|dpa(?: [a-z0-9]{2,5}){2,6}|\[?[a-zA-Z]{2,4}\.?/[a-zA-Z]{2,4}\.?/?\]?"
)
_WORDS = re.compile(rf"\(?\d{{2,5}} (?:{'|'.join(COUNTED)})\)?")
_COUNT = re.compile(r", ?\d{2,5}$")
_SLUG = re.compile(
    r"(?:(?:BC|AM|PM|AP|HFR|ADV)-{1,2}[\w.'&-]{2,60}(?: [\w.'&-]{1,20}){0,3}"
    r"(?:, ?\d{1,2}(?:st|nd|rd|th) [Ll]d[\w-]{0,20})?(?:, ?\d{2,5})?)"
    r"|[A-Z][A-Z0-9]{1,20}(?:-[A-Z0-9]{1,20}){0,4}/[A-Z0-9 -]{0,30}(?: ?\([A-Z0-9 ,./&-]{2,60}\))?"
    r"|[^\W\d_]{2,20}(?:-[^\W_]{2,20}){2,6}(?:, ?[\w.]{1,12})?"
)
_HEADER = re.compile(
    r"ZCZC\b.{0,80}"
    r"|[A-Za-z]{0,5}\d{3,5}(?: [A-Za-z0-9/.:-]{1,14}){2,9}"
    r"|[rubfd] ?[a-z] ?[A-Za-z]{2}-[\w.&'-]{3,40}(?: \d\d-\d\d)?(?: \d{3,5})?"
)
_MAIL = re.compile(
    r"(?:from|to|cc|reply-to|sent|von|an|gesendet|de|à|para|da|a|od|do|від|кому|от|van|aan|från|till|kimden|kime) ?: "
    r".{0,200}@.{0,200}"
)
_SUBJECT: Final = ("subject: ", "betreff: ", "objet: ", "asunto: ", "oggetto: ", "assunto: ", "temat: ", "тема: ",
                   "onderwerp: ", "ämne: ", "konu: ", "předmět: ", "θέμα: ", "件名: ", "主题: ", "제목: ")  # fmt: skip
_BEGINNINGS: Final = frozenset(each[:2] for each in (*_SUBJECT, *EMBARGO, *SIGNOFF, *NOTES))
"""Two letters tell of most lines that they are none of these."""
_SENT = re.compile(r"(?:\d{6} [A-Z]{3,4} [A-Z]{3} \d{2})")
_PREFIX = re.compile(
    r"(?P<mark>(?:UPDATE|WRAPUP|LEAD|RPT|REFILE|CORRECTED|CORRECTION|CLARIFICATION|EXCLUSIVE|URGENT|FLASH|SNAP|REPEAT"
    r"|EILMELDUNG|KORREKTUR|BERICHTIGUNG|WDHLG?|ZUSAMMENFASSUNG|RECTIFICATIF|ACTUALIZA|AMPLIACIÓN|RPT-UPDATE|PILNE"
    r"|УТОЧНЕННЯ|ОНОВЛЕНО"
    r"|ВИПРАВЛЕНО|ОБНОВЛЕНО|УТОЧНЕНИЕ)(?: ?\d{1,2})?|\d{1,2}(?:st|nd|rd|th) L[dD](?:-Writethru)?)"
    r"(?: ?[-:\u2013\u2014/] ?|\. )(?=\S)"
)


class Wire(NamedTuple):
    """What an agency's line is. `rest`: what it says: the slug, the time of an embargo, the note, the names."""

    mark: Mark
    rest: str = ""


def wire_of(text: str) -> Wire | None:
    """Look at one line."""
    if len(text) > _LONGEST:
        return None
    lowered = text.casefold().replace("\u2019", "'")
    if len(text) <= _SHORT and (short := _of_short(text, lowered.strip(" *"))):
        return short
    if "@" in lowered and _MAIL.fullmatch(lowered):
        return Wire("header", text)
    bare = lowered.lstrip("([*+ ")
    return _of_beginning(text, lowered, bare) if bare[:2] in _BEGINNINGS else None


def _of_beginning(text: str, lowered: str, bare: str) -> Wire | None:
    if lowered.startswith(_SUBJECT):
        return Wire("subject", text.partition(": ")[2])
    if bare.startswith(EMBARGO):
        return Wire("embargo", _after(text, next(each for each in EMBARGO if bare.startswith(each))))
    if bare.startswith(SIGNOFF):
        return Wire("signoff", text.strip("()[] "))
    if _NOTE.match(lowered) and _NOTE_MARK.fullmatch(text):
        return Wire("note", text.strip("() "))
    return None


def reporters(signoff: str) -> str:
    """The names in a sign-off, without places and editors: of `Reporting by Ann Lee in Skarn; Editing by Tom Okafor`.

    Empty where it names only who edited.
    """
    first = signoff.split(";", maxsplit=1)[0].strip()
    lead = next((each for each in REPORTED if first.casefold().startswith(each)), None)
    return _PLACE.split(first[len(lead) :], maxsplit=1)[0].strip(" .:") if lead else ""


def headline_prefix(headline: str) -> tuple[str, str] | None:
    """The mark of an update or a correction before a headline, and the headline: `UPDATE 2-Lamp is lit`."""
    match = _PREFIX.match(headline)
    return (match["mark"], headline[match.end() :]) if match else None


def _of_short(text: str, lowered: str) -> Wire | None:  # noqa: PLR0911 -- a list of looks
    if lowered in ENDS:
        return Wire("end")
    if lowered in MORE:
        return Wire("more")
    if lowered.rstrip(":") in RELEASE:
        return Wire("release", text)
    if _WORDS.fullmatch(lowered):
        return Wire("words", text)
    if _INITIALS.fullmatch(text):
        return Wire("initials", text)
    if _SENT.fullmatch(text) or _HEADER.fullmatch(text):
        return Wire("header", text)
    return Wire("slug", _COUNT.sub("", text)) if _SLUG.fullmatch(text) else None


def _after(text: str, label: str) -> str:
    at = text.casefold().replace("\u2019", "'").find(label)
    return text[at + len(label) :].strip(" :：)*")
