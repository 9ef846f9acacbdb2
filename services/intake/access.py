"""Who may publish what: tokens, and how much of it. Pure."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from services.intake.problems import Problem
from shared.contracts import Access

SCHEME: Final = "bearer"
LONGEST: Final = 200
"""Characters of a token."""
HANDS, AT_ONCE = 16, 4
"""Requests whose bodies are in hand, each of up to 10 MB while it is worked on: of all, and of one source."""
_CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="newswire"'}


class Register:
    """The tokens there are. `loaded`: whether they were read at all."""

    def __init__(self) -> None:
        self.loaded = False
        self._sources: dict[str, Access] = {}
        self._holders: dict[str, str] = {}

    def put(self, source: str, access: Access | None) -> None:
        """What opens a source from now on; None: nothing."""
        before = self._sources.pop(source, None)
        for token in before.tokens if before else ():
            self._holders.pop(token.sha256, None)
        if access and access.source == source:
            self._sources[source] = access
            self._holders.update(dict.fromkeys((each.sha256 for each in access.tokens), source))

    def opened(self, source: str, authorization: str) -> Access:
        """What the holder of this header's token may do with the source.

        Raises:
            Problem: `token_missing`, `token_unknown`, `other_source`; `unavailable` while tokens are not known yet.
        """
        if not self.loaded:
            raise Problem("unavailable", "tokens are not read yet", wait=2)
        scheme, _, token = authorization.partition(" ")
        token = token.strip()
        if scheme.lower() != SCHEME or not 0 < len(token) <= LONGEST:
            raise Problem("token_missing", "send the header `Authorization: Bearer <token>`", headers=_CHALLENGE)
        found = hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
        access = self._sources.get(source)
        # whether it is this source's is told in constant time; a hash of what an attacker guesses steers nothing
        held = [hmac.compare_digest(each.sha256, found) for each in access.tokens] if access else []
        if access and any(held):
            return access
        if found in self._holders:
            raise Problem("other_source", f"it is not for {source}; one for it: newswire tokens add {source}")
        raise Problem(
            "token_unknown", "it was revoked, or never given out; a new one is known within seconds", headers=_CHALLENGE
        )


@dataclass(slots=True)
class Allowance:
    """What comes back evenly, up to a minute's worth. It may be overdrawn once; then it has to come back first."""

    per_minute: float
    level: float
    at: float

    def wait(self, now: float) -> float:
        """Seconds until one may be taken again."""
        self.level = min(self.per_minute, self.level + (now - self.at) * self.per_minute / 60)
        self.at = now
        return 0.0 if self.level >= 1 else (1 - self.level) * 60 / self.per_minute

    def take(self, amount: float) -> None:
        """Take, be it there or not."""
        self.level -= amount


@dataclass(slots=True)
class _Source:
    messages: Allowance
    bytes: Allowance


class Limiter:
    """Keeps each source within its limits, in this process."""

    def __init__(self) -> None:
        self._sources: dict[str, _Source] = {}

    def admit(self, access: Access, now: float) -> None:
        """A request of a source has come.

        Raises:
            Problem: `rate_limited`, with the seconds to wait.
        """
        known = self._known(access, now)
        wait = max(known.messages.wait(now), known.bytes.wait(now))
        if wait:
            limits = f"{access.messages_per_minute:,} articles and {access.bytes_per_minute:,} bytes"
            raise Problem("rate_limited", f"{access.source} may send {limits} a minute", wait=wait)

    def charge(self, source: str, *, messages: int = 0, size: int = 0) -> None:
        """Take what a request that was admitted turned out to have."""
        self._sources[source].messages.take(messages)
        self._sources[source].bytes.take(size)

    def _known(self, access: Access, now: float) -> _Source:
        limits = float(access.messages_per_minute), float(access.bytes_per_minute)
        fresh = [Allowance(each, each, now) for each in limits]
        known = self._sources.get(access.source)
        if known is None:
            known = self._sources[access.source] = _Source(fresh[0], fresh[1])
        elif (known.messages.per_minute, known.bytes.per_minute) != limits:
            known.messages, known.bytes = fresh
        return known


class Hands:
    """Shares out the requests that are in hand. A source may hold no more of them than it leaves free: however slowly
    the bodies of some come, others find a hand (the dynamic threshold of Choudhury and Hahne, 1998).
    """

    def __init__(self) -> None:
        self._held: Counter[str] = Counter()

    @contextmanager
    def taken(self, source: str) -> Generator[None]:
        """One is the source's, inside.

        Raises:
            Problem: `rate_limited`: it has as many as it may at all; `busy`: as many as it may now.
        """
        held, free = self._held[source], HANDS - self._held.total()
        if held >= AT_ONCE:
            raise Problem("rate_limited", f"{source} may have {AT_ONCE} requests under way at once", wait=1)
        if held >= free:
            raise Problem("busy", f"{HANDS - free} of {HANDS} requests are under way", wait=1)
        self._held[source] += 1
        try:
            yield
        finally:
            self._held[source] -= 1
            self._held = +self._held  # forgets who has none
