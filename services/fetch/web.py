"""The web, asked politely: robots.txt heeded, one request to a server at a time, and left alone when it says so."""

import asyncio
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, Protocol
from urllib.parse import urlsplit

from services.fetch.core import Fetched, retry_after
from services.fetch.feeds.entry import digest
from services.fetch.hearing import Hearing
from services.fetch.hosts import Hosts
from services.fetch.http import Dropped
from services.fetch.redirects import followed
from services.fetch.robots import Robots
from shared.contracts.render import NO_RENDERER
from shared.errors import DependencyDown, Outcome
from shared.failpoints import failpoint
from shared.guard import Endpoint, check_url
from shared.hearing import UNHEARD
from shared.subjects import token

FEED_PATIENCE, PAGE_PATIENCE = 5.0, 120.0
"""Seconds to wait for a server: a feed's turn comes again soon, a page belongs to a look that is under way."""
WITHIN: Final = 60.0
"""Seconds for an answer besides that patience: robots.txt and all redirects together, each of which has 30 at most."""
UNASKED_WAIT: Final = 600.0
"""Seconds for a path that was refused without a word on when to come again."""
_REFUSING: Final = frozenset({429, 503})
_NOTHING: Mapping[str, str] = MappingProxyType({})


class Trouble(Exception):
    """No answer that could be used. `name` is one of a closed list; `wait`: seconds that the server asked for.

    `ours`: nobody answers us at all, so that it says nothing of who was asked.
    """

    def __init__(self, name: str, detail: str = "", wait: float | None = None, *, ours: bool = False) -> None:
        super().__init__(f"{name}: {detail}" if detail else name)
        self.name, self.detail, self.wait, self.ours = name, detail, wait, ours


class Asks(Protocol):
    """The guarded client's `ask`."""

    async def ask(self, url: str, conditions: Mapping[str, str] = _NOTHING) -> Fetched:
        """The answer of `url`, whatever its status; of a redirect, where it leads."""
        ...


class Web:
    """Asks servers. `agent`: the name that robots.txt knows us by; `allowed`: endpoints that are reached anyway.

    `renderer`: what asks for pages that are to be rendered, where there is one. `hearing`: for who knows more of it.
    """

    def __init__(
        self,
        client: Asks,
        hosts: Hosts,
        agent: str,
        clock: Callable[[], float],
        allowed: frozenset[Endpoint],
        renderer: Asks | None = None,
    ) -> None:
        self._client, self._hosts, self._allowed, self._renderer = client, hosts, allowed, renderer
        self.robots = Robots(agent, self._ask_for_robots, clock)
        self.hearing = Hearing(lambda: 1)

    async def ask(
        self, url: str, conditions: Mapping[str, str] = _NOTHING, *, patience: float, render: bool = False
    ) -> Fetched:
        """The answer of `url`, whatever its status, following redirects; each server on the way is asked as politely.

        `render`: as a browser shows it, which follows redirects by itself.

        Raises:
            Trouble: robots.txt forbids it, there is no answer, or nothing that renders.
            Busy: the server cannot be asked within `patience` seconds.
            DependencyDown: what it answers cannot be archived, or NATS is away.
        """
        client = self._renderer if render else self._client
        if client is None:
            raise Trouble(NO_RENDERER, "its pages are to be rendered, which takes the running services")
        try:
            async with asyncio.timeout(patience + WITHIN):
                return await followed(url, lambda place: self._allowed_turn(client, place, conditions, patience))
        except TimeoutError as error:
            bound = f"{patience + WITHIN:g} s, with its robots.txt and all redirects"
            raise Trouble("timeout", f"not done in {bound}") from error
        except DependencyDown:  # the archive cannot be written: the stage waits, and the source is not to blame
            raise
        except Outcome as outcome:
            raise Trouble(outcome.reason, outcome.detail, getattr(outcome, "retry_after", None)) from outcome

    async def _allowed_turn(self, client: Asks, url: str, conditions: Mapping[str, str], patience: float) -> Fetched:
        check_url(url, self._allowed)
        rules = await self.robots.rules(url)
        if not await self.robots.allow(rules, url):
            name = "robots_disallowed" if rules.reachable else "robots_unreachable"
            raise Trouble(name, "by its robots.txt", ours=not rules.reachable and self.hearing.deaf)
        return await self._turns(client, url, conditions, patience, rules.delay(self.robots.agent))

    async def _ask_for_robots(self, url: str) -> Fetched:
        return await followed(url, lambda place: self._turns(self._client, place, _NOTHING, PAGE_PATIENCE, None))

    async def _turns(
        self, client: Asks, url: str, conditions: Mapping[str, str], patience: float, delay: float | None
    ) -> Fetched:
        """One turn; a second one, an interval later, where the server had hung up on the connection of the first."""
        try:
            return await self._turn(client, url, conditions, patience, delay)
        except Dropped:
            return await self._turn(client, url, conditions, patience, delay)

    async def _turn(
        self, client: Asks, url: str, conditions: Mapping[str, str], patience: float, delay: float | None
    ) -> Fetched:
        parts = urlsplit(url)
        name, path = token(parts.netloc.lower()), digest(f"{parts.path}?{parts.query}")
        async with self._hosts.turn(name, path, patience=patience, interval=delay):
            try:
                answer = await client.ask(url, conditions)
            except (Outcome, Trouble) as met:
                self._missed(name, met)
                raise
            if self.hearing.heard():
                self.robots.ask_again()
            failpoint("after_fetch")
            if answer.status in _REFUSING:
                asked = retry_after(answer.headers.get("Retry-After", ""), answer.fetched_at)
                await self._hosts.limit(name, path, asked if asked is not None else UNASKED_WAIT)
            return answer

    def _missed(self, server: str, met: Outcome | Trouble) -> None:
        """Note that a server gave no answer.

        Raises:
            Trouble: it is ours, as nobody gives one.
        """
        name = met.reason if isinstance(met, Outcome) else met.name
        if name in UNHEARD and self.hearing.missed(server):
            raise Trouble(name, met.detail, ours=True) from met
