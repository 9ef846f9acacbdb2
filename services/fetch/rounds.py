"""What fetch does beside its jobs, again and again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NoReturn

from shared import telemetry
from shared.bus import NatsError
from shared.errors import DependencyDown


async def rounds(name: str, every: float, work: Callable[[], Awaitable[object]]) -> NoReturn:
    """`work` again so many seconds after it ended, until cancelled. A fault or a bug costs a round, not all of them.

    `work` keeps nothing that it cannot read again. `name` is for the log.
    """
    while True:
        try:
            await work()
        except (NatsError, DependencyDown, TimeoutError, OSError) as error:
            telemetry.warn("connection.error", service="fetch", error=f"{name}: {error!r}"[:300])
        except Exception as error:  # noqa: BLE001 - a bug of one round must not end the rest
            telemetry.bug("service.unready", error, service="fetch", job=name)
        await asyncio.sleep(every)
