"""Pydantic models of every message. The JSON Schemas in `schemas/` are generated from them."""

from shared.contracts.article import (
    Author,
    Block,
    BlockKind,
    Evidence,
    EvidenceSource,
    Image,
    PageKind,
    ParsedArticle,
    Precision,
    Related,
    RelatedKind,
    Rights,
    RunnerUp,
    Status,
    ZoneSource,
)
from shared.contracts.base import Contract, Line, Token, Url, Utc
from shared.contracts.enriched import (
    Amount,
    Credit,
    EnrichedArticle,
    Enrichment,
    Entity,
    EntityKind,
    Location,
    Place,
    Quote,
    Sentence,
    Span,
    Topic,
)
from shared.contracts.explained import Explained
from shared.contracts.health import HealthEvent, SourceHealth
from shared.contracts.intake import Access, AccessToken
from shared.contracts.messages import (
    Archived,
    DeadLetter,
    FetchJob,
    IndexedEvent,
    RawEnvelope,
    RevisedEvent,
    SkipRecord,
    Stage,
)
from shared.contracts.origin import Origin
from shared.contracts.render import Rendered, RenderJob, RenderProblem
from shared.contracts.reparsed import RawRecord, Reparsed
from shared.contracts.sources import (
    Feed,
    FeedKind,
    FeedState,
    FullText,
    Pushing,
    Reservation,
    Rhythm,
    Source,
    SourceState,
)
from shared.contracts.websub import Confirmation, Push, Subscription

__all__ = [
    "Access", "AccessToken", "Amount", "Archived", "Author", "Block", "BlockKind", "Confirmation", "Contract", "Credit",
    "DeadLetter", "EnrichedArticle", "Enrichment", "Entity", "EntityKind", "Evidence", "EvidenceSource", "Explained",
    "Feed", "FeedKind", "FeedState", "FetchJob", "FullText", "HealthEvent", "Image", "IndexedEvent", "Line", "Location",
    "Origin", "PageKind", "ParsedArticle", "Place", "Precision", "Push", "Pushing", "Quote", "RawEnvelope", "RawRecord",
    "Related", "RelatedKind", "RenderJob", "RenderProblem", "Rendered", "Reparsed", "Reservation", "RevisedEvent",
    "Rhythm", "Rights", "RunnerUp", "Sentence", "SkipRecord", "Source", "SourceHealth", "SourceState", "Span", "Stage",
    "Status", "Subscription", "Token", "Topic", "Url", "Utc", "ZoneSource",
]  # fmt: skip
