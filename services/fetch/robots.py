"""robots.txt (RFC 9309): read once a day for each server, never more than 500 KiB of it."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from protego import Protego
from yarl import URL

from services.fetch.core import Fetched
from services.fetch.feeds.tree import decoded
from shared.errors import DependencyDown, Outcome

LIMIT: Final = 500 * 1024
"""Bytes: what RFC 9309 wants to be read at least. 3 MB of rules would take a second and 183 MB."""
FRESH: Final = 86_400.0
UNREACHABLE_FRESH: Final = 900.0
"""Seconds for which an answer counts, and for which none does."""
LONGEST_DELAY: Final = 30.0
"""Seconds of Crawl-delay that are heeded; some say a day."""
REMEMBERED: Final = 8 * 1024 * 1024
"""Bytes of the files whose rules are kept in memory, each with OVERHEAD: some 8,000 servers' usual ones. As rules they
take up to 17 times as much.
"""
OVERHEAD: Final = 200
ASIDE: Final = 32 * 1024
"""Bytes from which on rules are read and asked in a thread: half a megabyte of wildcards takes 3 s to read."""
_UNAVAILABLE: Final = range(400, 500)
_SAYS_NOTHING: Final = frozenset(
    {"unsupported_type", "binary_body", "empty_body", "unsupported_encoding", "blocked_address", "invalid_url"}
)
"""No rules, or an address that may not be asked, as the page itself will be told."""
_TOO_MANY: Final = 429


@dataclass(frozen=True, slots=True)
class Rules:
    """A server's rules for us. `reachable`: False while they cannot be had, and nothing may be fetched."""

    parser: Protego | None = None
    reachable: bool = True
    expires: float = 0.0
    size: int = 0
    """Bytes of the file."""

    def allow(self, url: str, agent: str) -> bool:
        """Whether `url` may be fetched."""
        if not self.reachable:
            return False
        return self.parser is None or bool(self.parser.can_fetch(url, agent))

    def delay(self, agent: str) -> float | None:
        """Seconds between two requests that the server asks for."""
        wanted = self.parser.crawl_delay(agent) if self.parser else None
        return min(float(wanted), LONGEST_DELAY) if wanted and wanted > 0 else None  # some say nan

    @property
    def sitemaps(self) -> list[str]:
        """The sitemaps it names."""
        return [str(each) for each in self.parser.sitemaps][:100] if self.parser else []


def rules_of(answer: Fetched | Outcome, now: float) -> Rules:
    """What an answer for robots.txt means (RFC 9309, 2.3.1): none is there, all may be fetched; no answer, nothing."""
    if isinstance(answer, Outcome):
        refused = answer.reason in _SAYS_NOTHING
        return Rules(expires=now + FRESH) if refused else Rules(None, False, now + UNREACHABLE_FRESH)  # noqa: FBT003
    if answer.status in _UNAVAILABLE and answer.status != _TOO_MANY:
        return Rules(expires=now + FRESH)
    if answer.status >= 300:  # noqa: PLR2004 - no success
        return Rules(None, False, now + UNREACHABLE_FRESH)  # noqa: FBT003
    body = answer.body[:LIMIT]
    return Rules(Protego.parse(decoded(body)), expires=now + FRESH, size=len(body))


class Robots:
    """The rules of servers. `get` asks for one address and raises what the client does."""

    def __init__(self, agent: str, get: Callable[[str], Awaitable[Fetched]], clock: Callable[[], float]) -> None:
        self.agent = agent
        self._get, self._clock = get, clock
        self._known: OrderedDict[str, Rules] = OrderedDict()
        self._size = 0

    async def rules(self, url: str) -> Rules:
        """The rules of the server of `url`."""
        origin = str(URL(url).origin())
        known = self._known.get(origin)
        if known is None or known.expires <= self._clock():
            known = await self._ask(origin)
            self._remember(origin, known)
        self._known.move_to_end(origin)
        return known

    def ask_again(self) -> None:
        """Forget those that could not be had: it was not they who were away."""
        for origin in [origin for origin, rules in self._known.items() if not rules.reachable]:
            self._size -= self._known.pop(origin).size + OVERHEAD

    async def allow(self, rules: Rules, url: str) -> bool:
        """Whether `url` may be fetched, by its server's rules."""
        if rules.size > ASIDE:
            return await asyncio.to_thread(rules.allow, url, self.agent)
        return rules.allow(url, self.agent)

    def _remember(self, origin: str, rules: Rules) -> None:
        """Let go of those that were asked for least lately, as far as there is no room."""
        if before := self._known.pop(origin, None):
            self._size -= before.size + OVERHEAD
        self._known[origin] = rules
        self._size += rules.size + OVERHEAD
        while self._size > REMEMBERED and len(self._known) > 1:
            _, oldest = self._known.popitem(last=False)
            self._size -= oldest.size + OVERHEAD

    async def _ask(self, origin: str) -> Rules:
        try:
            answer: Fetched | Outcome = await self._get(f"{origin}/robots.txt")
        except DependencyDown:
            raise
        except Outcome as outcome:
            answer = outcome
        if isinstance(answer, Fetched) and len(answer.body) > ASIDE:
            return await asyncio.to_thread(rules_of, answer, self._clock())
        return rules_of(answer, self._clock())
