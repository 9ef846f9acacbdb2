"""The parse service as a process on a real nats-server: raw messages in; articles, skips and dead letters out."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import zstandard
from nats.js import JetStreamContext

from shared.contracts import DeadLetter, ParsedArticle, SkipRecord
from shared.subjects import DLQ, PARSED, RAW, SKIPPED

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "deploy" / "local" / "samples"
SOURCE = "gazette"


@asynccontextmanager
async def parse_service(nats_url: str) -> AsyncIterator[int]:
    """`python -m services.parse`; it leaves with status 0 when told to."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.parse", cwd=ROOT, env=os.environ | {"NEWSWIRE_NATS_URL": nats_url},
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(25):
            assert await process.wait() == 0


async def settled(js: JetStreamContext) -> bool:
    """Whether every raw message is acknowledged, soon."""
    for _ in range(300):
        info = await js.consumer_info("RAW", "parse")
        if info.num_pending == 0 and info.num_ack_pending == 0:
            return True
        await asyncio.sleep(0.1)
    return False


async def last(js: JetStreamContext, stream: str, subject: str) -> bytes:
    return (await js.get_last_msg(stream, subject)).data or b""


async def test_raw_messages_end_as_articles_skips_and_dead_letters(nats_url: str, js: JetStreamContext) -> None:
    page = (SAMPLES / "page.html").read_bytes()
    broken = (SAMPLES / "broken.json").read_bytes()
    for subject, body, headers in (
        ("compressed", zstandard.compress(page), {"Content-Encoding": "zstd", "Content-Type": "text/html"}),
        ("text", (SAMPLES / "page.txt").read_bytes(), None),
        ("index", (SAMPLES / "index.html").read_bytes(), None),
        ("broken", broken, {"Content-Type": "application/json"}),
        ("deep", b"<div>" * 300_000, {"Content-Type": "text/html"}),
        ("empty", b"", None),
        ("envelope", (SAMPLES / "envelope.json").read_bytes(), None),
    ):
        await js.publish(RAW.of(subject), body, headers=headers)

    async with parse_service(nats_url):
        assert await settled(js)

    for source in ("compressed", "text", "envelope"):
        article = ParsedArticle.model_validate_json(await last(js, "PARSED", PARSED.of(source)))
        assert (article.source, bool(article.headline), bool(article.trace_id)) == (source, True, True)
    skipped = SkipRecord.model_validate_json(await last(js, "EVENTS", SKIPPED.of("parse", "index")))
    assert skipped.reason == "index_page"
    for source, reason in (("broken", "invalid_json"), ("deep", "too_deep"), ("empty", "empty_body")):
        dead = await js.get_last_msg("DLQ", DLQ.of("parse", source))
        letter = DeadLetter.model_validate_json((dead.headers or {})["Newswire-Dead-Letter"])
        assert (letter.reason, letter.attempt) == (reason, 1)
    assert await last(js, "DLQ", DLQ.of("parse", "broken")) == broken


async def test_articles_carry_the_trace_of_their_raw_message(nats_url: str, js: JetStreamContext) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01", "Newswire-Url": "https://gazette.example/a?utm_x=1"}
    await js.publish(RAW.of(SOURCE), (SAMPLES / "page.txt").read_bytes(), headers=headers)

    async with parse_service(nats_url):
        assert await settled(js)

    parsed = json.loads(await last(js, "PARSED", PARSED.of(SOURCE)))
    assert (parsed["trace_id"], parsed["canonical_url"]) == (trace, "https://gazette.example/a")


async def test_service_and_neighbours_live_when_a_child_is_killed(nats_url: str, js: JetStreamContext) -> None:
    async with parse_service(nats_url) as pid:
        await js.publish(RAW.of("first"), (SAMPLES / "page.txt").read_bytes())
        assert await settled(js)
        killer = asyncio.create_task(asyncio.to_thread(_kill_children, pid))
        for number in range(30):
            await js.publish(RAW.of(f"page-{number}"), (SAMPLES / "page.html").read_bytes())
        await killer
        assert await settled(js)

    assert (await js.stream_info("PARSED")).state.messages == 31
    assert (await js.stream_info("DLQ")).state.messages == 0


def _kill_children(service: int) -> None:
    """Kill the parser's children that are there now."""
    for zygote in _children(service):
        for child in _children(zygote):
            os.kill(child, signal.SIGKILL)


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
