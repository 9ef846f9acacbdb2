"""The article as it travels from parse to index: IPTC ninjs 3.1 in meaning, flat in shape."""

from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.base import Contract, Line, Token, Url, Utc

Unit = Annotated[float, Field(ge=0, le=1)]

EvidenceSource = Literal[
    "json-ld", "script", "meta", "html", "text", "feed", "envelope", "header", "profile", "derived"
]
BlockKind = Literal[
    "headline", "published", "section", "byline", "dateline", "summary", "read_time",
    "paragraph", "heading", "list", "quote", "caption", "table", "embed",
    "label", "related", "hot", "latest", "tags", "advertisement", "share", "copyright", "wire", "boilerplate", "blank",
    "unknown",
]  # fmt: skip
RelatedKind = Literal["related", "hot", "latest", "in_text"]
Precision = Literal["second", "minute", "hour", "day", "month"]
ZoneSource = Literal["stated", "profile", "page", "country", "observed", "assumed_utc"]
Status = Literal["usable", "withheld", "canceled"]
Completeness = Literal["full", "partial"]
PageKind = Literal["index", "product", "forum", "reference", "service"]


class RunnerUp(Contract):
    """A value that another rule found and that was not taken."""

    source: EvidenceSource
    rule: Line
    raw: Line


class Evidence(Contract):
    """Where a field's value comes from, and how sure that is."""

    source: EvidenceSource
    rule: Line
    confidence: Unit
    raw: Line | None = None
    runners_up: tuple[RunnerUp, ...] = ()


class Block(Contract):
    """A run of the page, `start` to `end` (exclusive) in characters of `block_basis`."""

    kind: BlockKind
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
    rule: Line


class Author(Contract):
    """A person (or desk) who signs the article."""

    name: Line
    url: Url | None = None


class Image(Contract):
    """The lead image. Width and height in pixels as declared."""

    url: Url
    caption: Line | None = None
    credit: Line | None = None
    width: int | None = None
    height: int | None = None


class Related(Contract):
    """A link the page shows beside its article; never part of the body."""

    kind: RelatedKind
    title: Line
    url: Url | None = None
    published_at: Utc | None = None
    published_raw: Line | None = None


class Rights(Contract):
    """What the publisher declares about use. `free_access` is schema.org isAccessibleForFree.

    `tdm_reservation` and `tdm_policy`: TDM Reservation Protocol. `no_ai`: a robots rule says noai or noimageai.
    """

    holder: Line | None = None
    notice: Line | None = None
    licence: Line | None = None
    robots: Line | None = None
    no_ai: bool | None = None
    tdm_reservation: bool | None = None
    tdm_policy: Url | None = None
    free_access: bool | None = None


class ParsedArticle(Contract):
    """`news.parsed.<source>`: one article with evidence for each field that was found."""

    article_id: Line
    """UUIDv5 of the canonical URL, or of source, headline and published minute."""
    revision_id: Line
    """SHA-256 of normalised headline, body and status: changes when the content does."""
    source: Token
    status: Status = "usable"

    url: Url | None = None
    canonical_url: Url | None = None
    domain: Line | None = None
    publisher: Line | None = None

    headline: Annotated[str, Field(min_length=1, max_length=2_000)]
    summary: Annotated[str, Field(max_length=10_000)] | None = None
    body: Annotated[str, Field(max_length=1_000_000)]
    """Paragraphs joined by a blank line."""
    completeness: Completeness | None = None
    """`partial`: something says that the body is cut short; `full`: that it is not; None: nothing says so."""
    page_kind: PageKind | None = None
    """What the page looks like rather than like an article. One article in thirty does, so it is kept; pages that are
    surely something else are skipped."""
    byline: Line | None = None
    authors: tuple[Author, ...] = ()
    dateline: Line | None = None
    located: Line | None = None
    """The place of the dateline, as printed."""
    slug: Line | None = None
    """The agency's name for the story, the same for all its versions."""
    editorial_note: Line | None = None
    """What the agency tells editors: an update, a correction."""
    embargoed_until: Utc | None = None
    """Not to be published before, as the text says; nothing here holds it back."""
    section: Line | None = None
    keywords: tuple[Line, ...] = ()
    image: Image | None = None
    related: tuple[Related, ...] = ()
    declared_language: Line | None = None
    read_minutes: int | None = None
    """Minutes to read as the publisher says; see word_count for our own."""
    word_count: int = 0
    rights: Rights = Rights()

    published_at: Utc | None = None
    published_raw: Line | None = None
    published_precision: Precision | None = None
    published_zone: Line | None = None
    published_zone_source: ZoneSource | None = None
    published_ambiguous: bool = False
    """True when day and month could be the other way round and a profile or language decided, or clocks showed the
    time twice that day."""
    modified_at: Utc | None = None
    modified_raw: Line | None = None
    modified_precision: Precision | None = None
    modified_zone: Line | None = None

    observed_at: Utc
    """When the raw message was accepted into its stream."""
    fetched_at: Utc | None = None
    parsed_at: Utc

    raw_sha256: Line
    raw_bytes: int
    content_type: Line
    parser: Line
    parser_version: Line
    extraction_confidence: Unit
    block_basis: Literal["page", "body"]
    blocks: tuple[Block, ...] = ()
    evidence: dict[str, Evidence] = Field(default_factory=dict)
    trace_id: Line | None = None
