"""The parser as a process that answers line by line."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import click

from shared.contracts import RawRecord, Reparsed

LINE_LIMIT: Final = 32 * 1024 * 1024
"""Bytes of an answer."""
STOP_SECONDS: Final = 5.0

Process = asyncio.subprocess.Process


async def answers(records: AsyncIterator[RawRecord]) -> AsyncGenerator[Reparsed]:
    """What the parser makes of raw messages, in their order; only so many are under way at once.

    Raises:
        ClickException: the parser ended before it had answered, or a record cannot be read.
    """
    async with _started() as process:
        asking = asyncio.create_task(_ask(process, records))
        try:
            assert process.stdout is not None  # noqa: S101 - a pipe was asked for
            while line := await process.stdout.readline():
                yield Reparsed.model_validate_json(line)
            if not asking.done() or await process.wait():
                raise click.ClickException("the parser ended before it had answered; see its error output above")
            await asking  # and raise what it raised
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)


@asynccontextmanager
async def _started() -> AsyncGenerator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.parse.again", stdin=subprocess.PIPE, stdout=subprocess.PIPE, limit=LINE_LIMIT,
        start_new_session=True,  # Ctrl-C is for us: we end it
    )  # fmt: skip
    try:
        yield process
    finally:
        await _stop(process)


async def _ask(process: Process, records: AsyncIterator[RawRecord]) -> None:
    assert process.stdin is not None  # noqa: S101 - a pipe was asked for
    try:
        with suppress(ConnectionError):  # it ended; what it answered tells
            async for record in records:
                process.stdin.write(record.model_dump_json().encode() + b"\n")
                await process.stdin.drain()
    finally:
        process.stdin.close()


async def _stop(process: Process) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
