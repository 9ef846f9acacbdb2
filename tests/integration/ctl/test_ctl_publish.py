"""`newswire publish` on a real server."""

import asyncio
from pathlib import Path

import pytest
import zstandard

from shared.contracts import Origin
from shared.subjects import MAX_MESSAGE
from tests.integration.ctl.conftest import Wire


async def test_the_bytes_of_the_file_are_published_bare(wired: Wire) -> None:
    body = "Fähren fahren\r\n\r\nIm Mai.".encode()
    ended = await wired.run("publish", "--source", "harbour", "--json", wired.file("a.txt", body))
    stored = await wired.js.get_msg("RAW", 1)
    assert (ended.code, stored.data, stored.subject, stored.headers) == (0, body, "news.raw.harbour", None)
    [line] = ended.lines
    assert Origin.parse(line["origin"]).sequence == 1
    assert len(line["trace_id"]) == 32


async def test_what_is_stated_travels_and_a_large_body_is_compressed(wired: Wire) -> None:
    body = b"<p>" + b"ferry " * 10_000
    path = wired.file("a.html", body)
    options = ("--url", "https://harbour.example/ї\n1", "--content-type", "text/html")
    ended = await wired.run("publish", "--source", "Harbour Post", *options, path)
    stored = await wired.js.get_msg("RAW", 1)
    assert ended.code == 0
    assert stored.headers == {
        "Newswire-Url": "https://harbour.example/%D1%97%0A1",
        "Content-Type": "text/html",
        "Content-Encoding": "zstd",
    }
    assert zstandard.decompress(stored.data or b"") == body
    assert (stored.subject or "").startswith("news.raw.harbour-post-")


async def test_standard_input_can_be_published(wired: Wire) -> None:
    ended = await wired.run("publish", "--source", "harbour", "-", stdin=b"Ferries resume")
    assert ended.code == 0
    assert (await wired.js.get_msg("RAW", 1)).data == b"Ferries resume"


async def test_a_file_that_is_too_large_is_refused_by_name_and_the_others_are_published(wired: Wire) -> None:
    large, small = wired.file("large.html", b"x" * MAX_MESSAGE), wired.file("small.html", b"y")
    ended = await wired.run("publish", "--source", "harbour", "--json", large, small)
    assert ended.code == 1
    assert "large.html" in ended.err
    assert "bytes" in ended.err
    refused, published = ended.lines
    assert "larger than an article may be" in refused["error"]
    assert published["file"] == small


async def _answer(wired: Wire, how: str) -> None:
    """Stand in for the stages: once the raw message is there, its outcome."""
    published = await wired.js.pull_subscribe("news.raw.*", "parse", stream="RAW")
    await published.fetch(1, timeout=30)
    origin = await wired.origin(1)
    await wired.bury(origin, stage="fetch", reason="http_error")  # a job's, which happens to have the same numbers
    await {"dead": wired.bury, "skipped": wired.skip, "indexed": wired.indexed}[how](origin)


@pytest.mark.parametrize(
    ("how", "code", "said"),
    [
        ("skipped", 0, {"outcome": "skipped", "stage": "index", "reason": "unchanged", "article_id": "a-1"}),
        ("dead", 1, {"outcome": "dead", "stage": "parse", "reason": "invalid_json", "detail": "line 1 column 2"}),
        ("indexed", 1, {"outcome": "indexed", "action": "new", "headline": "Ferries resume"}),  # and no OpenSearch
    ],
)
async def test_wait_tells_the_outcome(wired: Wire, how: str, code: int, said: dict[str, object]) -> None:
    path = wired.file("a.txt", b"Ferries resume")
    answering = asyncio.create_task(_answer(wired, how))
    ended = await wired.run("publish", "--source", "harbour", "--wait", "--json", "--timeout", "5", path)
    await answering
    [line] = ended.lines
    assert ended.code == code
    assert line.items() >= said.items()
    assert line["milliseconds"] >= 0


async def test_wait_without_an_outcome_says_that_nothing_is_lost_and_how_to_look(wired: Wire) -> None:
    path = wired.file("a.txt", b"Ferries resume")
    ended = await wired.run("publish", "--source", "harbour", "--wait", "--timeout", "0.3", path)
    assert ended.code == 1
    assert "Nothing is lost" in ended.out
    assert "newswire trace" in ended.out


async def test_a_server_without_streams_says_what_to_run(bare_wire: Wire) -> None:
    ended = await bare_wire.run("publish", "--source", "harbour", bare_wire.file("a.txt", b"x"))
    assert ended.code == 1
    assert "newswire provision" in ended.err


async def test_when_the_stream_is_full_it_says_so_and_stops(wired: Wire) -> None:
    config = (await wired.js.stream_info("RAW")).config
    config.max_msgs = 1
    await wired.js.update_stream(config)
    paths = [wired.file(f"{number}.txt", b"Ferries") for number in range(4)]
    ended = await wired.run("publish", "--source", "harbour", "--json", *paths)
    assert ended.code == 1
    assert [set(line) >= {"file", "error"} for line in ended.lines] == [False, True]
    assert "the stream is full" in ended.err
    assert "2 more were not tried" in ended.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("publish", "--source", "a", "nosuch.html"), 2),
        (("publish", "a.html"), 2),
        (("publish", "--source", " ", "-"), 2),
        (("publish", "--source", "a"), 2),
        (("publish", "--source", "a", "--timeout", "soon", "-"), 2),
        (("nonsense",), 2),
        (("publish", "--nonsense"), 2),
        (("publish", "--source", "a", "-"), 1),
    ],
)
async def test_wrong_usage_and_dead_servers_end_in_a_sentence(
    tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    nowhere = Wire("nats://127.0.0.1:1", None, tmp_path)  # type: ignore[arg-type]
    ended = await nowhere.run(*arguments, stdin=b"")
    assert ended.code == code
    assert ended.out == ""
    assert "Error: " in ended.err
