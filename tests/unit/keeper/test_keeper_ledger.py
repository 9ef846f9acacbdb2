"""The ledger's fold: the same balance from any order, any duplicates, any restarts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.keeper import core
from services.keeper.books import decode, encode
from services.keeper.core import Account, Entry, Ledger, Place, Record, entry_of
from shared.contracts import Origin
from shared.contracts.balance import Balance

EPOCH = 7
STREAMS = ("RAW", "PARSED", "ENRICHED", "EVENTS", "DLQ")
RECORDS = {
    "indexed": ("EVENTS", "news.indexed."),
    "skipped": ("EVENTS", "news.skipped.enrich."),
    "dead": ("DLQ", "dlq.parse."),
}


def record(stream: str, sequence: int, subject: str, origin: object = "", epoch: int = EPOCH) -> Record:
    headers = {"Newswire-Origin": str(origin)} if origin else {}
    return Record(stream, Place(epoch, sequence), subject, headers)


def folded(*records: Record) -> Ledger:
    ledger = Ledger()
    for each in records:
        ledger.post(each)
    return ledger


def balance(ledger: Ledger, source: str = "a") -> dict[str, Any]:
    return {k: v for k, v in ledger.balances()[source].model_dump().items() if v and k != "source"}


def is_balanced(each: Balance) -> bool:
    return each.raw + each.replayed == each.indexed + each.skipped + each.dead + each.in_flight + each.lost


@pytest.mark.parametrize(
    ("subject", "origin", "entry"),
    [
        ("news.raw.a", "", Entry("a", "raw", Origin(7, 5))),
        ("news.raw.a", "1:1:1", Entry("a", "raw", Origin(7, 5))),
        ("news.raw.Größe", "", Entry("gr-e-0f0d5b5c", "raw", Origin(7, 5))),
        ("news.replay.parse.a", "7:2:1", Entry("a", "replayed", Origin(7, 2, 1))),
        ("news.replay.enrich.a", "6:2:3", Entry("a", "replayed", Origin(6, 2, 3))),
        ("news.replay.index.a", "nonsense", Entry("a", "replayed", Origin(7, 5, 255))),
        ("news.indexed.a", "7:2:0", Entry("a", "indexed", Origin(7, 2))),
        ("news.skipped.parse.a", "7:2:0", Entry("a", "skipped", Origin(7, 2))),
        ("news.skipped.fetch.a", "7:2:0", None),
        ("dlq.index.a", "7:2:4", Entry("a", "dead", Origin(7, 2, 4))),
        ("dlq.fetch.a", "7:2:0", None),
        ("dlq.parse.a", "", None),
        ("news.indexed.a", "7:99999999999999:0", None),
        ("news.revised.a", "7:2:0", None),
        ("news", "", None),
    ],
)
def test_each_subject_says_its_own(subject: str, origin: str, entry: Entry | None) -> None:
    found = entry_of(record("RAW", 5, subject, origin))
    if entry and entry.source.startswith("gr-e"):
        assert found
        assert found.source.startswith("gr-e-")
        assert found[1:] == entry[1:]
    else:
        assert found == entry


def test_header_names_count_in_any_case() -> None:
    found = entry_of(Record("EVENTS", Place(1, 1), "news.indexed.a", {"newswire-ORIGIN": "1:1:0"}))
    assert found == Entry("a", "indexed", Origin(1, 1))


CASES: dict[str, tuple[list[Record], Mapping[str, int]]] = {
    "open until its outcome": ([record("RAW", 1, "news.raw.a")], {"raw": 1, "in_flight": 1}),
    "indexed": (
        [record("RAW", 1, "news.raw.a"), record("EVENTS", 1, "news.indexed.a", "7:1:0")],
        {"raw": 1, "indexed": 1},
    ),
    "the outcome is met first": (
        [record("EVENTS", 1, "news.indexed.a", "7:1:0"), record("RAW", 1, "news.raw.a")],
        {"raw": 1, "indexed": 1},
    ),
    "told twice": (
        [
            record("RAW", 1, "news.raw.a"),
            record("EVENTS", 1, "news.indexed.a", "7:1:0"),
            record("DLQ", 1, "dlq.index.a", "7:1:0"),
        ],
        {"raw": 1, "indexed": 1, "duplicates": 1},
    ),
    "told twice before it is met": (
        [
            record("EVENTS", 1, "news.indexed.a", "7:1:0"),
            record("DLQ", 1, "dlq.index.a", "7:1:0"),
            record("RAW", 1, "news.raw.a"),
        ],
        {"raw": 1, "indexed": 1, "duplicates": 1},
    ),
    "dead, and replayed with success": (
        [
            record("RAW", 1, "news.raw.a"),
            record("DLQ", 1, "dlq.parse.a", "7:1:0"),
            record("RAW", 2, "news.replay.parse.a", "7:1:1"),
            record("EVENTS", 1, "news.indexed.a", "7:1:1"),
        ],
        {"raw": 1, "replayed": 1, "dead": 1, "indexed": 1},
    ),
    "the same replay twice": (
        [record("RAW", 2, "news.replay.parse.a", "7:1:1"), record("PARSED", 9, "news.replay.enrich.a", "7:1:1")],
        {"replayed": 1, "in_flight": 1, "duplicates": 1},
    ),
    "a replay that is none": ([record("RAW", 2, "news.replay.parse.a", "7:1:0")], {"duplicates": 1}),
    "an outcome of what was removed unread": (
        [record("EVENTS", 1, "news.skipped.parse.a", "7:1:0"), record("RAW", 5, "news.raw.a")],
        {"raw": 1, "in_flight": 1, "duplicates": 1},
    ),
    "an outcome whose raw is not met yet": ([record("EVENTS", 1, "news.indexed.a", "7:9:0")], {}),
    "what says nothing": (
        [record("RAW", 1, "news.raw.a"), record("EVENTS", 1, "news.revised.a", "7:1:0")],
        {"raw": 1, "in_flight": 1},
    ),
    "RAW made anew: lost": (
        [record("RAW", 1, "news.raw.a"), record("RAW", 1, "news.raw.b", epoch=8)],
        {"raw": 1, "lost": 1},
    ),
    "RAW made anew: what was further on still ends": (
        [
            record("RAW", 1, "news.raw.a"),
            record("RAW", 1, "news.raw.a", epoch=8),
            record("EVENTS", 1, "news.indexed.a", "7:1:0"),
        ],
        {"raw": 2, "indexed": 1, "in_flight": 1},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_balances(name: str) -> None:
    records, expected = CASES[name]
    ledger = folded(*records)
    assert balance(ledger) == expected
    assert all(is_balanced(each) for each in ledger.balances().values())


def test_an_account_that_was_told_of_the_new_epoch_is_not_told_again() -> None:
    # given: a crash after one account was stored and before the places were
    ledger = folded(record("RAW", 1, "news.raw.a"), record("RAW", 1, "news.raw.a", epoch=8))
    ledger.places["RAW"] = Place(7, 1)
    # when
    ledger.advance("RAW", Place(8, 0))
    # then
    assert balance(ledger) == {"raw": 2, "lost": 1, "in_flight": 1}


def test_it_knows_what_is_settled_and_whose_it_is() -> None:
    ledger = folded(
        record("RAW", 1, "news.raw.a"), record("RAW", 2, "news.raw.a"), record("EVENTS", 1, "news.indexed.a", "7:1:0")
    )
    assert ledger.settled("a", Origin(7, 1))
    assert not ledger.settled("a", Origin(7, 2))
    assert not ledger.settled("a", Origin(7, 3))
    assert not ledger.settled("a", Origin(7, 1, 1))
    assert not ledger.settled("a", Origin(6, 1)), "of a stream that was made anew since"
    assert not ledger.settled("unheard-of", Origin(7, 1))
    assert ledger.owner(Origin(7, 2)) == "a"
    assert ledger.owner(Origin(7, 1)) is None


def test_sources_beyond_the_limit_share_an_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "MAX_SOURCES", 2)
    ledger = folded(*(record("RAW", n, f"news.raw.s{n}") for n in range(1, 6)))
    assert {name: each.raw for name, each in ledger.balances().items()} == {"s1": 1, "s2": 1, "_other": 3}


@dataclass
class World:
    """Streams as stages fill them: each message once opened, told of any number of times."""

    streams: dict[str, list[Record]]
    expected: dict[str, dict[str, int]]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    streams: dict[str, list[Record]] = {name: [] for name in STREAMS}
    expected = {source: dict.fromkeys(Balance.model_fields, 0) for source in ("a", "b", "c")}
    outcomes: list[tuple[str, str, Origin]] = []

    def put(stream: str, subject: str, origin: object = "") -> int:
        sequence = len(streams[stream]) + 1
        streams[stream].append(record(stream, sequence, subject, origin))
        return sequence

    def end(source: str, origin: Origin) -> None:
        outcome = draw(st.sampled_from(["indexed", "skipped", "dead", None]))
        if not outcome:
            expected[source]["in_flight"] += 1
            return
        times = draw(st.integers(1, 3))
        outcomes.extend([(source, outcome, origin)] * times)
        expected[source][outcome] += 1
        expected[source]["duplicates"] += times - 1

    for source in draw(st.lists(st.sampled_from(["a", "b", "c"]), max_size=12)):
        origin = Origin(EPOCH, put("RAW", f"news.raw.{source}"))
        expected[source]["raw"] += 1
        end(source, origin)
        for generation in range(1, draw(st.integers(0, 2)) + 1):
            stage, stream = draw(st.sampled_from([("parse", "RAW"), ("enrich", "PARSED"), ("index", "ENRICHED")]))
            again = origin._replace(generation=generation)
            put(stream, f"news.replay.{stage}.{source}", again)
            expected[source]["replayed"] += 1
            end(source, again)
    for source, outcome, origin in draw(st.permutations(outcomes)):
        stream, prefix = RECORDS[outcome]
        put(stream, prefix + source, origin)
    return World(streams, expected)


def restarted(ledger: Ledger, stored: dict[str, bytes], places: dict[str, Place], draw: st.DrawFn) -> Ledger:
    """A crash in the middle of storing: some accounts are newer than the places, and nothing else is kept."""
    for source in draw(st.lists(st.sampled_from(sorted(ledger.accounts) or ["a"]), unique=True)):
        if source in ledger.accounts:
            stored[source] = encode(source, ledger.accounts[source])
    return Ledger({source: decode(body) for source, body in stored.items()}, dict(places))


@given(worlds(), st.data())
def test_any_order_and_any_restarts_give_the_same_balance(world: World, data: st.DataObject) -> None:
    ledger, stored, places = Ledger(), dict[str, bytes](), dict[str, Place]()
    while left := [
        name for name, each in world.streams.items() if len(each) > ledger.places.get(name, Place()).sequence
    ]:
        name = data.draw(st.sampled_from(left))
        ledger.post(world.streams[name][ledger.places.get(name, Place()).sequence])
        happens = data.draw(st.sampled_from(["nothing"] * 6 + ["stored", "crash"]))
        if happens == "stored":
            stored |= {source: encode(source, ledger.accounts[source]) for source in ledger.changed}
            places = dict(ledger.places)
            ledger.changed.clear()
        if happens == "crash" and data.draw(st.integers(0, 3)) == 0:
            ledger = restarted(ledger, stored, places, data.draw)
    for source, numbers in world.expected.items():
        found = ledger.balances().get(source, Balance(source=source)).model_dump()
        assert found == numbers | {"source": source}


def test_the_stored_form_keeps_everything() -> None:
    account = folded(
        *(record("RAW", n, "news.raw.a") for n in range(1, 3_000)),
        record("EVENTS", 1, "news.indexed.a", "7:5000:0"),
        record("PARSED", 1, "news.replay.enrich.a", "7:1:1"),
    ).accounts["a"]
    body = encode("a", account)
    assert decode(body) == account
    assert Balance.model_validate_json(body) == account.balance("a")
    assert len(body) < 1_000  # what is in one run costs next to nothing


def test_a_value_of_somebody_else_is_no_account() -> None:
    with pytest.raises((ValueError, KeyError)):
        decode(b'{"raw": 1}')


def test_an_account_begins_empty() -> None:
    assert Account().balance("a") == Balance(source="a")
