"""Subscriptions that nobody wants any more are ended: the source is gone, pauses, or has other feeds.

What is wanted is read from the buckets, not from who did what: so nothing is forgotten by a crash, and any replica does
it. The one that notes it first asks the hub.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Final, Protocol, TypeVar

from pydantic import ValidationError

from services.fetch.books import Books, asked
from services.fetch.websub.hubs import Hubs
from services.fetch.websub.lease import again_after, reset
from shared.bus import JetStreamContext, store
from shared.contracts import Confirmation, Contract, Subscription
from shared.subjects import ASKED, CONFIRMED, WEBSUB

C = TypeVar("C", bound=Contract)
EVERY: Final = 5.0
READINGS: Final = 2
"""The first may have begun before what is to be known was said."""
MOST: Final = 5
"""Times that a hub is asked to end a subscription, later and later."""


class Follows(Protocol):
    """Who follows the bucket `sources`: the scheduler does. `followed`: how often it read all that had changed."""

    @property
    def followed(self) -> int:
        """So many times."""
        ...

    def feeds(self, source: str) -> Collection[str]:
        """The feeds that are looked at; none of a source that pauses, or is gone."""
        ...


def wanted(each: Subscription, feeds: Collection[str]) -> bool:
    """Whether the subscription's feed is one of its source's, and nobody began to end it."""
    return each.leaving == 0 and each.feed in feeds


def to_ask(each: Subscription, now: datetime) -> bool:
    """Whether the hub of a subscription that is not wanted is to be asked (again)."""
    return each.leaving == 0 or (each.leaving < MOST and now >= each.asked_at + again_after(each.leaving - 1))


class Leaving:
    """Ends subscriptions. `sources`: who follows them; `clock`: the moment now."""

    def __init__(self, js: JetStreamContext, hubs: Hubs, sources: Follows, clock: Callable[[], datetime]) -> None:
        self._js, self._hubs, self._sources, self._clock, self._books = js, hubs, sources, clock, Books(js)
        self._asked: dict[str, tuple[Subscription, int]] = {}
        self._told: dict[str, Confirmation] = {}
        self._doubted: dict[str, int] = {}
        self._place = 0

    async def round(self) -> None:
        """See what is asked for. What was not wanted in a round before, too, is ended, if all that was then said of
        sources is read since: one reading began after it.
        """
        await self._follow()
        followed = self._sources.followed
        unwanted = [
            name for name, (each, _) in self._asked.items() if not wanted(each, self._sources.feeds(each.source))
        ]
        self._doubted = {name: self._doubted.get(name, followed) for name in unwanted}
        for name in [name for name, at in self._doubted.items() if followed >= at + READINGS]:
            each, revision = self._asked[name]
            told = self._told.get(name)
            if told and told.state == "unsubscribed" and told.asked_at == each.asked_at:
                await asked(store.delete(self._js, WEBSUB.name, f"{ASKED}.{name}"))
            elif to_ask(each, self._clock()):
                await self._leave(each, revision)

    async def _leave(self, each: Subscription, revision: int) -> None:
        try:
            await self._rely_no_more(each)
            await self._hubs.leave(each, revision, self._clock())
        except store.Conflict:
            return  # another replica does it, or it is wanted again

    async def _rely_no_more(self, each: Subscription) -> None:
        """A source that pauses is looked at, and subscribed to, as soon as it goes on."""
        state, revision = await self._books.state(each.source)
        feed = state.feeds.get(each.feed) if state else None
        if state is None or feed is None or feed.push is None or feed.push.id != each.id:
            return
        now = self._clock()
        feed = feed.model_copy(update={"push": reset(feed.push, now), "next_due": now})
        feeds = state.feeds | {each.feed: feed}
        await self._books.save_state(each.source, state.model_copy(update={"feeds": feeds, "next_due": now}), revision)

    async def _follow(self) -> None:
        async for change in store.changed_since(self._js, WEBSUB.name, self._place):
            self._note_subscription(change)
            self._place = change.sequence

    def _note_subscription(self, change: store.Change) -> None:
        kind, _, name = change.key.partition(".")
        if kind == ASKED:
            each = _read(Subscription, change.body)
            self._asked.pop(name, None)
            if each:
                self._asked[name] = each, change.sequence
        elif kind == CONFIRMED:
            told = _read(Confirmation, change.body)
            self._told.pop(name, None)
            if told and told.state == "unsubscribed":
                self._told[name] = told


def _read(contract: type[C], body: bytes | None) -> C | None:
    try:
        return contract.model_validate_json(body) if body else None
    except ValidationError:
        return None
