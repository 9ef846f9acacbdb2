"""What is shown of an explained article: its fields with their evidence, and the blocks of its page. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from services.ctl.output import moment
from shared.contracts import BlockKind, Evidence, Explained, Image, ParsedArticle, Rights

Group = Literal["article", "about", "beside", "left out"]

GROUPS: Final[dict[BlockKind, Group]] = {
    "paragraph": "article", "heading": "article", "list": "article", "quote": "article", "table": "article",
    "headline": "about", "published": "about", "section": "about", "byline": "about", "dateline": "about",
    "summary": "about", "read_time": "about", "tags": "about", "wire": "about", "caption": "about",
    "label": "beside", "related": "beside", "hot": "beside", "latest": "beside",
    "embed": "left out", "advertisement": "left out", "share": "left out", "copyright": "left out",
    "boilerplate": "left out", "blank": "left out", "unknown": "left out",
}  # fmt: skip
"""The article's text; what the page says of it; links to others; the rest."""
FIELDS: Final = (
    "headline", "published_at", "modified_at", "authors", "byline", "dateline", "section", "summary", "body",
    "completeness", "page_kind", "image", "keywords", "related", "declared_language", "read_minutes", "publisher",
    "canonical_url", "url", "domain", "rights",
)  # fmt: skip
"""In the order of a reader's interest; what else has evidence follows."""
BETWEEN: Final = "\n\n"
BLOCK_OF: Final[dict[str, BlockKind]] = {
    "headline": "headline", "published_at": "published", "authors": "byline", "byline": "byline",
    "dateline": "dateline", "section": "section", "summary": "summary", "body": "paragraph", "keywords": "tags",
    "related": "related", "read_minutes": "read_time",
}  # fmt: skip
"""The kind of block that holds a field."""


@dataclass(frozen=True, slots=True)
class Row:
    """A field: what was taken, None if nothing was believed; with the evidence, None where none was kept."""

    name: str
    value: str | None
    evidence: Evidence | None

    @property
    def raw(self) -> str | None:
        """The raw value, where it says more than the value."""
        raw = self.evidence.raw if self.evidence else None
        return raw if raw and raw != self.value and self.name != "rights" else None


@dataclass(frozen=True, slots=True)
class Part:
    """A block with its text, without the white space around it."""

    number: int
    kind: BlockKind
    group: Group
    text: str
    rule: str


def rows(article: ParsedArticle) -> list[Row]:
    """The fields that have a value or evidence."""
    names = dict.fromkeys((*FIELDS, *article.evidence))
    found = (Row(name, value_of(article, name), article.evidence.get(name)) for name in names)
    return [row for row in found if row.value is not None or row.evidence is not None]


def value_of(article: ParsedArticle, name: str) -> str | None:
    """A field's value for a person; None when it has none."""
    value = getattr(article, name, None)
    match name:
        case "published_at":
            return _published(article)
        case "authors":
            return ", ".join(author.name for author in article.authors) or None
        case "body":
            return f"{article.word_count:,} words in {len(article.body.split(BETWEEN)):,} passages"
        case "related":
            return _counted(article)
        case "modified_at":
            return moment(value) if value else None
        case _:
            return _plain(value)


def _plain(value: Any) -> str | None:
    match value:
        case None | "" | ():
            return None
        case Image():
            size = f"{value.width} by {value.height}" if value.width and value.height else None
            return "\n".join(each for each in (value.url, size, value.caption, value.credit) if each)
        case Rights():
            known = value.model_dump(exclude_none=True)
            return ", ".join(f"{name.replace('_', ' ')}: {known[name]}" for name in known) or None
        case tuple():
            return ", ".join(map(str, value))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType] - keywords
        case _:
            return str(value)


def _published(article: ParsedArticle) -> str | None:
    if article.published_at is None:
        return None
    precise = f"to the {article.published_precision}" if article.published_precision else None
    zone = article.published_zone and f"zone {article.published_zone} ({_zone_source(article)})"
    doubt = "day and month may be the other way round" if article.published_ambiguous else None
    more = ", ".join(each for each in (precise, zone, doubt) if each)
    return f"{moment(article.published_at)}\n{more}" if more else moment(article.published_at)


def _zone_source(article: ParsedArticle) -> str:
    said = {"stated": "stated", "profile": "of the publisher's profile", "assumed_utc": "assumed"}
    return said.get(article.published_zone_source or "", f"from its {article.published_zone_source}")


def _counted(article: ParsedArticle) -> str | None:
    kinds = [each.kind for each in article.related]
    return ", ".join(f"{kinds.count(kind)} {kind.replace('_', ' ')}" for kind in dict.fromkeys(kinds)) or None


def parts(explained: Explained) -> list[Part]:
    """The blocks that show something, in the page's order."""
    texts = ((block, explained.page[block.start : block.end].strip()) for block in explained.blocks)
    shown = ((block, text) for block, text in texts if text)
    return [Part(number, each.kind, GROUPS[each.kind], text, each.rule) for number, (each, text) in enumerate(shown, 1)]


def origin(article: ParsedArticle) -> Iterator[tuple[str, str]]:
    """Where the article comes from and what read it."""
    yield "source", article.source
    yield "page", f"{article.raw_bytes:,} bytes of {article.content_type}"
    yield "read by", f"{article.parser}, version {article.parser_version}"
    yield "confidence", f"{article.extraction_confidence:.0%} in its text"
    yield "article", article.article_id
    yield "SHA-256", article.raw_sha256
