"""What is known of sources as it is stored: in the bucket `health` a value for each, then the places.

As the ledger's books: each value knows what it was read up to, so that a crash costs some reading; revisions guard it
against a second keeper. What cannot be read is learned anew.
"""

import json
from array import array
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from services.keeper.core import Place
from services.keeper.health.core import Watched
from services.keeper.health.drift import Look
from services.keeper.health.rhythm import WEEK, Rhythm
from shared.bus import JetStreamContext, store
from shared.contracts import HealthEvent, SourceHealth
from shared.contracts.health import Drift
from shared.subjects import HEALTHS

SOURCE: Final = "source."
PLACES: Final = "places"
PRECISION: Final = 4


def encode(watched: Watched) -> bytes:
    """The stored form: how the source fares for readers, and the rest for us."""
    rhythm, look = watched.rhythm, watched.look
    kept: dict[str, Any] = {
        "rhythm": {
            "watched": rhythm.watched,
            "active": [round(each, PRECISION) for each in rhythm.active],
            "articles": [round(each, PRECISION) for each in rhythm.articles],
        },
        "look": {
            "since": look.since,
            "drifts": [each.model_dump() for each in look.drifts],
            "values": {".".join(name): values.tolist() for name, values in look.values.items()},
        },
        "refusal": watched.refusal,
        "places": watched.places,
        "unsaid": [each.model_dump(mode="json") for each in watched.unsaid],
        "quiet_hour": watched.quiet_from,
        "back_at": watched.back_at.isoformat() if watched.back_at else None,
    }
    told = watched.health().model_dump(mode="json", exclude_defaults=True)
    return json.dumps(told | {"kept": kept}, separators=(",", ":")).encode()


def decode(body: bytes) -> Watched | None:
    """What is known again; None when this is not the keeper's."""
    try:
        told = SourceHealth.model_validate_json(body)
        kept = json.loads(body)["kept"]
        return Watched(
            source=told.source,
            rhythm=_rhythm(told, kept["rhythm"]),
            look=_look(kept["look"]),
            last_article_at=told.last_article_at,
            quiet_from=kept["quiet_hour"],
            refusal=kept["refusal"],
            troubles={each.trouble: each for each in told.troubles},
            places={stream: Place(*place) for stream, place in kept["places"].items()},
            unsaid=[HealthEvent.model_validate(each) for each in kept["unsaid"]],
            back_at=datetime.fromisoformat(kept["back_at"]) if kept.get("back_at") else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return None


def _rhythm(told: SourceHealth, kept: Mapping[str, Any]) -> Rhythm:
    lately = array("I", bytes(4 * 24))
    for back, count in enumerate(reversed(told.lately)):
        lately[(told.hour - back) % 24] = count
    active, articles = array("f", kept["active"]), array("f", kept["articles"])
    if len(active) != WEEK or len(articles) != WEEK:
        raise ValueError("not a week")
    return Rhythm(told.hour, kept["watched"], active, articles, lately)


def _look(kept: Mapping[str, Any]) -> Look:
    look = Look(since=kept["since"], drifts=tuple(Drift.model_validate(each) for each in kept["drifts"]))
    for name in look.values:
        look.values[name] = array("H", kept["values"][".".join(name)])
    return look


class Books:
    """Loads what is known and stores what changed."""

    def __init__(self, js: JetStreamContext) -> None:
        self._js = js
        self._revisions: dict[str, int] = {}

    async def load(self) -> tuple[dict[str, Watched], dict[str, Place]]:
        """Sources by name, and the places that the streams were read to; empty when there is nothing."""
        found: dict[str, bytes] = {}
        self._revisions = {}
        async for each in store.changed_since(self._js, HEALTHS.name):
            found[each.key] = each.body or b""
            self._revisions[each.key] = each.sequence
        places = _places(found.pop(PLACES, b""))
        sources = (decode(body) for body in found.values() if body)
        return {each.source: each for each in sources if each}, places

    async def commit(self, changed: Iterable[Watched], places: Mapping[str, Place]) -> None:
        """Store what changed.

        Raises:
            Conflict: another keeper stored something since; load again.
        """
        for watched in changed:
            await self._put(f"{SOURCE}{watched.source}", encode(watched))
        await self._put(PLACES, json.dumps(places).encode())

    async def forget(self, source: str) -> None:
        """Remove a source."""
        self._revisions.pop(f"{SOURCE}{source}", None)
        await store.delete(self._js, HEALTHS.name, f"{SOURCE}{source}")

    async def _put(self, key: str, body: bytes) -> None:
        self._revisions[key] = await store.put(self._js, HEALTHS.name, key, body, self._revisions.get(key, 0))


def _places(body: bytes) -> dict[str, Place]:
    try:
        return {stream: Place(*map(int, place)) for stream, place in store.read_json(body).items()}
    except (TypeError, ValueError):
        return {}
