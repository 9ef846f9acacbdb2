"""What the readers of pages are given and what they hand to the core."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, TypeGuard

from shared.contracts import (
    Author,
    Block,
    Evidence,
    EvidenceSource,
    Image,
    Precision,
    RawEnvelope,
    RunnerUp,
    ZoneSource,
)

RAW_LIMIT: Final = 500
"""Characters of a raw value that evidence keeps."""
SIGNALS: Final = ("x-robots-tag", "tdm-reservation", "tdm-policy")
"""Headers of a page's answer that say how it may be used."""
CUT_SHORT: Final = 8
"""Words after which a text that goes on differently is another."""
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Page:
    """A decoded page with what is known about it from outside.

    `observed_at`: when the raw message was accepted; `fetched_at`: when its publisher got it, if said.
    `declared`: what the publisher's envelope says of the article, if it came in one.
    `signals`: headers of the answer that speak of its use, by lower-case name.
    """

    text: str
    source: str
    observed_at: datetime
    url: str | None = None
    fetched_at: datetime | None = None
    declared: RawEnvelope | None = None
    signals: Mapping[str, str] = field(default_factory=dict[str, str])


def is_carried(evidence: Evidence | None) -> TypeGuard[Evidence]:
    """Whether a field is from what a page holds for programs, which no reader need see."""
    return evidence is not None and evidence.source in {"script", "json-ld"}


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as read from `raw`. `at` is in UTC and no more precise than `precision`.

    `note`: what was decided in reading it that others might decide otherwise.
    """

    at: datetime
    raw: str
    precision: Precision
    zone: str
    zone_source: ZoneSource
    ambiguous: bool = False
    note: str = ""


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
        elif not alike(self.fields[name], value):
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
        self.put("published_at", moment.at, source, _noted(rule, moment), confidence, moment.raw)

    def put_modified(self, moment: Moment, source: EvidenceSource, rule: str, confidence: float) -> None:
        """Take `moment` for the last change, as `put` does."""
        if "modified_at" not in self.fields:
            self.fields |= {
                "modified_raw": moment.raw[:RAW_LIMIT],
                "modified_precision": moment.precision,
                "modified_zone": moment.zone,
            }
        self.put("modified_at", moment.at, source, _noted(rule, moment), confidence, moment.raw)

    def refuse(self, name: str, source: EvidenceSource, rule: str, raw: str) -> None:
        """Remember a value that was found for the field and not believed, and by which rule; the first counts."""
        self.refused.setdefault(name, RunnerUp(source=source, rule=rule, raw=raw[:RAW_LIMIT]))

    def miss(self, name: str, source: EvidenceSource, rule: str) -> None:
        """Say that `source` should have given the field and did not: in the evidence of whoever did, else refused."""
        if known := self.evidence.get(name):
            other = RunnerUp(source=source, rule=rule, raw="")
            self.evidence[name] = known.model_copy(update={"runners_up": (other, *known.runners_up)[:8]})
        else:
            self.refuse(name, source, rule, "")


def alike(one: Any, other: Any) -> bool:
    """Whether two values of a field say the same.

    Case, marks and order in a list are no disagreement, nor is a text that one of them cuts short, nor the size of an
    image or how a site spells its own addresses.
    """
    left, right = _said(one), _said(other)
    if isinstance(one, str) and isinstance(other, str) and min(len(left), len(right)) >= CUT_SHORT:
        return bool(left[: len(right)] == right[: len(left)])
    return bool(one == other or left == right)


def _said(value: Any) -> Any:
    match value:
        case str() if value.startswith(("http://", "https://")):
            return (value.partition("://")[2].removeprefix("www.").rstrip("/"),)
        case str():
            return tuple(_WORD.findall(unicodedata.normalize("NFKC", value).casefold())) or value
        case tuple():
            return frozenset(_said(each) for each in value)  # pyright: ignore[reportUnknownVariableType]
        case Author():
            return _said(value.name)
        case Image():
            return value.url.partition("?")[0].rpartition("/")[2]
        case _:
            return value


def _noted(rule: str, moment: Moment) -> str:
    return f"{rule}; {moment.note}" if moment.note else rule
