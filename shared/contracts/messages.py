"""The other messages: raw envelopes, fetch jobs, outcomes and events."""

from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.article import Status
from shared.contracts.base import Contract, Line, Token, Url, Utc

Stage = Literal["fetch", "parse", "enrich", "index"]


class RawEnvelope(Contract):
    """`news.raw.<source>` as JSON: a body with what its publisher knows about it.

    Exactly one of `body` and `body_base64`; neither when `status` says that the article was taken away. The declared
    fields are evidence, not truth.
    """

    status: Status = "usable"
    """canceled: its publisher took the article at `url` away; withheld: it must not be shown for now."""

    body: str | None = None
    body_base64: str | None = None
    content_type: Line | None = None
    url: Url | None = None
    fetched_at: Utc | None = None
    headline: Line | None = None
    summary: Annotated[str, Field(max_length=10_000)] | None = None
    published_at: Line | None = None
    """As the publisher writes it; read like any other date, with its raw string kept."""
    authors: Annotated[tuple[Line, ...], Field(max_length=100)] = ()
    keywords: Annotated[tuple[Line, ...], Field(max_length=200)] = ()
    language: Line | None = None


class Archived(Contract):
    """Where in an archive (WARC 1.1) the answer is that a raw message was made of: its `Newswire-Archived` header."""

    file: Line
    """Its name, in the folder of the archive; `.open` is added while it is written."""
    record_id: Line
    """`urn:uuid:...`, the record's WARC-Record-ID."""
    sha256: Line
    """Of the answer's body without its encodings, in hexadecimal digits."""


class FetchJob(Contract):
    """`jobs.fetch.<source>`: get this URL and publish it raw; or, with `poll`, look at the source that is due."""

    url: Url
    poll: bool = False
    """The source is the subject's; `url` is only its first feed's."""


class SkipRecord(Contract):
    """`news.skipped.<stage>.<source>`: dropped by a named rule; the message's recorded outcome."""

    stage: Stage
    source: Token
    reason: Line
    detail: Line = ""
    origin: Line
    observed_at: Utc
    skipped_at: Utc
    attempt: int
    article_id: Line | None = None
    headline: Line | None = None
    url: Url | None = None
    trace_id: Line | None = None


class DeadLetter(Contract):
    """What a dead letter carries in its `Newswire-Dead-Letter` header; its body is the original bytes."""

    stage: Stage
    source: Token
    reason: Line
    detail: Line = ""
    origin: Line
    subject: Line
    stream: Line
    sequence: int
    observed_at: Utc
    failed_at: Utc
    attempt: int
    trace_id: Line | None = None


class IndexedEvent(Contract):
    """`news.indexed.<source>`: the bulk answer confirmed the document; the message's recorded outcome."""

    article_id: Line
    revision_id: Line
    source: Token
    action: Literal["new", "revised", "improved"]
    index: Line
    version: int
    origin: Line
    headline: Line
    url: Url | None = None
    published_at: Utc | None = None
    observed_at: Utc
    parsed_at: Utc | None = None
    enriched_at: Utc | None = None
    indexed_at: Utc
    trace_id: Line | None = None
    body_chars: int | None = None
    """Characters of the body; None when the article was taken away, or the event is an older writer's."""
    author_count: int | None = None


class RevisedEvent(Contract):
    """`news.revised.<source>`: the content of a known article changed. `changed` names the fields."""

    article_id: Line
    source: Token
    previous_revision_id: Line
    revision_id: Line
    changed: tuple[Line, ...]
    previous_headline: Line
    headline: Line
    url: Url | None = None
    origin: Line
    revised_at: Utc
    trace_id: Line | None = None
