"""`newswire dlq` on dead letters as the bus makes them."""

from shared.contracts import Origin
from shared.subjects import DLQ, stream_of
from tests.integration.ctl.conftest import OBSERVED, Wire


async def _left(wired: Wire) -> int:
    return (await wired.js.stream_info(stream_of(DLQ).name)).state.messages


async def test_dead_letters_are_listed_by_reason_and_source(wired: Wire) -> None:
    await wired.bury(Origin(7, 1), reason="invalid_json")
    await wired.bury(Origin(7, 2), reason="empty_body", source="lighthouse", body=b"")
    await wired.bury(Origin(7, 3), reason="empty_body", stage="index")
    everything = (await wired.run("dlq", "list", "--json")).lines
    assert [each["number"] for each in everything] == [1, 2, 3]
    assert everything[0]["origin"] == "7:1:0"
    assert everything[0]["bytes"] == len(b"{broken")
    by_reason = (await wired.run("dlq", "list", "--reason", "empty_body", "--json")).lines
    assert [each["number"] for each in by_reason] == [2, 3]
    by_both = (await wired.run("dlq", "list", "--reason", "empty_body", "--source", "harbour", "--json")).lines
    assert [each["number"] for each in by_both] == [3]
    human = await wired.run("dlq", "list")
    assert "3 dead letters: empty_body 2, invalid_json 1" in human.out
    assert "invalid_json: line 1 column 2" in human.out


async def test_an_empty_queue_says_so(wired: Wire) -> None:
    assert (await wired.run("dlq", "list")).out == "no dead letters\n"
    assert (await wired.run("dlq", "list", "--json")).out == ""


async def test_show_tells_all_and_gives_the_bytes_back(wired: Wire) -> None:
    await wired.bury(Origin(7, 1), body=b"\x00\xff\x1b[2J", **{"content-type": "text/html"})
    shown = await wired.run("dlq", "show", "1")
    assert shown.code == 0
    for text in ("invalid_json", "7:1:0", "content-type: text/html", "00 ff 1b 5b 32 4a", "line 1 column 2"):
        assert text in shown.out
    assert "\x1b" not in shown.out
    async with wired.started("dlq", "show", "1", "--body") as process:
        out, _ = await process.communicate()
    assert out == b"\x00\xff\x1b[2J"


async def test_a_number_that_is_not_there(wired: Wire) -> None:
    for arguments in (("show", "9"), ("drop", "9", "--yes"), ("replay", "9")):
        ended = await wired.run("dlq", *arguments)
        assert ended.code == 1
        assert "there is no dead letter 9" in ended.err


async def test_a_replay_is_the_original_as_the_next_generation_and_the_letter_goes(wired: Wire) -> None:
    await wired.bury(Origin(7, 1, 3), **{"content-type": "text/html", "newswire-url": "https://harbour.example/1"})
    ended = await wired.run("dlq", "replay", "1")
    assert (ended.code, await _left(wired)) == (0, 0)
    again = await wired.js.get_msg("RAW", 1)
    headers = again.headers or {}
    assert (again.subject, again.data) == ("news.replay.parse.harbour", b"{broken")
    assert headers["Newswire-Origin"] == "7:1:4"
    assert headers["Newswire-Observed-At"] == OBSERVED.isoformat()
    assert headers["Nats-Msg-Id"] == "replay:parse:7:1:4"
    assert headers["content-type"] == "text/html"
    assert headers["newswire-url"] == "https://harbour.example/1"
    assert headers["traceparent"].split("-")[1] == "ab" * 16
    assert "Newswire-Dead-Letter" not in headers


async def test_a_fetch_job_is_published_again(wired: Wire) -> None:
    body = b'{"url":"https://harbour.example/1"}'
    await wired.bury(Origin(7, 1), stage="fetch", body=body, reason="http_error")
    assert (await wired.run("dlq", "replay", "1")).code == 0
    again = await wired.js.get_msg("JOBS", 1)
    assert (again.subject, again.data) == ("jobs.fetch.harbour", body)


async def test_what_cannot_be_replayed_stays_and_says_why_and_the_others_go(wired: Wire) -> None:
    await wired.bury(Origin(7, 1, 255))
    await wired.bury(Origin(7, 2))
    ended = await wired.run("dlq", "replay", "--all", "--yes")
    assert (ended.code, await _left(wired)) == (1, 1)
    assert "was replayed 255 times already" in ended.err
    assert "1 replayed, 1 not" in ended.out


async def test_all_of_a_reason_are_replayed_when_confirmed(wired: Wire) -> None:
    await wired.bury(Origin(7, 1), reason="empty_body")
    await wired.bury(Origin(7, 2), reason="resource_limit")
    chosen = ("dlq", "replay", "--all", "--reason", "resource_limit")
    refused = await wired.run(*chosen, stdin=b"n\n")
    assert (refused.code, await _left(wired)) == (1, 2)
    agreed = await wired.run(*chosen, stdin=b"y\n")
    assert (agreed.code, await _left(wired)) == (0, 1)
    assert [each["reason"] for each in (await wired.run("dlq", "list", "--json")).lines] == ["empty_body"]


async def test_drop_asks_and_says_that_it_stays_counted(wired: Wire) -> None:
    await wired.bury(Origin(7, 1))
    asked = await wired.run("dlq", "drop", "1", stdin=b"")
    assert (asked.code, await _left(wired)) == (1, 1)
    assert "stays counted as dead" in asked.out
    dropped = await wired.run("dlq", "drop", "1", "--yes")
    assert (dropped.code, await _left(wired)) == (0, 0)


async def test_wrong_usage_of_dlq(wired: Wire) -> None:
    for arguments in (
        ("replay",), ("replay", "1", "--all"), ("replay", "1", "--reason", "empty_body"), ("show", "0"), ("show", "x"),
        ("show", str(2**64)), ("list", "--reason", "bad"), ("drop",), ("nonsense",),
    ):  # fmt: skip
        ended = await wired.run("dlq", *arguments)
        assert (ended.code, ended.out) == (2, ""), arguments
