"""A stored article sent to enrichment again: as the next generation of its origin, for the one step."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from nats.js import JetStreamContext
from pydantic import ValidationError

from services.ctl.enrich.stored import CURRENT, Shelf, Stored, Went, went_of
from shared.bus import wire
from shared.bus.client import Outcomes
from shared.bus.publish import publish
from shared.contracts import EnrichedArticle, IndexedEvent, Origin
from shared.errors import Poison
from shared.subjects import REPLAY_ENRICH, token

OUTCOME_WITHIN: Final = 300.0
"""Seconds to wait for what becomes of an article; longer than that the stage is behind, or not there."""
PASSED_WITHIN: Final = 60.0
"""Seconds to wait until another run's replay of the same article is stored."""
TURNS: Final = 5
"""Other runs to wait for, one after the other."""
NO_OUTCOME: Final = "no outcome"
UNDER_WAY: Final = "under way"
REFUSED: Final = "refused"
ELSEWHERE: Final = "by another run"
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


class Ran(NamedTuple):
    """What became of an article; `went`: how the step did, where the stored article is one that it was run for."""

    again: Again
    went: Went | None


@dataclass(slots=True)
class Replayer:
    """Replays for the step of a shelf, and what becomes of each."""

    js: JetStreamContext
    outcomes: Outcomes
    shelf: Shelf
    patience: float = field(default=OUTCOME_WITHIN)

    async def run(self, article: Stored, version: str | None = None) -> Ran:
        """Have the step run for an article, and wait for the end.

        Another run may have sent the article a moment before, for this step or for another. A generation has one
        replay, so what that made is waited for, and sent in its turn unless it has this `version` of the step.

        Raises:
            DependencyDown: it could not be stored or read.
            ConnectionError: the server went away meanwhile.
        """
        again = Again(UNDER_WAY)
        for _ in range(TURNS):
            again = await self.replay(article)
            if again.outcome != UNDER_WAY:
                return Ran(again, await self.shelf.went(article) if again.outcome in INDEXED else None)
            stored = await self._passed(article)
            if stored is None:
                break
            article, went = stored, went_of(stored.source, self.shelf.step)
            if went.version == version and went.status in CURRENT:
                return Ran(Again(ELSEWHERE), went)
        return Ran(again, None)

    async def replay(self, article: Stored) -> Again:
        """Publish, and wait for the outcome.

        Raises:
            DependencyDown: it could not be stored.
            ConnectionError: the server went away meanwhile.
        """
        try:
            subject, body, headers = message_of(article, self.shelf.step)
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

    async def _passed(self, article: Stored) -> Stored | None:
        """The article as it is stored once the next generation of it is, or what is newer; None: too late, or gone."""
        sent, deadline = Origin.parse(article.source["origin"]).next_generation(), time.monotonic() + PASSED_WITHIN
        while stored := await self.shelf.current(article):
            if Origin.parse(stored.source["origin"]) >= sent:
                return stored
            if time.monotonic() > deadline:
                return None
            await asyncio.sleep(0.5)
        return None
