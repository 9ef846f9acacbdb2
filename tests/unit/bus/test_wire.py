"""Headers, ids and traces: what is believed, and what is not."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nats.aio.msg import Msg

from shared.bus import wire
from shared.bus.message import Inbound, Outbound
from shared.contracts import DeadLetter, FetchJob, Origin
from shared.errors import Poison
from shared.subjects import DLQ, MAX_MESSAGE, PARSED, STAGES

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


@dataclass
class Client:
    """Stands where nats-py keeps its connection; nothing here uses it."""

    sent: list[bytes] = field(default_factory=list)


def delivery(subject: str, headers: dict[str, str] | None = None, *, sequence: int = 7, attempt: int = 1) -> Msg:
    nanoseconds = int(NOW.timestamp() * 1_000_000_000)
    reply = f"$JS.ACK.RAW.parse.{attempt}.{sequence}.1.{nanoseconds}.0"
    return Msg(_client=Client(), subject=subject, reply=reply, data=b"body", headers=headers)


def test_a_raw_messages_origin_is_its_place_in_the_stream() -> None:
    inbound = wire.inbound(delivery("news.raw.bbc", attempt=3), STAGES["parse"], 12)
    assert inbound.origin == Origin(12, 7, 0)
    assert inbound.observed_at == NOW
    assert inbound.source == "bbc"
    assert inbound.attempt == 3


def test_a_publishers_control_headers_count_for_nothing() -> None:
    claimed = {
        "Newswire-Origin": "1:1:9", "Newswire-Observed-At": "1999-01-01T00:00:00+00:00", "Nats-Msg-Id": "parse:1:1:0",
        "Newswire-Dead-Letter": "{}", "Nats-Rollup": "all", "ce-id": "x", "Content-Type": "text/html",
        "Newswire-Url": "https://example.org/a",
    }  # fmt: skip
    inbound = wire.inbound(delivery("news.raw.bbc", claimed), STAGES["parse"], 12)
    assert inbound.origin == Origin(12, 7, 0)
    assert inbound.observed_at == NOW
    assert inbound.headers == {"content-type": "text/html", "newswire-url": "https://example.org/a"}


def test_a_replays_origin_is_what_it_says() -> None:
    headers = {"Newswire-Origin": "3:4:1", "Newswire-Observed-At": "2025-12-31T23:00:00+00:00"}
    inbound = wire.inbound(delivery("news.replay.parse.bbc", headers), STAGES["parse"], 12)
    assert inbound.origin == Origin(3, 4, 1)
    assert inbound.observed_at == datetime(2025, 12, 31, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Newswire-Origin": "none"},
        {"Newswire-Origin": "1:2:256"},
        {"Newswire-Origin": "1:2:3", "Newswire-Observed-At": "yesterday"},
        {"Newswire-Origin": "1:2:3", "Newswire-Observed-At": "0001-01-01T00:00:00+23:00"},
    ],
)
def test_between_stages_an_unreadable_origin_is_poison(headers: dict[str, str]) -> None:
    with pytest.raises(Poison, match="invalid_origin"):
        wire.inbound(delivery("news.parsed.bbc", headers), STAGES["enrich"], 12)


def test_what_is_unreadable_can_still_be_named_but_not_replayed() -> None:
    inbound = wire.unreadable(delivery("news.parsed.bbc"), STAGES["enrich"], 12)
    assert inbound.origin.generation == 255
    with pytest.raises(ValueError, match="replayed 255 times"):
        inbound.origin.next_generation()


def test_an_odd_source_becomes_a_token_of_its_own() -> None:
    one = wire.inbound(delivery("news.raw.BBC"), STAGES["parse"], 1).source
    other = wire.inbound(delivery("news.raw.bbc"), STAGES["parse"], 1).source
    assert one != other
    assert PARSED.of(one).startswith("news.parsed.bbc-")


def test_the_publishers_trace_is_carried_and_a_missing_one_is_derived() -> None:
    origin = Origin(1, 2)
    assert wire.trace_id(PARENT, origin, "parse") == TRACE
    derived = wire.trace_id(None, origin, "parse")
    assert derived == wire.trace_id("00-bad", origin._replace(generation=3), "enrich")
    assert derived != wire.trace_id(None, origin, "fetch")
    assert wire.trace_id(f"00-{'0' * 32}-00f067aa0ba902b7-01", origin, "parse") == derived


def inbound(**changes: object) -> Inbound:
    values: dict[str, object] = {
        "subject": "news.raw.bbc", "source": "bbc", "body": b"body", "headers": {}, "origin": Origin(1, 2, 0),
        "observed_at": NOW, "attempt": 1, "trace_id": TRACE,
    }  # fmt: skip
    return Inbound(**(values | changes))


def test_the_envelope_is_a_cloud_event_with_a_repeatable_id() -> None:
    out = Outbound(FetchJob(url="https://example.org"), headers={"X-Note": "naïve"})
    headers = wire.envelope("parse", inbound(), out, PARSED, 0, NOW)
    assert headers["Nats-Msg-Id"] == headers["ce-id"] == "parse:1:2:0:0"
    assert headers["ce-type"] == "news.article.parsed.v1"
    assert headers["ce-dataschema"] == "urn:newswire:schema:ParsedArticle:v1"
    assert headers["traceparent"].startswith(f"00-{TRACE}-")
    assert headers["X-Note"] == "na%C3%AFve"
    assert headers == wire.envelope("parse", inbound(), out, PARSED, 0, NOW)


def test_retries_add_up_from_stage_to_stage() -> None:
    out = Outbound(FetchJob(url="https://example.org"))
    headers = wire.envelope("enrich", inbound(retries=2, attempt=3), out, PARSED, 0, NOW)
    assert wire.retries_in(headers) == 4
    assert [wire.retries_in({"newswire-retries": text}) for text in ("", "-1", "²", "x", "9" * 7)] == [0] * 5
    assert wire.theirs(headers).keys() == {"traceparent", "content-type"}


@given(st.text(alphabet=st.characters(codec=None)))
def test_any_text_becomes_a_header_value_on_one_line(text: str) -> None:
    value = wire.header_value(text)
    assert value.isascii()
    assert not {"\r", "\n", "\0"} & set(value)


def letter() -> DeadLetter:
    return DeadLetter(
        stage="parse", source="bbc", reason="empty_body", detail="ünd", origin="1:2:0", subject="news.raw.bbc",
        stream="RAW", sequence=2, observed_at=NOW, failed_at=NOW, attempt=1,
    )  # fmt: skip


def test_a_dead_letter_keeps_the_original_headers_as_far_as_they_fit() -> None:
    original = {"content-type": "text/html", "x-long": "x" * wire.KEPT_HEADERS, "x-short": "é"}
    headers = wire.dead_letter_headers(letter(), original, NOW, DLQ, 2)
    assert headers["content-type"] == "text/html"
    assert headers["Newswire-Retries"] == "2"
    assert "x-long" not in headers
    assert headers["Nats-Msg-Id"] == "dlq:parse:1:2:0"
    read = DeadLetter.model_validate_json(headers["Newswire-Dead-Letter"])
    assert (read.reason, read.sequence) == ("empty_body", 2)
    assert headers["Newswire-Dead-Letter"].isascii()


def test_what_the_server_would_hang_up_on_is_refused() -> None:
    wire.check_size("news.parsed.x", b"x" * (MAX_MESSAGE - 500), {"A": "b"})
    with pytest.raises(Poison, match="too_large"):
        wire.check_size("news.parsed.x", b"x" * (MAX_MESSAGE - 500), {"A": "b" * 600})
    with pytest.raises(Poison, match="a subject of"):
        wire.check_size("news.parsed." + "x" * 600, b"", {})
    wire.check_size("dlq.parse.x", b"x" * MAX_MESSAGE, {"A": "b" * 600}, dead=True)
