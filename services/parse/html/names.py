# ruff: noqa: RUF001 -- words are in the letters of their languages
"""Names of those who sign an article: out of a byline, and people told from desks and agencies. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from services.parse.text.labels import GENERAL, SIGNED

NAME_LIMIT: Final = 60
"""Characters of a name; longer is a sentence."""
NAME_WORDS: Final = 6
AGENCY_WORDS: Final = 3
_TEXT_LIMIT: Final = 1_000
_OPENINGS: Final = tuple(
    sorted(
        {entry for entry, label in GENERAL.items() if label == "byline"} | {each.strip() for each in SIGNED}, key=len
    )
)[::-1]
_NO_NAMES: Final = frozenset(
    entry for entry, label in GENERAL.items() if label in {"byline", "share", "caption", "tags"}
)
_OPENED: Final = re.compile(
    rf"^(?:story |words |article )?(?:{'|'.join(map(re.escape, _OPENINGS))}|words|story|posted by|presented by)"
    r"\b\s*[:\uff1a]?\s*(?:by\s)?",
    re.IGNORECASE,
)
_BRACKETS: Final = re.compile(r"\([^()]{0,80}\)|\[[^\[\]]{0,80}\]")
_ADDRESS: Final = re.compile(r"\S{1,64}@\S{1,255}|(?<!\w)@\w+|https?://\S+")
_BETWEEN: Final = re.compile(
    r" ?[,;|/&\u2022\u00b7\uff5c\u3001\uff0c\u060c\u061b] ?(?:(?:and|und|et|og|och|та|і|и|ve|y|e|en) )?"
    r"| [\u2013\u2014-] "
    r"| (?:and|und|et|og|och|та|і|и|ve|y|e|i|en|dan|with) "
)
"""In a text with single spaces."""
_SUFFIX: Final = re.compile(r" ?(?:기자|記者|记者|특파원|앵커)$")
_DEGREE: Final = re.compile(r"(?:[A-Z]\.?){2,5}|Ph\.?D\.?|[MB]Sc|Esq\.?|[JS]r\.?")
"""What stands after a name and a comma for what its owner has studied."""
_PARTICLES: Final = frozenset(
    {"de", "da", "di", "do", "dos", "das", "del", "della", "van", "von", "vom", "zu", "der", "den", "ter", "ten", "la",
     "le", "du", "al", "el", "bin", "ibn", "ben", "bint", "af", "av", "y", "e", "i", "mc", "st", "san", "abu", "ul"}
)  # fmt: skip
_ROLES: Final = (
    "report", "correspond", "editor", "writer", "contribut", "columnist", "journalist", "producer", "photograph",
    "author", "manager", "director", "founder", "officer", "analyst", "expert", "professor", "sponsored", "guest",
    "senior ", "educator", "specialist", "consultant", "nutritionist", "dietitian", "horticultur",
    "redakteur", "korrespond", "journaliste", "corresponsal", "redactor", "periodista", "jornalista", "repórter",
    "giornalista", "inviato", "dziennikar", "redaktor", "журналіст", "журналист", "кореспондент", "корреспондент",
    "редактор", "muhabir", "yazar", "editör", "wartawan", "profesor",
)  # fmt: skip
"""Beginnings of words that say what somebody does. After a name and a comma they are no name."""
_DESKS: Final = frozenset(
    word for row in (
        "staff team desk editors editorial newsroom news press agency agencies wire reuters afp dpa ap upi",
        "ansa efe apa tass xinhua pti ani bloomberg ukrinform interfax unian anadolu ajansı aa belga keystone",
        "sda ritzau ntb tt ctk pap mti agerpres redaktion redaktionen redazione redacción redaccion redação",
        "redacao rédaction redaction redactie redakcja redakce redakcia редакція редакция redaksi",
        "redaktionsteam toimitus haber merkezi haberler nachrichten noticias wire service media network admin",
        "administrator webmaster developer magazine gazette institute university foundation inc ltd llc gmbh",
        "newspaper newspapers online tv radio television facebook twitter linkedin instagram whatsapp",
        "telegram youtube share",
    ) for word in row.split()
)  # fmt: skip
"""Words that desks, agencies and sites have in their names, and people have not."""


def names_in(text: str) -> list[str]:
    """The names in a byline, of people and others, in their order.

    "By Ann Reed, Senior Reporter, and Bo Lind (bl)" gives "Ann Reed" and "Bo Lind".
    """
    text = _ADDRESS.sub(" | ", _BRACKETS.sub(" ", text[:_TEXT_LIMIT]))
    parts = [part for each in _joined(_BETWEEN.split(_opened(text))) if (part := _name(each))]
    return list(dict.fromkeys(part for part in parts if is_name(part) and part.casefold() not in _NO_NAMES))


def _joined(parts: list[str]) -> Iterator[str]:
    """The parts without what says what the one before them does or has studied."""
    for place, part in enumerate(parts):
        if not place or not (is_role(part) or (_DEGREE.fullmatch(part) and part.casefold() not in _DESKS)):
            yield part


def _opened(text: str) -> str:
    text = " ".join(text.split())
    while match := _OPENED.match(text):
        if not match.end() or not text[match.end() :]:
            break
        text = text[match.end() :]
    return text


def _name(part: str) -> str:
    signed = _opened(part).rpartition(":")[2].strip()  # a label that is in no table of ours
    bare = _SUFFIX.sub("", _alone(signed).strip(" \t.,:;|-\u2013\u2014\u2022\u00b7\"'\u201c\u201d*"))
    return unicodedata.normalize("NFC", bare)


def _alone(part: str) -> str:
    """A name without the agency after it: `Ann Reed The Associated Press`."""
    name, _, rest = part.partition(" The ")
    return name if 0 < len(rest.split()) <= AGENCY_WORDS and len(name.split()) > 1 and name[-1].isalpha() else part


def is_name(name: str) -> bool:
    """Whether it may be the name of anybody or anything that signs articles."""
    letters = sum(map(str.isalpha, name))
    digits = sum(map(str.isdigit, name))
    short = 1 < len(name) <= NAME_LIMIT and len(name.split()) <= NAME_WORDS
    said = " " in name and name.islower()  # a part of a sentence; one word may be what somebody logs in with
    clean = "@" not in name and "://" not in name and not name.endswith(("?", "!"))
    return short and letters > 1 and digits <= letters // 3 and not said and clean


def is_role(part: str) -> bool:
    """Whether it says what somebody does."""
    lowered = part.casefold()
    return any(f" {lowered}".find(f" {role}") >= 0 for role in _ROLES)


def is_person(name: str, sites: Iterable[str] = ()) -> bool:
    """Whether a name is a person's, as far as its words tell. `sites`: what the page's site is called."""
    tokens = name.split()
    if not is_name(name) or any(map(str.isdigit, name)) or is_organisation(name, sites) or is_role(name):
        return False
    if not any(letter.isupper() or letter.islower() for letter in name):  # a script without capitals
        return len(tokens) <= 4 and len(name) <= 30  # noqa: PLR2004 - no sentence is so short
    capital = sum(token[0].isupper() or token.casefold() in _PARTICLES for token in tokens)
    return 1 < len(tokens) <= NAME_WORDS and capital == len(tokens) and tokens[-1][0].isupper()


def is_organisation(name: str, sites: Iterable[str] = ()) -> bool:
    """Whether a name is that of a desk, an agency or the site itself."""
    lowered = name.casefold()
    tokens = set(re.findall(r"\w+", lowered))
    if tokens & _DESKS or lowered.startswith("the ") or _is_host(lowered):
        return True
    mine = "".join(sorted(tokens)) and "".join(re.findall(r"\w+", lowered))
    return any(_same_site(mine, site) for site in sites)


def _is_host(text: str) -> bool:
    """Whether it is an address such as `gazette.example`."""
    name, dot, end = text.rpartition(".")
    return bool(dot and name) and " " not in text and 1 < len(end) < 8 and end.isalpha() and name[-1].isalnum()  # noqa: PLR2004


def is_site(name: str, site: str) -> bool:
    """Whether a name is all that a site is called, or its host without the ending."""
    return bool(mine := "".join(re.findall(r"\w+", name.casefold()))) and mine in _called(site)


def _called(site: str) -> set[str]:
    theirs = "".join(re.findall(r"\w+", site.casefold()))
    label = "".join(re.findall(r"\w+", site.casefold().rpartition(".")[0])) if _is_host(site) else theirs
    return {theirs, label}


def _same_site(mine: str, site: str) -> bool:
    return mine in _called(site) or (len(mine) > 5 and "".join(re.findall(r"\w+", site.casefold())).startswith(mine))  # noqa: PLR2004 - by chance


def folded(name: str) -> str:
    """A name as it is compared: without case, accents and dots."""
    plain = (letter for letter in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(letter))
    return " ".join("".join(plain).replace(".", " ").split())
