"""The parsers that are compared: each takes a labelled page and gives what it finds in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Final
from unittest.mock import patch
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import trafilatura
from trafilatura.settings import Document

from services.parse.core import parse_bytes
from shared.contracts import ParsedArticle
from shared.errors import Outcome
from tests.quality.material import Labelled


@dataclass(frozen=True, slots=True)
class Found:
    """What a parser finds. `refused`: why it gave nothing."""

    body: str = ""
    title: str | None = None
    published: datetime | None = None
    authors: tuple[str, ...] = ()
    refused: str = ""


Reader = Callable[[Labelled], Found]


def newswire(page: Labelled) -> Found:
    """The parser of this project, by its real entry."""
    headers = {"content-type": "text/html", "newswire-url": page.url}
    try:
        article = parse_bytes(page.markup, headers, "quality", page.fetched_at, now=page.fetched_at)
    except Outcome as outcome:
        return Found(refused=str(outcome))
    names = tuple(author.name for author in article.authors)
    return Found(article.body, article.headline, _in_its_zone(article), names)


def newswire_without_profiles(page: Labelled) -> Found:
    """The same as if no publisher had a profile."""
    with patch("services.parse.html.clues.profile_for", return_value=None):
        return newswire(page)


def _in_its_zone(article: ParsedArticle) -> datetime | None:
    """The time in the zone it was published in: labels that are days are days there."""
    if article.published_at is None:
        return None
    return article.published_at.astimezone(_zone(article.published_zone or "UTC"))


def _zone(name: str) -> tzinfo:
    """A zone by its name, or an offset such as "+02:00"; UTC for a name that nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        pass
    try:
        return datetime.strptime(name, "%z").tzinfo or UTC
    except ValueError:
        return UTC


def trafilatura_as(**options: Any) -> Reader:
    """Trafilatura's body with these options."""

    def read(page: Labelled) -> Found:
        text = trafilatura.extract(page.markup.decode("utf-8", "replace"), include_comments=False, **options)
        return Found(text or "")

    return read


def trafilatura_and_metadata(**options: Any) -> Reader:
    """Trafilatura with these options, its metadata included."""

    def read(page: Labelled) -> Found:
        markup = page.markup.decode("utf-8", "replace")
        found = trafilatura.bare_extraction(markup, page.url, include_comments=False, with_metadata=True, **options)
        if not isinstance(found, Document):
            return Found(refused="nothing found")
        names = tuple(part.strip() for part in (found.author or "").split(";"))
        return Found(found.text or "", found.title, day_of(found.date), names)

    return read


def day_of(text: str | None) -> datetime | None:
    """A day or a time as others give it; UTC where they name no zone."""
    try:
        known = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return known if known is None or known.tzinfo else known.replace(tzinfo=UTC)


OURS: Final = "newswire"
YARDSTICK: Final = "trafilatura fast"
"""CPU is told as a multiple of this one's."""
FIELDS: Final = frozenset({"title", "date", "instant", "authors"})
NOT_GIVEN: Final[Mapping[str, frozenset[str]]] = {
    YARDSTICK: FIELDS,
    "trafilatura default": frozenset({"instant"}),
    "trafilatura precision": frozenset({"instant"}),
    "readability-lxml": FIELDS - {"title"},
}
"""What a parser is not asked for, or does not give: not scored."""
READERS: Final[dict[str, Reader]] = {
    OURS: newswire,
    "newswire without profiles": newswire_without_profiles,
    YARDSTICK: trafilatura_as(fast=True),
    "trafilatura default": trafilatura_and_metadata(),
    "trafilatura precision": trafilatura_and_metadata(favor_precision=True),
}
