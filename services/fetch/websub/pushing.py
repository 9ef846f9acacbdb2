"""WebSub within a look at a source: what was pushed is published, subscriptions are looked after."""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple, Protocol

from services.fetch.core import Fetched
from services.fetch.desk import Desk
from services.fetch.listed import Listed, publish_listed
from services.fetch.look import Sight, listing_of
from services.fetch.schedule.due import pushed, relied
from services.fetch.websub.hubs import Pushed
from services.fetch.websub.lease import noted, offer_of
from shared import telemetry
from shared.contracts import Feed, FeedState, Push, Pushing, Source, SourceState
from shared.errors import Poison

OK: Final = 200


class Hubs(Protocol):
    """See services.fetch.websub.hubs; each raises DependencyDown."""

    async def tend(self, source: str, feed: str, push: Pushing, now: datetime) -> Pushing:
        """Look after a subscription that is due."""
        ...

    async def forget(self, push: Pushing, now: datetime) -> None:
        """Want it no more."""
        ...

    async def pushed(self, source: str) -> Sequence[Pushed]:
        """What nobody has read."""
        ...

    async def read(self, pushes: Sequence[Pushed]) -> None:
        """These are done with."""
        ...


class Worked(NamedTuple):
    """The feeds' states after a look, by URL, and the pushes that are done with once these are saved."""

    feeds: Mapping[str, FeedState]
    done: Sequence[Pushed] = ()


def tending_due(state: SourceState, now: datetime) -> bool:
    """Whether a subscription of the source is to be looked after."""
    return any(each.push is not None and each.push.next_due <= now for each in state.feeds.values())


def alone(state: SourceState) -> SourceState:
    """The source's state where WebSub is off: no hub is relied upon."""
    return state.model_copy(
        update={"feeds": {url: each.model_copy(update={"push": None}) for url, each in state.feeds.items()}}
    )


class Pushes:
    """What hubs push, and subscriptions to them. `clock`: the moment now."""

    def __init__(self, hubs: Hubs, clock: Callable[[], datetime]) -> None:
        self.hubs, self._clock = hubs, clock

    async def heard(self, source: Source, feed: Feed, state: FeedState, sight: Sight, listed: Listed) -> FeedState:
        """The feed's state after a look at it that went well: which hub it names, and whether that can be relied upon.

        An article that no push had brought says that it cannot, until the next push.
        """
        now, push = self._clock(), state.push
        if sight.listing:
            offer = offer_of(sight.listing.hub, sight.listing.self_url, sight.answer.headers, sight.answer.url)
            push = noted(state.push, offer, secrets.token_hex(16), now)
        if state.push and (push is None or push.id != state.push.id):
            await self.hubs.forget(state.push, now)
        if push and listed.arrived:
            push = push.model_copy(update={"works": False})
        return relied(source, feed, state.model_copy(update={"push": push}), now)

    async def work(
        self,
        source: Source,
        known: Mapping[str, FeedState],
        pushes: Sequence[Pushed],
        desk: Callable[[], Awaitable[Desk]],
    ) -> Worked:
        """Publish what was pushed, then look after the subscriptions that are due. `desk` gives it when it is needed.

        Raises:
            DependencyDown: NATS is away, or a stream is full.
        """
        feeds, done = dict(known), list[Pushed]()
        for each in pushes:
            feed = next((one for one in source.feeds if each.push and one.url == each.push.feed), None)
            if each.push is None or feed is None or feed.url not in feeds:
                telemetry.PUSHES.labels("unwanted").inc()
            elif not await self._publish(source, feed, each.push, feeds, await desk()):
                continue
            done.append(each)
        now = self._clock()
        for url, state in feeds.items():
            if state.push and state.push.next_due <= now:
                tended = await self.hubs.tend(source.id, url, state.push, now)
                feeds[url] = state.model_copy(update={"push": tended})
        return Worked(feeds, done)

    async def _publish(self, source: Source, feed: Feed, push: Push, feeds: dict[str, FeedState], desk: Desk) -> bool:
        """False when there was no time for all of it. What cannot be read is found by looking at the feed."""
        answer = Fetched(feed.url, OK, {"Content-Type": push.content_type}, push.body, push.received_at)
        try:
            listing = await listing_of(push.body, push.content_type, feed.url, feed.kind)
        except Poison as poison:
            telemetry.PUSHES.labels("unreadable").inc()
            telemetry.warn("websub.ignored", source=source.id, reason=poison.reason, detail=poison.detail)
            return True
        listed = await publish_listed(desk, feed.url, listing.entries, answer, self._clock)
        if listed.waiting:
            return False
        telemetry.PUSHES.labels("read").inc()
        feeds[feed.url] = pushed(source, feed, feeds[feed.url], listed.arrived, self._clock())
        return True
