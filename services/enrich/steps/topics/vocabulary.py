"""The words that news on each topic is written with, by language, read from `words/`. Our own lists.

Code and name of a topic are IPTC's (CC BY 4.0). A word of a second level speaks for its top too.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

_FOLDER: Final = Path(__file__).parent / "words"
LANGUAGES: Final = ("de", "en", "es", "fr", "pl", "ru", "uk")
_WORD: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_KEEPING: Final = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
"""Of a language in which an apostrophe stands within words."""
SHORTEST_STEM: Final = 2


class Heading(NamedTuple):
    """A topic: `top` is its first level, itself where it is one."""

    code: str
    top: str
    name: str


class Entry(NamedTuple):
    """One or more words in a row, each whole or by its beginning, and the topic they speak for."""

    rest: tuple[tuple[str, bool], ...]
    code: str
    key: str


class Vocabulary(NamedTuple):
    """Entries by their first word: as a whole, and by its beginning."""

    whole: dict[str, list[Entry]]
    begun: dict[str, list[Entry]]
    longest: int

    def at(self, words: list[str], place: int) -> Iterator[Entry]:
        """The entries that the words from `place` on are."""
        word = words[place]
        found = self.whole.get(word, [])
        for length in range(SHORTEST_STEM, min(len(word), self.longest) + 1):
            if more := self.begun.get(word[:length]):
                found = [*found, *more]
        for entry in found:
            if not entry.rest or _follow(words, place + 1, entry.rest):
                yield entry


def _follow(words: list[str], place: int, rest: tuple[tuple[str, bool], ...]) -> bool:
    following = words[place : place + len(rest)]
    return len(following) == len(rest) and all(
        word.startswith(part) if begun else word == part for word, (part, begun) in zip(following, rest, strict=True)
    )


def split(text: str, language: str) -> list[str]:
    """A text's words, in lower case."""
    lower = text.lower().replace("’", "'").replace("ʼ", "'")
    return (_KEEPING if language == "uk" else _WORD).findall(lower)


@cache
def headings() -> dict[str, Heading]:
    """All topics by code."""
    lines = [line.split(" ", 2) for line in _lines("codes")]
    return {code: Heading(code, f"{top}000000", name) for code, top, name in lines}


@cache
def vocabulary(language: str) -> Vocabulary:
    """The entries of a language."""
    whole: dict[str, list[Entry]] = {}
    begun: dict[str, list[Entry]] = {}
    for line in _lines(language):
        code, _, listed = line.partition(":")
        for key in listed.split():
            (first, open_ended), *rest = _parts(key, language)
            (begun if open_ended else whole).setdefault(first, []).append(Entry(tuple(rest), code, key))
    return Vocabulary(whole, begun, max(map(len, begun), default=0))


def _parts(key: str, language: str) -> list[tuple[str, bool]]:
    parts: list[tuple[str, bool]] = []
    for part in key.split("_"):
        words = split(part.removesuffix("*"), language)
        parts += [(word, part.endswith("*") and word == words[-1]) for word in words]
    return parts


def _lines(name: str) -> list[str]:
    text = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
