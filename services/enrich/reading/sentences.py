"""Where sentences start and end, in most scripts. Pure; linear in the text's length."""

import re
from collections.abc import Iterator
from typing import Final

_STOP: Final = re.compile(
    r"(?P<wide>[。！？｡][」』”’）】]*)"
    r"|(?P<stop>[.!?…؟।։۔][.!?…؟]{0,5}[\"'»”’“)\]]{0,3})(?=\s|$)"
    r"|(?P<line>\n)"
)
_ABBREVIATION: Final = frozenset(
    # Written small, without the stop; titles, months and measures that a name or a number follows.
    "mr mrs ms dr prof sen rep gov gen col lt sgt st jr sr vs etc no inc ltd co corp jan feb aug sept oct nov dec "
    "г гг р рр ст обл вул ул просп пр им ім тыс тис млн млрд грн руб коп т тт др п стр див см акад проф гл "
    "bzw ca dr evtl ggf inkl mio mrd nr str tel usw vgl zzt hr fr sog geb abs art "
    "mme mlle m av env janv févr juil éd "
    "sra sres dra ud uds núm pág aprox ee uu "
    "np tzn tj itd itp dr inż mgr prof ul al gen płk por św godz tys mln mld zł".split()
)
_BEFORE: Final = re.compile(r"(?<!\w)(\w+)$")
_LOOK_BACK: Final = 12
"""Characters before a stop in which an abbreviation is looked for."""


def sentences(text: str, limit: int) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence within the first `limit` characters, without the space around it."""
    start = 0
    end = min(len(text), limit)
    for found in _STOP.finditer(text, 0, end):
        if found.lastgroup == "stop" and not _ends(text, found):
            continue
        close = found.start() if found.lastgroup == "line" else found.end()
        yield from _trimmed(text, start, close)
        start = found.end()
    yield from _trimmed(text, start, end)


def _ends(text: str, stop: re.Match[str]) -> bool:
    """Whether a stop ends its sentence: not one of an abbreviation, an initial, or before a small letter."""
    following = text[stop.end() : stop.end() + 3].lstrip("\"'«“„( \t\u00a0")
    if following[:1].islower():
        return False
    if stop.group() != ".":
        return True
    word = _BEFORE.search(text, max(0, stop.start() - _LOOK_BACK), stop.start())
    if word is None:
        return True
    known = word.group(1)
    initial = len(known) == 1 and known.isupper()
    ordinal = known.isdigit() and len(known) <= 2  # noqa: PLR2004 - "3. Oktober", "1. FC"
    return not (initial or ordinal or known.casefold() in _ABBREVIATION)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        yield start, end
