# Parts of the signatures of nats-py have no types.
# pyright: reportUnknownMemberType=false
"""A stage as a process: FastStream pulls, the settler settles, and everything that can stop it is watched."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import NoReturn

import nats.errors
from faststream import AckPolicy, FastStream
from faststream.nats import JStream, NatsBroker, PullSub
from faststream.nats.message import NatsMessage
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import ConsumerInfo

from shared import telemetry
from shared.bus import connection, topology
from shared.bus.gate import Gate
from shared.bus.health import Health, die
from shared.bus.lease import Leases
from shared.bus.message import Inbound, Outbound, Result
from shared.bus.process import prepare
from shared.bus.settle import MADE_ANEW, BatchHandler, Settler
from shared.contracts import Stage
from shared.errors import POISON_REASONS, TRANSIENT_REASONS
from shared.settings import Settings
from shared.subjects import STAGES, StageRow

Handler = Callable[[Inbound], Awaitable[Outbound]]

GRACE = 15.0
"""Seconds for work in hand to end after SIGTERM; containers get 30."""
CHECK_EVERY, GONE_AFTER = 5.0, 30.0
"""Seconds between two looks at the consumer, and without a good one before the process leaves."""
UNREADY_AFTER, DEAF_AFTER = 30.0, 60.0
"""Seconds of waiting for a dependency before the stage says so, and without an answer on a live connection."""
PULL_WAIT = 5.0
"""Seconds a pull waits for a message; also how long a pull lost in a reconnect can cost."""


@dataclass(frozen=True, slots=True)
class Batch:
    """How many messages a batch handler is given at most, and for how long (seconds) a batch is filled."""

    size: int = 500
    fill: float = 0.5


Connected = Callable[[JetStreamContext], AbstractAsyncContextManager[object]]
"""Opens what a service does with NATS besides its messages."""


def _no_more(_js: JetStreamContext) -> AbstractAsyncContextManager[object]:
    return nullcontext()


@dataclass(frozen=True, slots=True)
class Service:
    """A stage and its handler. `resources` is open while the service runs, `connected` while it has NATS.

    `concurrency`: messages in hand at once, for a handler of one. `independent`: each is replaced as it ends, for
    handlers that take long and unequal times; otherwise all of a pull end before the next, which costs less.
    """

    stage: Stage
    settings: Settings
    handler: BatchHandler
    concurrency: int = 32
    independent: bool = False
    batch: Batch | None = None
    resources: AbstractAsyncContextManager[object] = nullcontext()  # noqa: RUF009 - it holds nothing
    connected: Connected = _no_more


def single(handler: Handler) -> BatchHandler:
    """Make a handler of batches of one from a handler of one message."""

    async def handle(batch: Sequence[Inbound]) -> Sequence[Result]:
        return ((await handler(batch[0]),),)

    return handle


def run(service: Service) -> NoReturn:
    """Run until SIGTERM or SIGINT; the process's exit status says how it went."""
    settings = service.settings
    health = prepare(settings)
    asyncio.run(_Run(service, health).app().run())
    sys.exit(0)


class _Run:
    def __init__(self, service: Service, health: Health) -> None:
        self._service, self._health = service, health
        self._row: StageRow = STAGES[service.stage]
        self._gate = Gate(service.stage)
        self._leases = Leases(self._row.consumer.ack_wait)
        self._settler: Settler | None = None
        self._client: Client | None = None
        self._broker = self._make_broker()

    def app(self) -> FastStream:
        self._subscribe()
        self._app = FastStream(self._broker, logger=None, lifespan=self._lifespan, after_startup=[self._started],
                               on_shutdown=[self._stopping])  # fmt: skip
        return self._app

    def _make_broker(self) -> NatsBroker:
        settings, name = self._service.settings, self._service.stage
        return NatsBroker(
            settings.nats_url,
            inbox_prefix=connection.inbox(name),
            graceful_timeout=GRACE,
            ack_policy=AckPolicy.MANUAL,
            apply_types=False,
            logger=None,
            **(connection.options(settings, name) | connection.lasting(self._health, settings, name)),
        )

    def _subscribe(self) -> None:
        service, consumer = self._service, self._row.consumer
        batch = service.batch
        size = batch.size if batch else service.concurrency
        pulls = PullSub(size, timeout=batch.fill if batch else PULL_WAIT, batch=bool(batch))
        subscriber = self._broker.subscriber(
            consumer.filters[0],
            durable=consumer.durable,
            stream=JStream(consumer.stream, declare=False),
            pull_sub=pulls,
            max_workers=service.concurrency if service.independent else 1,
            inbox_prefix=f"{connection.inbox(service.stage)}.".encode(),
            ack_policy=AckPolicy.MANUAL,
            no_reply=True,
            decoder=_undecoded,
        )
        subscriber(self._deliver_many if batch else self._deliver_one)

    async def _deliver_one(self, msg: Msg) -> None:
        assert self._settler  # noqa: S101 - the subscription starts after the lifespan has made it
        await self._settler.deliver([msg], self._service.handler)

    async def _deliver_many(self, msgs: list[Msg]) -> None:
        assert self._settler  # noqa: S101 - as above
        await self._settler.deliver(msgs, self._service.handler)

    @asynccontextmanager
    async def _lifespan(self) -> AsyncGenerator[None]:
        async with asyncio.TaskGroup() as tasks:
            beats = tasks.create_task(self._beat())  # before what a service loads, which may take its time
            _on_signal(self._give_up)  # the framework looks at its own only once all is started
            async with self._service.resources:
                self._client = await self._broker.connect()
                js: JetStreamContext = self._client.jetstream(timeout=PULL_WAIT)
                info = await self._bound(js)
                self._settler = Settler(self._row, js, self._gate, self._leases, info)
                others = [tasks.create_task(self._leases.beat()), tasks.create_task(self._stay_bound(js))]
                _on_signal(self._app.exit)
                async with self._service.connected(js):
                    yield
                for task in others:
                    task.cancel()
            beats.cancel()

    async def _bound(self, js: JetStreamContext) -> ConsumerInfo:
        """The consumer, once it is there as it should be; provisioning may still be at work."""
        while True:
            try:
                info = await topology.check(js, self._row.consumer)
                topology.epoch_of(info)
            except (nats.errors.Error, topology.TopologyError, TimeoutError) as error:
                self._unready(f"consumer {self._row.consumer.durable}: {error}")
                await asyncio.sleep(1)
            else:
                return info

    async def _stay_bound(self, js: JetStreamContext) -> None:
        assert self._settler  # noqa: S101 - made just before
        seen = time.monotonic()
        while True:
            await asyncio.sleep(CHECK_EVERY)
            try:
                info = await topology.check(js, self._row.consumer)
                if topology.epoch_of(info) != self._settler.epoch:
                    die(MADE_ANEW)
            except (nats.errors.Error, topology.TopologyError, TimeoutError) as error:
                self._unready(f"consumer {self._row.consumer.durable}: {error}")
                self._leave_in_time(error, time.monotonic() - seen)
                continue
            seen = time.monotonic()
            if self._gate.down_for > UNREADY_AFTER:
                self._unready(f"waiting for {UNREADY_AFTER:.0f} s and more: {self._gate.reason}")
            else:
                self._ready()

    def _leave_in_time(self, error: Exception, blind: float) -> None:
        """End the process when only that can help: the consumer is gone, or nobody answers on a live connection."""
        if not isinstance(error, TimeoutError):  # nats-py's time-out is one, too
            if blind > GONE_AFTER:
                die(f"consumer {self._row.consumer.durable} has been gone for {GONE_AFTER:.0f} s")
        elif blind > DEAF_AFTER and self._client and self._client.is_connected:
            die(f"connected to NATS, and nothing was heard for {DEAF_AFTER:.0f} s")

    def _give_up(self) -> None:
        """Leave before the start was finished: nothing is in hand yet."""
        telemetry.log("service.stopped", service=self._service.stage)
        sys.stdout.flush()
        os._exit(0)

    def _ready(self) -> None:
        if not self._health.ready and not self._health.stopping:
            self._health.ready, self._health.reason = True, "ok"
            telemetry.log("service.ready", service=self._service.stage)

    def _unready(self, reason: str) -> None:
        if self._health.reason != reason and not self._health.stopping:
            self._health.ready, self._health.reason = False, reason
            telemetry.warn("service.unready", service=self._service.stage, detail=reason)

    async def _beat(self) -> None:
        while True:
            self._health.touch(self._service.settings.heartbeat_file)
            await asyncio.sleep(1)

    async def _started(self) -> None:
        telemetry.expect_dead(self._service.stage, (*POISON_REASONS, *TRANSIENT_REASONS))
        telemetry.log("service.started", service=self._service.stage)
        self._ready()

    async def _stopping(self) -> None:
        self._health.ready, self._health.reason, self._health.stopping = False, "stopping", True
        self._gate.stop()
        telemetry.log("service.stopped", service=self._service.stage)


def _on_signal(action: Callable[[], None]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, action)


async def _undecoded(msg: NatsMessage) -> Msg:
    """Hand the client's own message to the handler: its body is decoded by the contract, not by guessing."""
    return msg.raw_message
