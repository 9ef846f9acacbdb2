"""The intake as a process: an HTTP server, and what it keeps up to date from NATS."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Final, NoReturn

from aiohttp import web

from services.intake.access import Register
from services.intake.books import Raw, Subscriptions, Tokens
from services.intake.door import Door
from services.intake.http import Intake
from services.intake.protocol import Protocol
from services.intake.settings import IntakeSettings
from shared import telemetry
from shared.bus import JetStreamContext
from shared.bus.daemon import Job, run_jobs
from shared.bus.health import die
from shared.settings import EXIT_CONFIG

FOLLOW_EVERY, LOOK_EVERY = 1.0, 5.0
"""Seconds after which a new token is known, a revoked one is not, and a stream that is gone is noticed."""
LINGER: Final = 2.0
"""Seconds for which the rest of a refused body is read, so that its sender sees the answer."""
GRACE: Final = 10.0
"""Seconds for requests under way to end, when told to stop."""


def run(settings: IntakeSettings) -> NoReturn:
    """Run until told to stop."""

    @asynccontextmanager
    async def jobs(js: JetStreamContext) -> AsyncGenerator[Sequence[Job]]:
        register, raw = Register(), Raw(js)
        tokens = Tokens(js, register)
        hooks = Subscriptions(js) if settings.websub_url else None
        telemetry.OUT.labels("intake")  # that it is there tells that the intake is
        async with listening(Intake(register, raw, hooks), settings):
            yield Job("tokens", tokens.follow, FOLLOW_EVERY), Job("stream", raw.look, LOOK_EVERY)

    run_jobs("intake", settings, jobs)


@asynccontextmanager
async def listening(intake: Intake, settings: IntakeSettings) -> AsyncGenerator[None]:
    """Answer requests, while inside; those under way may end.

    Where the address cannot be listened on the process ends, with exit 78.
    """
    runner = web.AppRunner(intake.app(), shutdown_timeout=LINGER)
    await runner.setup()
    assert runner.server  # noqa: S101 - made by the set-up
    intake.door = Door(partial(Protocol, runner.server, LINGER))
    try:
        server = await asyncio.get_running_loop().create_server(intake.door, settings.intake_host, settings.intake_port)
    except OSError as error:
        die(f"{settings.intake_host} port {settings.intake_port}: {error.strerror}", EXIT_CONFIG)
        raise
    try:
        yield
    finally:
        server.close()
        await intake.door.quiet(GRACE)  # the server itself reads no more of a body once it is told to end
        await runner.cleanup()
