# ruff: noqa: RUF001 -- words are in the letters of their languages
"""What a page states of its article, and which of that says nothing true of it. Pure."""

import html
import re
from collections.abc import Iterable, Sequence
from typing import Final

from services.parse.clean import clean_line
from services.parse.html.names import is_site

SEVERAL: Final = 3
"""Parts between commas from which on a section is a list: "Health, Science and Environment" is one."""
KEYED: Final = 3
"""Keywords such as `Page Type: Article` that make a list one of a system's own fields."""
_NO_SECTION: Final = frozenset(
    {
        "uncategorized", "uncategorised", "sin categoría", "sin categorizar", "non classé", "non catégorisé",
        "unkategorisiert", "nicht kategorisiert", "senza categoria", "non categorizzato", "sem categoria",
        "без рубрики", "без категорії", "без категории", "geen categorie", "niet gecategoriseerd", "bez kategorii",
        "nezařazené", "nezaradené", "okategoriserade", "ukategoriseret", "ukategorisert", "luokittelematon",
        "fără categorie", "kategorizálatlan", "некатегоризирано", "χωρίς κατηγορία", "kategori dışı",
        "غير مصنف", "ללא קטגוריה", "未分類", "未分类", "미분류", "không phân loại", "tak berkategori", "none",
        "article", "articles", "post", "posts", "all", "home", "homepage", "home page", "front page", "front-page",
    }
)  # fmt: skip
"""What systems and sites put where no section was chosen, or of every article; casefolded."""
_TAG: Final = re.compile(
    r"</?(?:p|br|a|b|i|u|em|strong|span|div|ul|ol|li|h[1-6]|img|blockquote|figure|font|small|sup|sub)(?:[\s/][^<>]{0,500})?>",
    re.IGNORECASE,
)
_ENTITY: Final = re.compile(r"&(?:#\d{2,6}|#x[\da-f]{2,5}|[a-z]{2,8});", re.IGNORECASE)
_MACHINE: Final = re.compile(
    r"[_/].*|[^\W\d_]|[\W\d_]*|[\da-f]{16,64}|[\da-f]{8}-[\da-f-]{20,40}|(?!https?:)[^\W\d][\w-]{0,30}:\S.*",
    re.IGNORECASE,
)
"""What nobody writes for readers: a letter or none, hashes, paths, `Section:culture`, `_seo`."""
_JOINED: Final = re.compile(r"(?:^| )(?:and|und|et|y|e|i|&|та|и) ")
_FIELD: Final = re.compile(r"[^\W\d][\w -]{1,30}: \S")


def is_reference(name: str) -> bool:
    """Whether a name is none but the address of one, as a JSON-LD node is referred to."""
    return name.startswith(("http://", "https://", "#", "/", "_:"))


def section_in(text: str, sites: Iterable[str]) -> str | None:
    """The section in what is stated as one: the first of a list; None for what systems put where there is none."""
    parts = [part.strip() for part in text.split(",")]
    section = text if len(parts) < SEVERAL or _JOINED.search(parts[-1]) else parts[0]
    return None if section.casefold() in _NO_SECTION or any(is_site(section, site) for site in sites) else section


def keywords_in(words: Sequence[str], headline: str) -> list[str]:
    """The words that are keywords: each once, without a system's own."""
    fields = [word for word in words if _FIELD.match(word)]
    left_out = {*fields} if len(fields) >= KEYED else set[str]()
    known: dict[str, str] = {}
    for word in (each.lstrip("#") for each in words):
        if word not in left_out and not _MACHINE.fullmatch(word) and not repeats(word, headline):
            known.setdefault(word.casefold(), word)
    return list(known.values())


def plain_text(text: str) -> str:
    """A text without the markup and entities that a system left in it; nothing else in angle brackets is markup."""
    if "<" in text or "&" in text:
        text = _TAG.sub(" ", html.unescape(html.unescape(text)) if _ENTITY.search(text) else text)
    return clean_line(text, len(text))


def repeats(text: str, headline: str) -> bool:
    """Whether a text says the headline and no more."""
    return _letters(text) == _letters(headline)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
