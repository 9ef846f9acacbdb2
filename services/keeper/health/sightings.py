"""What the streams say of a source's articles. Pure.

Outcomes say it best: each message has one, an article that is looked at again and has not changed too, and they are
small. Replays say nothing: what is read again was published long ago.
"""

from collections.abc import Mapping

from services.keeper.health.core import Sighting
from services.keeper.health.drift import Shape
from shared.bus.events import event_of
from shared.contracts import DeadLetter, IndexedEvent, Origin, SkipRecord

CHOSEN = frozenset({"opted_out"})
"""Reasons of parse that say nothing of how it reads."""


def sighting_of(subject: str, headers: Mapping[str, str], body: bytes) -> Sighting | None:
    """What an outcome says of its source; None when it says nothing."""
    event = event_of(subject, headers, body)
    try:
        if event is None or Origin.parse(event.origin).generation:
            return None
    except ValueError:
        return None
    match event:
        case IndexedEvent():
            return Sighting(event.source, event.observed_at, new=event.action == "new", shape=_shape(event))
        case SkipRecord(stage="parse") | DeadLetter(stage="parse"):
            refused = "" if event.reason in CHOSEN else event.reason
            return Sighting(event.source, event.observed_at, refused=refused) if refused else None
        case SkipRecord(stage="index"):
            return Sighting(event.source, event.observed_at)
        case _:
            return None


def _shape(event: IndexedEvent) -> Shape | None:
    if event.body_chars is None:
        return None
    return Shape(len(event.headline), event.body_chars, event.published_at is not None, bool(event.author_count))
