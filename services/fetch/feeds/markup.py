"""What little is read of HTML here, by bounded patterns and in one pass: tags' attributes and visible text.

No tree is built: a hostile page would need the parser's sandbox.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from shared.characters import unescaped

LOOKED_AT: Final = 1_000_000
"""Characters of a page."""
TAGS: Final = 20_000
_ATTRIBUTE: Final = re.compile(
    r"""([a-zA-Z][a-zA-Z0-9:_-]{0,40})\s{0,20}=\s{0,20}(?:"([^"]{0,4000})"|'([^']{0,4000})'|([^\s"'>]{1,4000}))"""
)
_HIDDEN: Final = re.compile(
    r"<(script|style|noscript|template|svg)\b[^<>]{0,4000}>[^<]*+(?:<(?!/\1\s*>)[^<]*+)*+(?:</\1\s*>|\Z)"
    r"|<!--[^-]*+(?:-(?!->)[^-]*+)*+(?:-->|\Z)",
    re.IGNORECASE,
)
"""Up to the first end there is, in leaps from one `<` or `-` to the next: a lazy dot takes six times as long."""
_TAG: Final = re.compile(r"<[/!?a-zA-Z][^<>]{0,4000}>")
_INLINE: Final = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|cite|code|del|em|font|i|ins|kbd|mark|q|s|small|span|strong|sub|sup|time|u|wbr)"
    r"(?:\s[^<>]{0,4000})?>",
    re.IGNORECASE,
)
"""Tags within a line; all others begin one."""


def tags(page: str, *names: str) -> Iterator[tuple[str, dict[str, str], int]]:
    """The start tags of these names: name, attributes (lower-case names, entities read) and where the tag ends."""
    pattern = re.compile(rf"<({'|'.join(names)})\b([^<>]{{0,8000}})>", re.IGNORECASE)
    for count, found in enumerate(pattern.finditer(page[:LOOKED_AT])):
        if count >= TAGS:
            return
        yield found[1].lower(), attributes(found[2]), found.end()


def attributes(text: str) -> dict[str, str]:
    """The attributes of a tag; the first of a name counts."""
    found: dict[str, str] = {}
    for each in _ATTRIBUTE.finditer(text[:8_000]):
        found.setdefault(each[1].lower(), unescaped(each[2] or each[3] or each[4] or ""))
    return found


@lru_cache(maxsize=1)
def lines(page: str) -> tuple[str, ...]:
    """The visible text of a page, a line for each block, without what scripts and styles hold.

    That of the last page is kept: one page after the other is looked at for walls, then for what it says.
    """
    shown = _TAG.sub("\n", _INLINE.sub("", _HIDDEN.sub(" ", page[:LOOKED_AT])))
    return tuple(line for each in unescaped(shown).split("\n") if (line := " ".join(each.split())))


def title(page: str) -> str:
    """The page's title, at most 500 characters of it."""
    found = re.search(r"<title\b[^<>]{0,1000}>([^<]{0,500})", page[:LOOKED_AT], re.IGNORECASE)
    return " ".join(unescaped(found[1]).split()) if found else ""


def metas(page: str) -> dict[str, list[str]]:
    """`meta` by name or property, lower-case."""
    found: dict[str, list[str]] = {}
    for _, given, _ in tags(page, "meta"):
        name = (given.get("name") or given.get("property") or given.get("http-equiv") or "").lower()
        if name and "content" in given:
            found.setdefault(name, []).append(given["content"])
    return found
