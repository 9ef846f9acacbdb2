"""A stored article sent to enrichment again: as the next generation of its origin, for the one step."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from nats.js import JetStreamContext
from pydantic import ValidationError

from services.ctl.enrich.stored import Stored
from shared.bus import wire
from shared.bus.client import Outcomes
from shared.bus.publish import publish
from shared.contracts import EnrichedArticle, IndexedEvent, Origin
from shared.errors import Poison
from shared.subjects import REPLAY_ENRICH, token

OUTCOME_WITHIN: Final = 300.0
"""Seconds to wait for what becomes of an article; longer than that the stage is behind, or not there."""
NO_OUTCOME: Final = "no outcome"
UNDER_WAY: Final = "under way"
REFUSED: Final = "refused"
INDEXED: Final = frozenset({"new", "revised", "improved", "unchanged"})
"""Outcomes after which the stored article is the replayed one."""


@dataclass(frozen=True, slots=True)
class Again:
    """What became of a replay: the index stage's action, a reason, or one of ours; with more where there is more."""

    outcome: str
    detail: str = ""


class Arriving(EnrichedArticle, extra="allow"):
    """A stored article with what this version does not know."""


def message_of(article: Stored, step: str) -> tuple[str, bytes, dict[str, str]]:
    """Subject, body and headers of the replay.

    The document is the whole article: what other steps found stays, and nothing depends on what PARSED still holds.

    Raises:
        Poison: `invalid_origin` or `invalid_message`: the document is not what the index stage writes.
    """
    stored = dict(article.source)
    extra = stored.pop("extra", {})
    try:
        known = Arriving.model_validate(extra | stored)
        origin, observed = Origin.parse(stored["origin"]), datetime.fromisoformat(stored["observed_at"])
        headers = wire.replayed("enrich", origin, observed, stored.get("trace_id"), {wire.STEPS: step})
    except ValidationError as error:
        raise Poison("invalid_message", str(error.errors(include_url=False, include_input=False)[0])[:200]) from error
    except (KeyError, ValueError) as error:
        raise Poison("invalid_origin", str(error)[:200]) from error
    kept = known.model_dump_json(exclude_defaults=True, exclude=set(_added(stored))).encode()
    return REPLAY_ENRICH.of(token(known.source)), kept, headers


def _added(stored: dict[str, Any]) -> set[str]:
    """What the index stage adds to an article; nothing of it travels."""
    return {name for name in stored if name not in EnrichedArticle.model_fields}


@dataclass(slots=True)
class Replayer:
    """Replays for one step, and what becomes of each."""

    js: JetStreamContext
    outcomes: Outcomes
    step: str
    patience: float = field(default=OUTCOME_WITHIN)

    async def replay(self, article: Stored) -> Again:
        """Publish, and wait for the outcome.

        Raises:
            DependencyDown: it could not be stored.
            ConnectionError: the server went away meanwhile.
        """
        try:
            subject, body, headers = message_of(article, self.step)
            ack = await publish(self.js, subject, body, headers)
        except Poison as refused:
            return Again(REFUSED, refused.detail)
        if ack.duplicate:
            return Again(UNDER_WAY, f"{headers[wire.ORIGIN]} was sent within the last ten minutes")
        return await self._outcome(Origin.parse(headers[wire.ORIGIN]))

    async def _outcome(self, origin: Origin) -> Again:
        seen = await self.outcomes.of(origin, self.patience)
        if seen is None:
            return Again(NO_OUTCOME, str(origin))
        event = seen.outcome
        return Again(event.action) if isinstance(event, IndexedEvent) else Again(event.reason, event.detail)
