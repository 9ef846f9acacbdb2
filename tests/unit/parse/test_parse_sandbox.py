"""The pool of children: whatever a page does to its child, the pool goes on."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.parse.sandbox import worker
from services.parse.sandbox.pool import ParserPool, _article
from services.parse.sandbox.request import ParseRequest
from shared.errors import DependencyDown, Poison, Skip, Transient
from shared.sandbox import Limits, WorkerBugError, child
from shared.sandbox.pool import _Answer as Answer
from shared.sandbox.pool import _outcome

MakePage = Callable[..., str]
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SLOW = (b"<ul><li>a" * 60 + b"</ul>" * 60) * 100
"""Passes the pre-scan and takes trafilatura many seconds."""


def request(body: bytes | str, attempt: int = 1, content_type: str = "text/html") -> ParseRequest:
    raw = body.encode() if isinstance(body, str) else body
    return ParseRequest(raw, {"content-type": content_type}, "gazette", NOW, NOW, attempt)


@pytest.fixture
async def pool() -> AsyncIterator[ParserPool]:
    async with ParserPool(2, Limits(wall=2.0)) as made:  # an ordinary page has time on a busy machine
        yield made


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def zygote_of(pool: ParserPool) -> int:
    assert pool._zygote
    return pool._zygote[0].pid


async def gone(pid: int) -> bool:
    """Whether the process ends soon; one that nobody waited for has ended."""
    for _ in range(500):
        if not alive(pid):
            return True
        await asyncio.sleep(0.01)
    return False


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


async def test_article_comes_back_as_the_core_makes_it(
    pool: ParserPool, page: MakePage, parsed: Callable[..., object]
) -> None:
    article = await pool.run(request(page()))

    assert article == parsed(page(), {"content-type": "text/html"})


async def test_skip_and_poison_come_back_with_reason_and_facts(pool: ParserPool) -> None:
    with pytest.raises(Skip) as skipped:
        await pool.run(request("<h1>A headline alone</h1>"))
    with pytest.raises(Poison) as poison:
        await pool.run(request(b"\x89PNG"))

    assert (skipped.value.reason, skipped.value.facts["headline"]) == ("too_short", "A headline alone")
    assert poison.value.reason == "binary_body"


async def test_many_requests_share_the_children(pool: ParserPool, page: MakePage) -> None:
    articles = await asyncio.gather(*(pool.run(request(page(title=f"Headline number {n} of many"))) for n in range(40)))

    assert [article.headline for article in articles] == [f"Headline number {n} of many" for n in range(40)]
    assert len(children(zygote_of(pool))) <= 2


async def test_page_that_takes_too_long_is_retried_once_and_then_poison(pool: ParserPool, page: MakePage) -> None:
    with pytest.raises(Transient) as first:
        await pool.run(request(SLOW))
    with pytest.raises(Poison) as second:
        await pool.run(request(SLOW, attempt=2))

    assert (first.value.reason, second.value.reason) == ("child_died", "resource_limit")
    assert (await pool.run(request(page()))).headline


async def test_neighbours_of_a_killed_page_are_parsed(pool: ParserPool, page: MakePage) -> None:
    bodies = [page(), SLOW, page(), SLOW, page()]
    results = await asyncio.gather(*(pool.run(request(body)) for body in bodies), return_exceptions=True)

    assert [isinstance(each, Transient) for each in results] == [False, True, False, True, False]


async def test_memory_is_limited(page: MakePage) -> None:
    async with ParserPool(1, Limits(memory=1024**2)) as pool:  # less than a child has at birth: nothing can be added
        with pytest.raises(Poison, match="resource_limit"):
            await pool.run(request(page("<p>" + "x" * 3_000_000), attempt=2))


async def test_killed_child_is_replaced(pool: ParserPool, page: MakePage) -> None:
    await pool.run(request(page()))
    for pid in children(zygote_of(pool)):
        os.kill(pid, signal.SIGKILL)

    with pytest.raises(Transient, match="child_died"):
        await pool.run(request(page()))
    assert (await pool.run(request(page()))).headline


async def test_killed_zygote_is_replaced(pool: ParserPool, page: MakePage) -> None:
    before = zygote_of(pool)
    os.kill(before, signal.SIGKILL)
    pool._idle[0].writer.transport.abort()  # its child as well
    await asyncio.gather(*(pool.run(request(page())) for _ in range(4)), return_exceptions=True)

    assert (await pool.run(request(page()))).headline
    assert zygote_of(pool) != before


async def test_cancelled_request_frees_its_place(pool: ParserPool, page: MakePage) -> None:
    at_work = [asyncio.create_task(pool.run(request(SLOW))) for _ in range(4)]
    await asyncio.sleep(0.1)
    for task in at_work:
        task.cancel()
    results = await asyncio.gather(*at_work, return_exceptions=True)

    assert all(isinstance(each, asyncio.CancelledError) for each in results)
    assert (await pool.run(request(page()))).headline


async def test_children_are_replaced_after_their_share_of_pages(page: MakePage) -> None:
    async with ParserPool(1, Limits(requests=2)) as pool:
        seen = set()
        for _ in range(4):
            seen.update(child.pid for child in pool._idle)
            await pool.run(request(page()))

    assert len(seen) >= 2


async def test_leaving_the_pool_ends_zygote_and_children(page: MakePage) -> None:
    async with ParserPool(1) as pool:
        await pool.run(request(page()))
        zygote = zygote_of(pool)
        born = children(zygote)

    assert born
    for pid in (zygote, *born):
        assert await gone(pid)


async def test_signals_of_a_terminal_leave_ending_to_the_service(pool: ParserPool, page: MakePage) -> None:
    for pid in (zygote_of(pool), *children(zygote_of(pool))):
        for each in (signal.SIGINT, signal.SIGTERM):
            os.kill(pid, each)

    assert (await pool.run(request(page()))).headline


async def test_children_die_with_a_service_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "service.py"
    script.write_text(
        "import asyncio\n"
        "from services.parse.sandbox.pool import ParserPool\n"
        "async def main():\n"
        "    async with ParserPool(1) as pool:\n"
        "        print(pool._zygote[0].pid, pool._idle[0].pid, flush=True)\n"
        "        await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    service = await asyncio.create_subprocess_exec(sys.executable, script, stdout=asyncio.subprocess.PIPE)
    assert service.stdout
    pids = [int(each) for each in (await service.stdout.readline()).split()]
    service.kill()
    await service.wait()

    for pid in pids:
        assert await gone(pid)


async def test_parser_that_cannot_start_stops_the_stage_instead_of_burning_deliveries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")

    with pytest.raises(DependencyDown):
        async with ParserPool(1):
            pass


def test_bug_of_the_parser_comes_back_with_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr(worker, "parse_bytes", broken)
    kind, content = child.answer(worker, request("x").dumps(), print)

    with pytest.raises(WorkerBugError, match="KeyError: 'a bug'"):
        _outcome(Answer(last=False, kind=kind, content=content))


def test_article_that_breaks_its_contract_is_a_bug() -> None:
    with pytest.raises(WorkerBugError, match="breaks its contract"):
        _article(b"{}")


def test_article_larger_than_a_message_is_poison(monkeypatch: pytest.MonkeyPatch, page: MakePage) -> None:
    monkeypatch.setattr(worker, "MAX_MESSAGE", worker.HEADROOM + 100)

    kind, content = child.answer(worker, request(page()).dumps(), print)

    assert kind == b"P"
    assert b"too_large" in content


def test_limits_and_requests_survive_their_wire_form() -> None:
    asked = request(b"\x00\xff", content_type="x")

    assert ParseRequest.loads(asked.dumps()) == asked
    assert Limits.loads(Limits(wall=1).dumps()) == Limits(wall=1)
