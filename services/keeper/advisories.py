"""Turns the server's advisories into dead letters, where the bus did not write one itself.

The bus terminates a message only after the PubAck of its own dead letter, so nearly every MSG_TERMINATED advisory is
an echo of one. Who is to tell? JetStream drops a second message of the same id, but only for minutes. The ledger
knows for ever: an advisory is looked at after the streams were read to their ends, and the outcome that preceded the
advisory is then recorded. What has an outcome needs no dead letter. What the ledger does not follow (fetch, unreadable
origins) has the id.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from services.keeper.core import TRACKED, UNREADABLE_GENERATION, Ledger
from shared import telemetry
from shared.bus import Inbound, JetStreamContext, Msg, NatsError, dead, store, topology, wire
from shared.contracts import Origin
from shared.contracts.origin import MAX_SEQUENCE
from shared.errors import DependencyDown, Poison, PoisonReason
from shared.subjects import DLQ, KEEPER_ADVISORIES, STAGES, StageRow, stream_of

AT_ONCE = 100
WAIT = 0.2
"""Seconds to wait for an advisory."""
ECHO_WITHIN = timedelta(seconds=stream_of(DLQ).duplicate_window)
UNKNOWN = "_unknown"
"""The source of a message that is gone, when nothing says whose it was."""


class Advisory(NamedTuple):
    """What the server said about a message of a stage."""

    row: StageRow
    reason: PoisonReason
    sequence: int
    deliveries: int
    at: datetime


_REASONS: dict[str, PoisonReason] = {
    "io.nats.jetstream.advisory.v1.max_deliver": "max_deliveries",
    "io.nats.jetstream.advisory.v1.terminated": "terminated",
}
ADVISED = tuple(_REASONS.values())
"""Reasons of the dead letters that are written here."""


def read(body: bytes) -> Advisory | None:
    """The advisory, or None when it is not about a stage's message."""
    said = store.read_json(body)
    row = next((row for row in STAGES.values() if row.consumer.durable == said.get("consumer")), None)
    reason = _REASONS.get(str(said.get("type")))
    sequence, deliveries = _number(said.get("stream_seq")), _number(said.get("deliveries"))
    if not row or not reason or not sequence or not deliveries or row.consumer.stream != said.get("stream"):
        return None
    try:
        at = datetime.fromisoformat(str(said.get("timestamp"))[:19]).replace(tzinfo=UTC) + timedelta(seconds=1)
    except (ValueError, OverflowError):
        return None
    return Advisory(row, reason, sequence, deliveries, at)


def _number(value: object) -> int:
    return value if isinstance(value, int) and 0 < value <= MAX_SEQUENCE else 0


class Advisories:
    """The advisories that wait, oldest first."""

    def __init__(self, js: JetStreamContext) -> None:
        self._js = js
        self._sub: JetStreamContext.PullSubscription | None = None
        self._held: list[Msg] = []

    async def fetch(self) -> None:
        """Take what waits in hand, unless there is something in hand."""
        await topology.check(self._js, KEEPER_ADVISORIES)
        if not self._sub:
            self._sub = await self._js.pull_subscribe_bind(KEEPER_ADVISORIES.durable, KEEPER_ADVISORIES.stream)
        if not self._held:
            self._held = await store.waiting(self._sub, AT_ONCE, WAIT)

    async def settle(self, ledger: Ledger) -> bool:
        """Bury and acknowledge what is in hand; `ledger` was read to the ends since `fetch`. True when none is left.

        Raises:
            DependencyDown: a dead letter could not be stored. What is left stays in hand.
        """
        taken = len(self._held)
        while self._held:
            advisory = read(self._held[0].data)
            if advisory:
                await self._handled(ledger, advisory)
            await self._held[0].ack()
            self._held.pop(0)
        return taken < AT_ONCE

    async def _handled(self, ledger: Ledger, advisory: Advisory) -> None:
        """Handle one; what of its message cannot be read or published is left out, so that none is held up."""
        try:
            await self._handle(ledger, advisory)
        except (DependencyDown, NatsError, TimeoutError):
            raise
        except Exception as error:  # noqa: BLE001 - a publisher's message must not stop the keeper
            telemetry.bug("keeper.advisory", error, stage=advisory.row.name, sequence=advisory.sequence)
            inbound = await self._stand_in(ledger, advisory)
            why = Poison(advisory.reason, f"{advisory.sequence}: its message could not be read: {error}"[:300])
            await dead.bury(
                self._js, advisory.row.name, inbound, why, (advisory.row.consumer.stream, advisory.sequence)
            )

    async def _handle(self, ledger: Ledger, advisory: Advisory) -> None:
        row, stream = advisory.row, advisory.row.consumer.stream
        found = await self._original(advisory)
        if row.name not in TRACKED and not found and datetime.now(UTC) - advisory.at > ECHO_WITHIN:
            return  # a job, which is removed by terminating it; only the bus does that, after its dead letter
        inbound = found or await self._stand_in(ledger, advisory)
        if row.name in TRACKED and ledger.settled(inbound.source, inbound.origin):
            return
        detail = f"{stream} {advisory.sequence}: delivered {advisory.deliveries} times"
        if not found:
            detail += "; the message itself was gone when this was written"
        telemetry.warn("keeper.advisory", stage=row.name, reason=advisory.reason, detail=detail)
        await dead.bury(self._js, row.name, inbound, Poison(advisory.reason, detail), (stream, advisory.sequence))
        if found and row.name not in TRACKED:  # or it would keep the place of the next job of its subject
            await store.remove(self._js, stream, advisory.sequence)

    async def _original(self, advisory: Advisory) -> Inbound | None:
        row = advisory.row
        found = await store.message(self._js, row.consumer.stream, advisory.sequence)
        if not found or (found.time and found.time > advisory.at):  # the stream was made anew since
            return None
        epoch = topology.epoch_of_stream(await self._js.stream_info(row.consumer.stream))
        return store.inbound(found, row, epoch, advisory.deliveries)

    async def _stand_in(self, ledger: Ledger, advisory: Advisory) -> Inbound:
        """What can still be said of a message that is gone: in RAW its place is its origin, unless it was a replay."""
        row, sequence = advisory.row, advisory.sequence
        info = await self._js.stream_info(row.consumer.stream)
        same = info.created is None or info.created <= advisory.at
        origin = Origin(topology.epoch_of_stream(info) if same else 0, sequence)
        source = ledger.owner(origin) if same and row.name == "parse" else None
        if not source and row.name != "fetch":
            origin = origin._replace(generation=UNREADABLE_GENERATION)
        trace = wire.trace_id(None, origin, row.name)
        return Inbound(
            row.consumer.filters[0], source or UNKNOWN, b"", {}, origin, advisory.at, advisory.deliveries, trace
        )
