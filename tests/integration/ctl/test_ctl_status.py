"""`newswire status` and `newswire trace` on a real server; OpenSearch is away."""

import pytest

from shared.bus import store
from shared.contracts.balance import Balance
from shared.subjects import LEDGER, PARSED
from tests.integration.ctl.conftest import Wire


async def test_a_provisioned_server_is_well(wired: Wire) -> None:
    await wired.raw()
    ended = await wired.run("status", "--json")
    assert (ended.code, ended.err) == (0, "")
    stages = {each["stage"]: each for each in ended.lines if each["kind"] == "stage"}
    assert list(stages) == ["fetch", "parse", "enrich", "index"]
    assert (stages["parse"]["pending"], stages["index"]["pending"]) == (1, 0)
    assert stages["parse"]["oldest"] >= 0
    streams = {each["stream"]: each["messages"] for each in ended.lines if each["kind"] == "stream"}
    assert (streams["RAW"], streams["DLQ"]) == (1, 0)
    assert "no balances yet" in (await wired.run("status")).out


async def test_a_missing_consumer_is_named(wired: Wire) -> None:
    await wired.js.delete_consumer("ENRICHED", "index")
    ended = await wired.run("status")
    assert ended.code == 1
    assert "consumer index of ENRICHED is missing" in ended.err


async def test_a_server_that_was_not_provisioned(bare_wire: Wire) -> None:
    ended = await bare_wire.run("status", "--json")
    assert ended.code == 1
    assert "stream RAW is missing; newswire provision" in ended.err


@pytest.mark.parametrize(("indexed", "code"), [(1, 0), (0, 1)])
async def test_balances_come_from_the_ledger(wired: Wire, indexed: int, code: int) -> None:
    balance = Balance(source="harbour", raw=2, indexed=indexed, dead=1)
    await store.put(wired.js, LEDGER.name, "source.harbour", balance.model_dump_json().encode(), 0)
    await wired.bury(await wired.origin(1), reason="empty_body")
    ended = await wired.run("status")
    assert ended.code == code
    assert "empty_body 1" in ended.out
    assert ("harbour is unbalanced" in ended.err) is bool(code)


async def test_an_article_under_way_is_traced_by_its_origin(wired: Wire) -> None:
    origin = await wired.raw()
    await wired.raw()
    ended = await wired.run("trace", str(origin), "--json")
    assert ended.code == 0
    place, message = ended.lines
    assert place["now"].startswith("under way: RAW keeps it for parse")
    assert (message["subject"], message["stream"], message["sequence"]) == ("news.raw.harbour", "RAW", 1)
    assert "OpenSearch is not there" in ended.err


async def test_the_whole_way_is_told_and_neighbours_are_not(wired: Wire) -> None:
    origin = await wired.raw()
    for each in (origin, origin._replace(sequence=2)):
        await wired.js.publish(PARSED.of("harbour"), b"{}", headers={"Newswire-Origin": str(each)})
    await wired.bury(origin, stage="fetch", reason="http_error")  # a job with the same numbers
    await wired.bury(origin)
    again = origin.next_generation()
    await wired.skip(again)
    ended = await wired.run("trace", str(origin))
    assert f"{origin} is skipped by index: unchanged" in ended.out
    told = [line for line in ended.out.splitlines() if line.startswith("20")]
    assert [line.split()[3] for line in told] == ["RAW", "PARSED", "DLQ", "EVENTS"]
    assert str(again) in told[-1]


async def test_other_ids_lead_to_the_same_story(wired: Wire) -> None:
    origin = await wired.raw()
    await wired.bury(origin, source="harbour")
    await wired.skip(origin.next_generation())
    for identity in ("1", "ab" * 16, "a-1", f"{origin.epoch}:{origin.sequence}"):
        ended = await wired.run("trace", identity)
        assert ended.code == 0, ended.err
        assert "RAW 1" in ended.out


async def test_an_id_of_nothing(wired: Wire) -> None:
    for identity, said in {
        "nonsense": "not in the index, nor in the newest",
        "7": "`newswire dlq list`",
        "1:1:0": "nothing is stored of 1:1:0",
        "99999:1:0": "origin out of range",
    }.items():
        ended = await wired.run("trace", identity)
        assert (ended.code, ended.out) == (1, "")
        assert said in ended.err


async def test_a_job_s_dead_letter_leads_to_no_article(wired: Wire) -> None:
    await wired.bury(await wired.origin(1), stage="fetch")
    ended = await wired.run("trace", "1")
    assert ended.code == 1
    assert "fetch job" in ended.err


async def test_when_it_began_is_found_among_many(wired: Wire) -> None:
    for _ in range(40):
        await wired.raw()
        await wired.js.publish(PARSED.of("harbour"), b"{}", headers={"Newswire-Origin": "1:1:0"})
    await wired.js.purge_stream("PARSED", seq=10)
    origin = await wired.raw()
    await wired.js.publish(PARSED.of("harbour"), b"{}", headers={"Newswire-Origin": str(origin)})
    ended = await wired.run("trace", str(origin), "--json")
    assert [each["stream"] for each in ended.lines if each["kind"] == "message"] == ["RAW", "PARSED"]
