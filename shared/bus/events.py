"""Outcomes and revisions as they pass on the wire, read back into their contracts. Pure."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import ValidationError

from shared.bus.wire import DEAD_LETTER
from shared.contracts import Contract, DeadLetter, HealthEvent, IndexedEvent, RevisedEvent, SkipRecord
from shared.subjects import DLQ, HEALTH, INDEXED, REVISED, SKIPPED, Subject

Outcome = IndexedEvent | SkipRecord | DeadLetter
"""What a message ends as; exactly one of them is recorded for each origin."""
Event = Outcome | RevisedEvent

C = TypeVar("C", bound=Contract)
_BODIES: tuple[tuple[Subject, type[IndexedEvent | SkipRecord | RevisedEvent]], ...] = (
    (INDEXED, IndexedEvent),
    (SKIPPED, SkipRecord),
    (REVISED, RevisedEvent),
)


def belongs(subject: str, family: Subject) -> bool:
    """Whether `subject` is one of this family's."""
    tokens, pattern = subject.split("."), family.pattern.split(".")
    return len(tokens) == len(pattern) and all(
        want in {"*", token} for want, token in zip(pattern, tokens, strict=True)
    )


def event_of(subject: str, headers: Mapping[str, str], body: bytes) -> Event | None:
    """The event, or None for anything else: another subject, or a body that is not ours."""
    if belongs(subject, DLQ):
        return _read(DeadLetter, headers.get(DEAD_LETTER, ""))
    for family, contract in _BODIES:
        if belongs(subject, family):
            return _read(contract, body)
    return None


def health_of(subject: str, body: bytes) -> HealthEvent | None:
    """The event about a source, or None for anything else."""
    return _read(HealthEvent, body) if belongs(subject, HEALTH) else None


def _read(contract: type[C], text: str | bytes) -> C | None:
    try:
        return contract.model_validate_json(text)
    except ValidationError:
        return None


def for_source(family: Subject, source: str) -> str:
    """The wildcard subject of this family's messages about one source, its last token."""
    return family.pattern.removesuffix("*") + source


def from_raw(event: Event) -> bool:
    """Whether the event's origin is a raw message's; those of fetch jobs count in a stream of their own."""
    return isinstance(event, IndexedEvent | RevisedEvent) or event.stage != "fetch"
