"""The other messages: raw envelopes, fetch jobs, outcomes and events."""

from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.base import Contract, Line, Token, Url, Utc

Stage = Literal["fetch", "parse", "enrich", "index"]


class RawEnvelope(Contract):
    """`news.raw.<source>` as JSON: a body with what its publisher knows about it.

    Exactly one of `body` and `body_base64`. The declared fields are evidence, not truth.
    """

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


class FetchJob(Contract):
    """`jobs.fetch.<source>`: get this URL and publish it raw."""

    url: Url


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
    indexed_at: Utc
    trace_id: Line | None = None


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
