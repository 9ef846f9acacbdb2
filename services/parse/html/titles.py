"""Titles of pages: what of them is the headline, and whether two are of one article. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

SUFFIX_WORDS: Final = 5
"""A site's or a section's name is not longer."""
KICKER_WORDS: Final = 4
"""Nor are the words that stand before a headline and are no part of it."""
SHARED_WORDS: Final = 0.5
"""Share of the words of the longer title that two titles of one article have in common."""
KNOWN_WORDS: Final = 0.4
"""Share of a headline's longer words that its page's titles or address have, too."""
FEWEST_WORDS: Final = 3
"""Fewer are a menu or a name, or at least not enough to tell."""
_BARS: Final = re.compile(r" ?[|\uff5c\u00bb\u00ab\u2022]+ ?| \u00b7 ")
_DASHES: Final = re.compile(r" (?:[\u2013\u2014-]|--) ")
"""In titles with single spaces."""
_WORD: Final = re.compile(r"\w+")
_LONG: Final = 4


def words(title: str) -> list[str]:
    """The words of a title, without case and compatibility forms."""
    return _WORD.findall(unicodedata.normalize("NFKC", title).casefold())


def _parts(title: str) -> set[str]:
    """What is compared of a title: its words, or pairs of letters where it has no spaces between them."""
    known = words(title)
    joined = "".join(known)
    if len(known) < FEWEST_WORDS and len(joined) > 2 * _LONG:
        return {joined[at : at + 2] for at in range(len(joined) - 1)}
    return set(known)


def likeness(one: str, other: str) -> float:
    """The share of words of the longer title that both have."""
    left, right = _parts(one), _parts(other)
    return len(left & right) / max(len(left), len(right), 1)


def belongs(headline: str, known: Iterable[str]) -> bool:
    """Whether a printed headline is about what the titles or the address in `known` are about."""
    mine = _parts(headline)
    long = {word for word in mine if len(word) >= _LONG} or mine
    theirs = {word for text in known for word in _parts(text.replace("-", " ").replace("_", " "))}
    return len(words(headline)) >= FEWEST_WORDS and len(long & theirs) >= KNOWN_WORDS * len(long)


def is_site(text: str, sites: Iterable[str]) -> bool:
    """Whether it is what a site is called."""
    return _is_site(text, {_letters(site) for site in sites} - {""})


def without_site(title: str, sites: Iterable[str]) -> str:
    """`title` without the names of its site and section: "Rates rise | The Daily" gives "Rates rise".

    `sites`: what the site calls itself, and its host. Between bars the longest part is the headline; after a dash a
    few words are taken for the site's name.
    """
    named = {_letters(site) for site in sites} - {""}
    title = " ".join(title.split())
    whole = [part for part in _BARS.split(title) if part]
    parts = [part for part in whole if not _is_site(part, named)] or whole
    chosen = max(parts, key=len, default=title)
    return _without_tail(chosen, named)


def _without_tail(title: str, named: set[str]) -> str:
    cuts = list(_DASHES.finditer(title))
    if not cuts:
        return title
    head, rest = title[: cuts[0].start()], title[cuts[0].end() :]
    if _is_site(head, named):
        return rest
    start, tail = title[: cuts[-1].start()], title[cuts[-1].end() :]
    short = len(tail.split()) <= SUFFIX_WORDS and len(words(start)) >= FEWEST_WORDS and len(start) > len(tail)
    return start if _is_site(tail, named) or short else title


def _letters(text: str) -> str:
    return "".join(words(text.removesuffix(".com")))


def _is_site(part: str, named: set[str]) -> bool:
    mine = _letters(part)
    return any(mine == site or (len(mine) >= _LONG and site.startswith(mine)) for site in named)


def without_kicker(printed: str, declared: Sequence[str]) -> str:
    """A printed headline without what stands around the declared one, unless one is declared with it.

    "Opinion | Rates rise again" and "Opinion Rates rise again" give "Rates rise again" when that is a declared title.
    """
    if any(words(title) == words(printed) for title in declared):
        return printed
    spans = list(_WORD.finditer(printed))
    mine = [words(span.group()) for span in spans]
    flat = [word for each in mine for word in each]
    for title in declared:
        wanted = words(title)
        extra = len(flat) - len(wanted)
        if len(wanted) < FEWEST_WORDS or not 0 < extra <= SUFFIX_WORDS or len(flat) != len(spans):
            continue
        if flat[extra:] == wanted and extra <= KICKER_WORDS:
            return _opened(printed, spans[extra].start())
        if flat[:-extra] == wanted and _BARS.search(printed, spans[-extra - 1].end(), spans[-extra].start()):
            return printed[: _BARS.search(printed, spans[-extra - 1].end()).start()]  # type: ignore[union-attr]
    return printed


def _opened(printed: str, start: int) -> str:
    """What begins at `start`, with the quotation mark or bracket that opens it."""
    while (
        start
        and unicodedata.category(printed[start - 1]) in {"Pi", "Ps", "Po"}
        and printed[start - 1] in "\"'\u201c\u201e\u2018\u00ab\u00bf\u00a1(\u300c#"
    ):
        start -= 1
    return printed[start:]
