"""What the class and id of an element say of its content, in the words that sites use for them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

_WORDS: Final = {
    "text": (
        r"article[-_]{0,2}(?:body|content|text)|(?:story|entry|post|content|news|blog|main)[-_]{0,2}(?:body|content|text)"
        r"|body[-_]?(?:text|copy|content)|rich[-_]?text|prose|paragraph|wysiwyg"
    ),
    "side": r"side|rail|widget|column|secondary|sticky",
    "related": (
        r"relat|recommend|recirc|more|also|next|similar|trending|popular|most|latest|teaser|card|promo"
        r"|carousel|slider|listing|outbrain|taboola|headlines|feed"
    ),
    "share": r"shar|social|follow|facebook|twitter|whatsapp|bookmark|print|utility|action",
    "comment": r"comment|disqus|discuss|reply|respond|kommentar",
    "offer": (
        r"newsletter|subscri|signup|paywall|member|login|register|donat|piano|regwall|cta|calltoaction|banner|modal|popup"
        r"|overlay|cookie|consent|gdpr|alert|notice|toast"
    ),
    "advertisement": r"advert|sponsor|commercial|affiliate|(?<![a-z])(?:ads?|adv|promoted|dfp|gpt)(?![a-z])",
    "navigation": r"nav|menu|breadcrumb|header|masthead|topbar|toolbar|pagination|pager|skip|sitemap",
    "foot": r"foot|copyright|legal|disclaimer|colophon",
    "lead": r"summary|lead|lede|intro|excerpt|standfirst|dek|deck|sub|abstract|description|perex|chapeau|sapo",
    "title": r"title|headline|heading|hed(?![a-z])",
    "caption": r"caption|credit|image|photo|figure|gallery|media|video|player|legend|thumb|img|embed|tweet|instagram",
    "about": r"meta|byline|author|date|time|publish|tag|categor|topic|label|kicker|eyebrow|info|bio|source",
    "hidden": r"hidden|visually|screen|collapse|none|invisible",
    "box": r"toc|faq|glossary|footnote|reference|box|key-?points|takeaway|highlights|quote",
    "body": r"body|content|article|entry|story|post|text|main|copy|detail|cuerpo|texto|noticia|nota|inhalt|artikel",
}  # fmt: skip
HINTS: Final = tuple(_WORDS)
_PATTERN: Final = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _WORDS.items()))
_BITS: Final = {name: 1 << number for number, name in enumerate(HINTS)}
_TEXT_BIT: Final = _BITS["text"]
_BODY_BIT: Final = _BITS["body"]
_TEXT: Final = re.compile(_WORDS["text"])
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_APART: Final = re.compile(rf"(?<!\d)(?:{_WORD.pattern})")
"""Words that do not go on a number, as the `ad` of a made-up `2ad3` does."""
NAMES_LIMIT: Final = 20
NAME_LIMIT: Final = 40
"""Names of an element, and characters of one, that are looked at."""


def hints_of(class_names: str, identifier: str) -> int:
    """The hints in an element's class and id, a bit for each of `HINTS`."""
    found = _hints(identifier[:NAME_LIMIT]) if identifier else 0
    for name in class_names.split(None, NAMES_LIMIT)[:NAMES_LIMIT]:
        found |= _hints(name[:NAME_LIMIT])
    return found


def words_of(name: str) -> Iterator[tuple[str, str]]:
    """The hints in one name, each with the word that gives it: `tag-list` has `about` by `tag`."""
    for word in _APART.findall(name[:NAME_LIMIT]):
        yield from ((match.lastgroup or "", match[0]) for match in _PATTERN.finditer(word.lower()))


@lru_cache(maxsize=16_384)
def _hints(name: str) -> int:
    found, words = 0, _WORD.findall(name)
    for word in words:
        found |= _word(word.lower())
    return found | _TEXT_BIT if found & _BODY_BIT and len(words) > 1 and _TEXT.search(name.lower()) else found


@lru_cache(maxsize=16_384)
def _word(word: str) -> int:
    """The hints of one word: few words make up most names."""
    found = 0
    for match in _PATTERN.finditer(word):
        found |= _BITS[match.lastgroup or ""]
    return found
