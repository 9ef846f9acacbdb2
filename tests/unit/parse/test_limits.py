"""Messages that cost other parsers minutes or gigabytes: what each ends as, in a child, and what it takes at most."""

import os
import resource
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from services.parse.sandbox.pool import ParserPool
from services.parse.sandbox.request import ParseRequest
from shared.errors import Outcome
from shared.sandbox import Limits

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MEGABYTES = 400
"""Peak of a child: 100 when it is born, and what the largest page needs."""
PROSE = b"<p>The bakers of the old town stopped their ovens on Monday, their guild said in a letter to the mayor.</p>"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool() -> AsyncIterator[ParserPool]:
    async with ParserPool(1, Limits(wall=60, cpu=30, requests=1_000, growth=4 * 1024**3)) as made:
        yield made


def peak(pid: int) -> int:
    """The most memory a process has held, in MB."""
    line = next(each for each in Path(f"/proc/{pid}/status").read_text().splitlines() if each.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def cpu(pid: int) -> float:
    """Seconds of processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


CASES = [
    ("400 kB of div", "text/html", b"<div>" * 80_000, "too_deep"),
    ("348 kB of attributes", "text/html", b"<p " + b"".join(b"a%d=1 " % n for n in range(40_000)) + b">x",
     "too_many_nodes"),
    ("30 kB of <a", "text/html", b"<a " * 10_000, "too_many_nodes"),
    ("200,000 small tags", "text/html", b"<i>x</i>" * 100_000, "too_many_nodes"),
    ("tags misnested", "text/html", b"<b><div></b>" * 20_000, "too_deep"),
    ("comment that never ends", "text/html", b"<!--" * 500_000, "not_an_article"),
    ("quote that never ends", "text/html", b"<a b='" + b"<p>" * 500_000, "not_an_article"),
    ("script that never ends", "text/html", PROSE + b"<script>" + b"</scrip" * 300_000, "not_an_article"),
    ("entities", "text/html", b"<p>" + b"&amp;&#x41;&nosuch;" * 100_000, None),
    ("one line of 1.5 MB as a page", "text/html", b"<p>" + b"word " * 300_000, "too_large"),
    ("one line of 8 MB as a text", "text/plain", b"word " * 1_600_000, None),
    ("one word of 8 MB", "text/plain", b"x" * 8_000_000, None),
    ("10 MB", "text/plain", b"x" * 10_000_000, "too_large"),
    ("a million lines", "text/plain", b"a line\n" * 1_000_000, None),
    ("a million empty lines", "text/plain", b"x\n" + b"\n" * 1_000_000, "too_short"),
    ("a million times", "text/plain", b"20:50 07.06.2024\n" * 300_000, None),
    ("a million hashes", "text/plain", b"#a " * 1_000_000, None),
    ("billion laughs", "application/rss+xml",
     b'<!DOCTYPE l [<!ENTITY a "' + b"l" * 9 + b'"><!ENTITY b "&a;&a;">]><item>&b;</item>', "unsupported_type"),
    ("an entry of 60,000 elements", "application/rss+xml", b"<item>" + b"<a/>" * 60_000 + b"</item>", "too_many_nodes"),
    ("deep JSON", "application/json", b'{"body":' * 500_000, "invalid_json"),
]  # fmt: skip


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("content_type", "body", "reason"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
async def test_it_ends_soon_and_small(pool: ParserPool, content_type: str, body: bytes, reason: str | None) -> None:
    child = pool._idle[0].pid if pool._idle else 0
    before = cpu(child) if child else 0.0

    with pytest.raises(Outcome) as ended:
        await pool.run(ParseRequest(body, {"content-type": content_type}, "gazette", NOW, NOW, 2))

    assert reason is None or ended.value.reason == reason
    assert ended.value.reason != "resource_limit"
    assert pool._idle, "the child lives"
    spent, held = cpu(pool._idle[0].pid) - before, peak(pool._idle[0].pid)
    assert held < MEGABYTES
    assert spent < Limits().cpu, "a page is killed at this limit"


async def test_cpu_is_limited_by_the_kernel() -> None:
    slow = (b"<ul><li>a" * 60 + b"</ul>" * 60) * 100
    async with ParserPool(1, Limits(cpu=0, wall=60)) as pool:
        with pytest.raises(Outcome) as ended:
            await pool.run(ParseRequest(slow, {"content-type": "text/html"}, "gazette", NOW, NOW, 2))

    assert ended.value.reason == "resource_limit"


async def test_an_answer_longer_than_allowed_is_refused() -> None:
    body = b"<h1>Bakers of the old town strike for flour</h1>" + PROSE * 20
    async with ParserPool(1, Limits(answer=100)) as pool:
        with pytest.raises(Outcome) as ended:
            await pool.run(ParseRequest(body, {"content-type": "text/html"}, "gazette", NOW, NOW, 2))

    assert ended.value.reason == "resource_limit"


def test_the_service_itself_keeps_its_limits() -> None:
    assert resource.getrlimit(resource.RLIMIT_CPU)[0] == resource.RLIM_INFINITY
