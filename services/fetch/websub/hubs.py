"""The edge of WebSub in fetch: hubs are asked, what they pushed is read. What they say comes by the intake."""

import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final, NamedTuple, Protocol, TypeVar

import zstandard
from pydantic import ValidationError

from services.fetch.books import LARGEST, asked
from services.fetch.core import Fetched
from services.fetch.websub import lease
from shared import telemetry
from shared.bus import JetStreamContext, store
from shared.contracts import Confirmation, Contract, Push, Pushing, Subscription
from shared.errors import Outcome
from shared.subjects import ASKED, CONFIRMED, PUSHES, WEBSUB

C = TypeVar("C", bound=Contract)
PATH: Final = "/v1/websub/"
"""Where the intake answers hubs."""
AT_ONCE: Final = 5
"""Pushes that are read in one look, each of up to 2 MB; what is left comes with the next."""
TOLD_FOR: Final = 3_600.0
"""Seconds for which other replicas can learn that a push is read."""
_TAKEN: Final = range(200, 300)


class Sends(Protocol):
    """The guarded client's `send`."""

    async def send(self, url: str, form: Mapping[str, str]) -> Fetched:
        """The answer to a form."""
        ...


class Pushed(NamedTuple):
    """A push under its key; None where it cannot be read."""

    key: str
    push: Push | None


class Hubs:
    """Subscriptions and pushes. `callback`: where hubs reach the intake, as https://news.example."""

    def __init__(self, js: JetStreamContext, client: Sends, callback: str) -> None:
        self._js, self._client, self._callback = js, client, callback

    async def tend(self, source: str, feed: str, push: Pushing, now: datetime) -> Pushing:
        """Look after a subscription that is due: ask its hub, or learn what that said.

        Raises:
            DependencyDown: NATS is away.
        """
        told = await self._read(f"{CONFIRMED}.{push.id}", Confirmation)
        known, ask = lease.step(push, told[0], now)
        if not ask:
            return known
        secret = await self._keep(source, feed, known, now)
        problem = await self._ask(known, secret)
        telemetry.log("websub.asked", source=source, hub=known.hub, problem=problem)
        return lease.asked(known, now, problem)

    async def _keep(self, source: str, feed: str, push: Pushing, now: datetime) -> str:
        """Say what is asked for before it is: hubs may verify before they answer. The secret stays the same."""
        key = f"{ASKED}.{push.id}"
        before, revision = await self._read(key, Subscription)
        secret = before.secret if before else secrets.token_hex(32)
        wanted = Subscription(
            id=push.id, source=source, feed=feed, hub=push.hub, topic=push.topic, secret=secret, asked_at=now
        )
        await asked(store.put(self._js, WEBSUB.name, key, wanted.model_dump_json().encode(), revision))
        return secret

    async def _ask(self, push: Pushing, secret: str) -> str | None:
        return await self._send(push.hub, lease.form_of(push, f"{self._callback}{PATH}{push.id}", secret))

    async def _send(self, hub: str, form: Mapping[str, str]) -> str | None:
        """What went wrong, if anything did."""
        try:
            answer = await self._client.send(hub, form)
        except Outcome as outcome:
            return f"{outcome.reason}: {outcome.detail}"[:500]
        return None if answer.status in _TAKEN else f"HTTP {answer.status}"

    async def forget(self, push: Pushing, now: datetime) -> None:
        """Want it no more: its feed names another hub, or none.

        Raises:
            DependencyDown: NATS is away.
        """
        known, revision = await self._read(f"{ASKED}.{push.id}", Subscription)
        if known:
            with suppress(store.Conflict):
                await self.leave(known, revision, now)

    async def leave(self, each: Subscription, revision: int, now: datetime) -> None:
        """Ask a hub to end a subscription; what it then asks in return, the intake answers.

        Raises:
            Conflict: another replica does it, or it is wanted again.
            DependencyDown: NATS is away.
        """
        left = each.model_copy(update={"leaving": each.leaving + 1, "asked_at": now})
        await asked(store.put(self._js, WEBSUB.name, f"{ASKED}.{each.id}", left.model_dump_json().encode(), revision))
        problem = await self._send(each.hub, lease.ending(each, f"{self._callback}{PATH}{each.id}"))
        telemetry.log("websub.left", source=each.source, hub=each.hub, problem=problem)

    async def pushed(self, source: str) -> list[Pushed]:
        """What hubs pushed for a source and nobody has read.

        Raises:
            DependencyDown: NATS is away.
        """
        found: list[Pushed] = []
        for each in await asked(store.keys(self._js, PUSHES.name, source)):
            key = f"{source}.{each}"
            value = await asked(store.get(self._js, PUSHES.name, key))
            if value and value.body and len(found) < AT_ONCE:
                found.append(Pushed(key, _unpacked(value.body)))
        return found

    async def read(self, pushes: Sequence[Pushed]) -> None:
        """These are done with.

        Raises:
            DependencyDown: NATS is away.
        """
        for each in pushes:
            await asked(store.delete(self._js, PUSHES.name, each.key, TOLD_FOR))

    async def _read(self, key: str, contract: type[C]) -> tuple[C | None, int]:
        found = await asked(store.get(self._js, WEBSUB.name, key))
        try:
            value = contract.model_validate_json(found.body) if found and found.body else None
        except ValidationError:
            value = None
        return value, found.revision if found else 0


def _unpacked(body: bytes) -> Push | None:
    try:
        return Push.model_validate_json(zstandard.ZstdDecompressor().decompress(body, max_output_size=LARGEST))
    except (ValidationError, zstandard.ZstdError):
        return None
