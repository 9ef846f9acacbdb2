"""Pydantic models of every message. The JSON Schemas in `schemas/` are generated from them."""

from shared.contracts.article import (
    Author,
    Block,
    BlockKind,
    EnrichedArticle,
    Enrichment,
    Evidence,
    EvidenceSource,
    Image,
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
from shared.contracts.messages import (
    DeadLetter,
    FetchJob,
    IndexedEvent,
    RawEnvelope,
    RevisedEvent,
    SkipRecord,
    Stage,
)
from shared.contracts.origin import Origin

__all__ = [
    "Author", "Block", "BlockKind", "Contract", "DeadLetter", "EnrichedArticle", "Enrichment", "Evidence",
    "EvidenceSource", "FetchJob", "Image", "IndexedEvent", "Line", "Origin", "ParsedArticle", "Precision",
    "RawEnvelope", "Related", "RelatedKind", "RevisedEvent", "Rights", "RunnerUp", "SkipRecord", "Stage",
    "Status", "Token", "Url", "Utc", "ZoneSource",
]  # fmt: skip
