"""What became of a message, and how sources fare, as it is charted: one document for each such event. Pure.

The document is a function of the event's own message, so that writing it again changes nothing.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from shared.bus.events import Outcome, event_of, health_of
from shared.bus.wire import retries_in
from shared.contracts import DeadLetter, HealthEvent, IndexedEvent, Origin, RevisedEvent
from shared.indices import pipeline_index

_TOLD: Final = ("source", "detail", "origin", "trace_id", "article_id", "headline", "url", "observed_at")


class Document(NamedTuple):
    """A document and its place: the month's index, and the `_id`."""

    month: str
    id: str
    body: dict[str, Any]


def document_of(subject: str, headers: Mapping[str, str], body: bytes) -> Document | None:
    """The document of an outcome or of a source's trouble; None for any other message, and for one that is not ours."""
    if health := health_of(subject, body):
        return _of_source(health, headers)
    event = event_of(subject, headers, body)
    try:
        ended, identity = datetime.fromisoformat(headers["ce-time"]), headers["ce-id"]
        if event is None or isinstance(event, RevisedEvent):
            return None
        told = event.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        kept = {name: told[name] for name in _TOLD if name in told}
        times = {} if Origin.parse(event.origin).generation else _times(event, ended)
        month = pipeline_index(ended)
    except (KeyError, ValueError, TypeError, OverflowError):  # the last two: times without a zone, at the ends of time
        return None
    named = {"ended_at": ended.isoformat(), "retries": retries_in(headers)}
    return Document(month, identity, kept | named | _verdict(event) | times)


def _of_source(event: HealthEvent, headers: Mapping[str, str]) -> Document | None:
    """It counts among no messages: it has no outcome."""
    told = {"source": event.source, "reason": event.cause, "detail": event.detail}
    named = {"ended_at": event.at.isoformat(), "health": event.event, "trouble": event.trouble}
    kept = {name: value for name, value in told.items() if value}
    return Document(pipeline_index(event.at), headers["ce-id"], named | kept) if "ce-id" in headers else None


def _verdict(event: Outcome) -> dict[str, str]:
    if isinstance(event, IndexedEvent):
        return {"outcome": "indexed", "reason": event.action, "stage": "index"}
    outcome = "dead" if isinstance(event, DeadLetter) else "skipped"
    return {"outcome": outcome, "reason": event.reason, "stage": event.stage}


def _times(event: Outcome, ended: datetime) -> dict[str, float]:
    """Seconds from the acceptance of the raw message, waiting included. Not of replays: those wait for a person."""
    seconds = {"seconds": _between(event.observed_at, ended)}
    if isinstance(event, IndexedEvent) and event.parsed_at and event.enriched_at:
        seconds["parse_seconds"] = _between(event.observed_at, event.parsed_at)
        seconds["enrich_seconds"] = _between(event.parsed_at, event.enriched_at)
        seconds["index_seconds"] = _between(event.enriched_at, ended)
    return seconds


def _between(start: datetime, end: datetime) -> float:
    return round(max(0.0, (end - start).total_seconds()), 3)
