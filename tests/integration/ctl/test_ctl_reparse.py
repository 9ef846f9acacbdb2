"""`newswire reparse` over the stream: it reads what is there, compares with PARSED, and writes nothing."""

from datetime import UTC, datetime

from services.parse.core import parse_bytes
from shared.bus import wire
from shared.bus.message import Outbound
from shared.bus.publish import publish
from shared.contracts import Origin
from shared.subjects import PARSED, REPLAY_PARSE
from tests.integration.ctl.conftest import Wire, _inbound

PAGE = (
    "<html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>The ferries between the islands sail "
    "again since Monday morning, their owner said, after a winter of work on the northern pier.</p><p>Tickets cost as "
    "much as before, and the first boat leaves at six from the old harbour below the market.</p></article></body>"
)


async def _parsed(wired: Wire, origin: Origin, title: str, **changes: object) -> None:
    """What an earlier parser made of a raw message."""
    now = datetime.now(UTC)
    article = parse_bytes(PAGE.format(title=title).encode(), {}, "harbour", now, now=now)
    out = Outbound(article.model_copy(update={"parser_version": "0", **changes}))
    headers = wire.envelope("parse", _inbound(origin, "harbour", b"", {}, "x"), out, PARSED, 0, now)
    await publish(wired.js, PARSED.of("harbour"), wire.body_of(out.payload), headers)


async def _counts(wired: Wire) -> dict[str, int]:
    return {name: (await wired.js.stream_info(name)).state.last_seq for name in ("RAW", "PARSED", "EVENTS", "DLQ")}


async def test_what_an_earlier_version_made_is_compared_and_no_stream_is_written(wired: Wire) -> None:
    same = await wired.raw(body=PAGE.format(title="Ferries resume").encode())
    other = await wired.raw(body=PAGE.format(title="Boats stop").encode())
    skipped = await wired.raw("lighthouse", b"<h1>404 Not Found</h1><p>Nothing")
    await _parsed(wired, same, "Ferries resume")
    await _parsed(wired, other, "Boats stop", section="Harbour")
    await _parsed(wired, Origin(same.epoch, same.sequence, 1), "Ferries resume", parser_version="7")
    await wired.js.publish(PARSED.of("harbour"), b"{broken", headers={"Newswire-Origin": str(skipped)})
    before = await _counts(wired)

    ended = await wired.run("reparse", "--from-stream", "RAW", "--against", "0", "--json")

    told = ended.lines
    assert ended.code == 1
    assert [(each.get("key"), each.get("verdict")) for each in told[:-1]] == [
        (str(other), "changed"), (str(skipped), "not recorded"),
    ]  # fmt: skip
    assert told[0]["fields"] == {"section": ["Harbour", None]}
    assert told[1]["now"] == "skipped: error_page"
    assert told[-1]["summary"] == {"same": 1, "changed": 1, "other outcome": 0, "not recorded": 1, "gone": 0}
    assert await _counts(wired) == before


async def test_results_of_a_stream_are_saved_and_compared_and_replays_are_their_own(wired: Wire) -> None:
    origin = await wired.raw(body=PAGE.format(title="Ferries resume").encode())
    headers = {"Newswire-Origin": f"{origin.epoch}:{origin.sequence}:1"}
    await wired.js.publish(REPLAY_PARSE.of("harbour"), PAGE.format(title="Boats stop").encode(), headers=headers)
    results = str(wired.folder / "results.jsonl")

    saved = await wired.run("reparse", "--from-stream", "RAW", "--save", results)
    again = await wired.run("reparse", "--from-stream", "RAW", "--against", results)

    assert (saved.code, saved.out) == (0, "")
    assert again.code == 0
    assert "harbour         2     2" in again.out


async def test_a_version_that_never_was_and_an_empty_stream_are_said(wired: Wire) -> None:
    never = await wired.run("reparse", "--from-stream", "RAW", "--against", "99")
    empty = await wired.run("reparse", "--from-stream", "RAW", "--save", str(wired.folder / "results.jsonl"))

    assert never.code == 1
    assert "PARSED holds no article of parser version '99'" in never.err
    assert empty.code == 1
    assert "the stream RAW holds no message" in empty.err


async def test_without_streams_or_server_it_says_what_to_do(bare_wire: Wire) -> None:
    ended = await bare_wire.run("reparse", "--from-stream", "RAW", "--against", "1")

    assert ended.code == 1
    assert "run `newswire provision`" in ended.err
