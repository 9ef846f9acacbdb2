"""`newswire tail` on a real server."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from shared.contracts import Origin
from tests.integration.ctl.conftest import Wire
from tests.servers import Server


@asynccontextmanager
async def _listening(wired: Wire, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    async with wired.started("tail", *arguments) as process:
        assert process.stderr
        assert b"listening" in await asyncio.wait_for(process.stderr.readline(), 30)
        yield process


async def _next(process: asyncio.subprocess.Process) -> str:
    assert process.stdout
    return (await asyncio.wait_for(process.stdout.readline(), 30)).decode()


async def test_outcomes_pass_line_by_line_until_ctrl_c(wired: Wire) -> None:
    async with _listening(wired) as process:
        await wired.indexed(Origin(7, 1))
        assert "indexed (new)  harbour  Ferries resume  7:1:0" in await _next(process)
        await wired.skip(Origin(7, 2))
        assert "skipped by index  harbour  unchanged" in await _next(process)
        await wired.bury(Origin(7, 3))
        assert "dead letter of parse  harbour  invalid_json: line 1 column 2" in await _next(process)
        process.send_signal(signal.SIGINT)
        _, err = await process.communicate()
        assert process.returncode == 0
        assert b"Traceback" not in err


async def test_any_subject_as_json(wired: Wire) -> None:
    async with _listening(wired, "news.raw.>", "--json") as process:
        await wired.raw(body=b"12345")
        assert json.loads(await _next(process)) == {"subject": "news.raw.harbour", "bytes": 5}
        process.send_signal(signal.SIGINT)
        await process.communicate()
        assert process.returncode == 0


async def test_a_lost_server_ends_it(wired: Wire, nats_server: Server) -> None:
    async with _listening(wired) as process:
        nats_server.kill()
        _, err = await asyncio.wait_for(process.communicate(), 30)
        assert process.returncode == 1
        assert b"connection to NATS was lost" in err
        nats_server.start()


@pytest.mark.parametrize("pattern", ["a b", "a..b", ".", "news.>.x", "x" * 600, "a*", ""])
async def test_what_is_no_subject(wired: Wire, pattern: str) -> None:
    ended = await wired.run("tail", pattern)
    assert (ended.code, ended.out) == (2, "")
