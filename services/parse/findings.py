"""What the readers of pages are given and what they hand to the core."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from shared.contracts import Block, Evidence, EvidenceSource, Precision, RawEnvelope, RunnerUp, ZoneSource

RAW_LIMIT = 500
"""Characters of a raw value that evidence keeps."""


@dataclass(frozen=True, slots=True)
class Page:
    """A decoded page with what is known about it from outside.

    `observed_at`: when the raw message was accepted; `fetched_at`: when its publisher got it, if said.
    `declared`: what the publisher's envelope says of the article, if it came in one.
    """

    text: str
    source: str
    observed_at: datetime
    url: str | None = None
    fetched_at: datetime | None = None
    declared: RawEnvelope | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as read from `raw`. `at` is in UTC and no more precise than `precision`."""

    at: datetime
    raw: str
    precision: Precision
    zone: str
    zone_source: ZoneSource
    ambiguous: bool = False


@dataclass(slots=True)
class Draft:
    """An article in the making: field values of ParsedArticle and the evidence for each.

    `block_basis`: what the offsets of `blocks` count in, the page's text or the article's body.
    `refused`: raw values of fields that were found and not believed, with the reason as rule.
    """

    parser: str
    block_basis: Literal["page", "body"]
    confidence: float = 0.5
    fields: dict[str, Any] = field(default_factory=dict[str, Any])
    evidence: dict[str, Evidence] = field(default_factory=dict[str, Evidence])
    refused: dict[str, RunnerUp] = field(default_factory=dict[str, RunnerUp])
    blocks: list[Block] = field(default_factory=list[Block])

    def put(
        self, name: str, value: Any, source: EvidenceSource, rule: str, confidence: float, raw: str | None = None
    ) -> None:
        """Take `value` for the field, unless one was taken already: then it is kept as a runner-up if it differs."""
        shown = (raw if raw is not None else str(value))[:RAW_LIMIT]
        if name not in self.fields:
            self.fields[name] = value
            self.evidence[name] = Evidence(source=source, rule=rule, confidence=confidence, raw=shown)
        elif self.fields[name] != value:
            known = self.evidence[name]
            other = RunnerUp(source=source, rule=rule, raw=shown)
            self.evidence[name] = known.model_copy(update={"runners_up": (*known.runners_up, other)[:8]})

    def put_published(self, moment: Moment, source: EvidenceSource, rule: str, confidence: float) -> None:
        """Take `moment` for the publication with everything that is known about it, as `put` does."""
        if "published_at" not in self.fields:
            self.fields |= {
                "published_raw": moment.raw[:RAW_LIMIT],
                "published_precision": moment.precision,
                "published_zone": moment.zone,
                "published_zone_source": moment.zone_source,
                "published_ambiguous": moment.ambiguous,
            }
        self.put("published_at", moment.at, source, rule, confidence, moment.raw)

    def put_modified(self, moment: Moment, source: EvidenceSource, rule: str, confidence: float) -> None:
        """Take `moment` for the last change, as `put` does."""
        self.fields.setdefault("modified_raw", moment.raw[:RAW_LIMIT])
        self.put("modified_at", moment.at, source, rule, confidence, moment.raw)

    def refuse(self, name: str, source: EvidenceSource, rule: str, raw: str) -> None:
        """Remember a value that was found for the field and not believed, and by which rule; the first counts."""
        self.refused.setdefault(name, RunnerUp(source=source, rule=rule, raw=raw[:RAW_LIMIT]))
