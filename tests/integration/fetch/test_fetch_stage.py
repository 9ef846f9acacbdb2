"""The fetch service as a process on a real nats-server: jobs in, raw messages and dead letters out."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import zstandard
from nats.aio.msg import Msg
from nats.js import JetStreamContext

from shared.contracts import DeadLetter, FetchJob
from shared.subjects import DLQ, JOBS, RAW, SKIPPED
from tests.fakes.hostile_http import HostileServer, answer, hostile_server, moved

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def site() -> AsyncIterator[HostileServer]:
    async with hostile_server() as server:
        yield server


@asynccontextmanager
async def fetch_service(nats_url: str, site: HostileServer) -> AsyncIterator[None]:
    """`python -m services.fetch`, which may reach `site`; it leaves with status 0 when told to."""
    environment = os.environ | {"NEWSWIRE_NATS_URL": nats_url, "NEWSWIRE_FETCH_ALLOW": f"127.0.0.1:{site.port}"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.fetch", cwd=ROOT, env=environment, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(25):
            assert await process.wait() == 0


async def outcome(js: JetStreamContext, url: str, subject: str) -> Msg:
    """The message on `subject` that the job for `url` ends in."""
    watched = await js.subscribe(subject, ordered_consumer=True)
    await js.publish(JOBS.of("a-source"), FetchJob(url=url).model_dump_json().encode())
    message = await watched.next_msg(timeout=20)
    await watched.unsubscribe()
    return message


async def settled(js: JetStreamContext) -> bool:
    """Whether no job is left, soon."""
    for _ in range(50):
        if (await js.stream_info("JOBS")).state.messages == 0:
            return True
        await asyncio.sleep(0.1)
    return False


async def test_a_job_ends_as_a_raw_message(nats_url: str, js: JetStreamContext, site: HostileServer) -> None:
    large = b"<p>" + b"Text " * 10_000
    site.pages = {"/": moved("/final"), "/final": answer(large, content_type="text/html; charset=utf-8")}

    async with fetch_service(nats_url, site):
        raw = await outcome(js, f"{site.url}/", RAW.of("a-source"))
        assert await settled(js)

    assert raw.headers is not None
    assert raw.headers["Content-Type"] == "text/html; charset=utf-8"
    assert raw.headers["Newswire-Url"] == f"{site.url}/final"
    assert raw.headers["Newswire-Requested-Url"] == f"{site.url}/"
    assert raw.headers["Content-Encoding"] == "zstd"
    assert zstandard.decompress(raw.data) == large


async def test_jobs_that_cannot_work_end_as_dead_letters(
    nats_url: str, js: JetStreamContext, site: HostileServer
) -> None:
    async with fetch_service(nats_url, site):
        for url, reason in [
            ("http://169.254.169.254/latest/meta-data/", "blocked_address"),
            ("file:///etc/passwd", "invalid_url"),
            (f"{site.url}/gone", "http_error"),
        ]:
            dead = await outcome(js, url, DLQ.of("fetch", "a-source"))
            assert dead.headers is not None
            letter = DeadLetter.model_validate_json(dead.headers["Newswire-Dead-Letter"])
            assert (letter.reason, letter.stage, letter.attempt) == (reason, "fetch", 1)
            assert FetchJob.model_validate_json(dead.data).url == url
            await js.purge_stream("DLQ")
        assert await settled(js)


async def test_a_page_that_did_not_change_is_skipped(nats_url: str, js: JetStreamContext, site: HostileServer) -> None:
    site.pages["/"] = answer(b"", "304 Not Modified")

    async with fetch_service(nats_url, site):
        skip = await outcome(js, f"{site.url}/", SKIPPED.of("fetch", "a-source"))

    assert b'"not_modified"' in skip.data
