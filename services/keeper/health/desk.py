"""What operators and fetch say of sources, followed in their buckets."""

from collections.abc import AsyncIterator

from pydantic import ValidationError

from services.keeper.health.core import Fetched, fetched
from services.keeper.health.hearing import Hearing
from shared.bus import JetStreamContext, store
from shared.contracts import Source, SourceState
from shared.subjects import SOURCE_STATE, SOURCES, Bucket


class Desk:
    """What operators and fetch say of sources. Those that publish by themselves are not in it."""

    def __init__(self, js: JetStreamContext) -> None:
        self._js = js
        self._paused: dict[str, bool] = {}
        self._fetched: dict[str, Fetched] = {}
        self._after = {SOURCES.name: 0, SOURCE_STATE.name: 0}

    async def follow(self) -> list[str]:
        """Take what changed; the sources that were removed."""
        gone: list[str] = []
        async for each in self._changes(SOURCES):
            try:
                self._paused[each.key] = Source.model_validate_json(each.body or b"").paused
            except ValidationError:
                self._paused.pop(each.key, None)
                gone.append(each.key)
        async for each in self._changes(SOURCE_STATE):
            try:
                self._fetched[each.key] = fetched(SourceState.model_validate_json(each.body or b""))
            except ValidationError:
                self._fetched.pop(each.key, None)
        return gone

    async def _changes(self, bucket: Bucket) -> AsyncIterator[store.Change]:
        async for each in store.changed_since(self._js, bucket.name, self._after[bucket.name]):
            yield each
            self._after[bucket.name] = each.sequence

    def known(self, source: str) -> Fetched | None:
        """None for a source that fetch does not look at."""
        if source not in self._paused:
            return None
        return self._fetched.get(source, Fetched())._replace(paused=self._paused[source])

    def hearing(self) -> dict[str, Hearing]:
        """Of the sources that fetch looks at: whether their servers answer."""
        return {source: each.hearing for source, each in self._fetched.items() if self._paused.get(source) is False}

    def failing(self) -> list[str]:
        """Sources that cannot be had."""
        return [source for source, each in self._fetched.items() if each.failing and source in self._paused]
