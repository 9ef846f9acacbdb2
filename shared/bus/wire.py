"""What messages look like on the wire: headers, ids, traces. Pure.

CloudEvents 1.0 in binary mode: the attributes are `ce-*` headers and the body is the plain JSON of the contract.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from nats.aio.msg import Msg

from shared.bus.message import Inbound, Outbound
from shared.contracts import Contract, DeadLetter, Origin, Stage
from shared.errors import Poison
from shared.subjects import MAX_MESSAGE, MAX_PAYLOAD, RAW, StageRow, Subject, token

ORIGIN: Final = "Newswire-Origin"
OBSERVED_AT: Final = "Newswire-Observed-At"
RETRIES: Final = "Newswire-Retries"
"""Deliveries beyond the first that a message took so far, at all stages together."""
DEAD_LETTER: Final = "Newswire-Dead-Letter"
STEPS: Final = "Newswire-Steps"
"""Names, with commas between, of the steps of enrichment that a replay is for; without it, all."""
MESSAGE_ID: Final = "Nats-Msg-Id"
TRACEPARENT: Final = "traceparent"
SCHEMA_BASE: Final = "urn:newswire:schema"

MAX_SUBJECT: Final = 512
"""Bytes; the server closes the connection on a control line over 4 KB."""
KEPT_HEADERS: Final = 16 * 1024
"""Bytes of original headers that a dead letter keeps."""

_OURS = ("nats-", "newswire-origin", "newswire-observed-at", "newswire-retries", "newswire-dead-letter", "ce-")
_HEADER_NAME = re.compile(r"[0-9A-Za-z_-]{1,128}")
"""What the client can send: a publisher may have used others."""
_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
_RAW_PREFIX = RAW.pattern.removesuffix("*")


def header_value(text: str) -> str:
    """`text` as a header value: ASCII, percent-encoded where it is not, on one line."""
    return (
        text
        if text.isascii() and text.isprintable()
        else quote(text, errors="replace", safe=" !#$&'()*+,/:;=?@[]~%\"<>{}|\\^`")
    )


def trace_id(parent: str | None, origin: Origin, stage: str) -> str:
    """The trace a message belongs to: its publisher's, else one derived from its origin (redelivery gives the same)."""
    match = _TRACEPARENT.fullmatch(parent or "")
    if match and match[1].strip("0"):
        return match[1]
    family = "job" if stage == "fetch" else "raw"
    return hashlib.sha256(f"{family}:{origin.epoch}:{origin.sequence}".encode()).hexdigest()[:32]


def traceparent(trace: str, message_id: str) -> str:
    """W3C traceparent of a message we publish; its span is derived from the message id."""
    return f"00-{trace}-{hashlib.sha256(message_id.encode()).hexdigest()[:16]}-01"


def message_id(stage: str, origin: Origin, number: int) -> str:
    """`Nats-Msg-Id` of the n-th message that a stage publishes for an origin: the same on each redelivery."""
    return f"{stage}:{origin}:{number}"


def inbound(msg: Msg, row: StageRow, epoch: int) -> Inbound:
    """A delivery as handlers see it.

    On `news.raw.*` (and for jobs) the publisher's control headers count for nothing: the origin is the place in
    the stream. Between stages and for replays `Newswire-Origin` is what counts.

    Raises:
        Poison: `invalid_origin`, a message between stages or a replay whose origin cannot be read.
    """
    meta = msg.metadata
    headers = {name.lower(): value for name, value in (msg.headers or {}).items()}
    first_hand = row.name == "fetch" or msg.subject.startswith(_RAW_PREFIX)
    origin, observed, retries = Origin(epoch, meta.sequence.stream), meta.timestamp, 0
    if not first_hand:
        origin, observed = _stated(headers, observed)
        retries = retries_in(headers)
    trace = trace_id(headers.get(TRACEPARENT), origin, row.name)
    visible = theirs(headers)
    source = token(msg.subject.rpartition(".")[2])
    return Inbound(msg.subject, source, msg.data, visible, origin, observed, meta.num_delivered, trace, retries)


def retries_in(headers: Mapping[str, str]) -> int:
    """The retries that a message of a stage states; 0 when it states none."""
    stated = next((value for name, value in headers.items() if name.lower() == RETRIES.lower()), "")
    return int(stated) if re.fullmatch(r"[0-9]{1,6}", stated) else 0


def theirs(headers: Mapping[str, str]) -> dict[str, str]:
    """What a message's publisher stated, under lower-case names; without what is ours to state."""
    return {name.lower(): value for name, value in headers.items() if not name.lower().startswith(_OURS)}


def _stated(headers: Mapping[str, str], accepted: datetime) -> tuple[Origin, datetime]:
    try:
        origin = Origin.parse(headers.get(ORIGIN.lower(), ""))
        stated = headers.get(OBSERVED_AT.lower())
        return origin, datetime.fromisoformat(stated).astimezone(UTC) if stated else accepted
    except (ValueError, OverflowError) as error:
        raise Poison("invalid_origin", str(error)) from error


def unreadable(msg: Msg, row: StageRow, epoch: int) -> Inbound:
    """A stand-in for a delivery whose origin cannot be read, so that it can be dead-lettered like any other.

    Generation 255 cannot be replayed: nothing is known to replay it as.
    """
    meta = msg.metadata
    origin = Origin(epoch, meta.sequence.stream, 255)
    source = token(msg.subject.rpartition(".")[2])
    return Inbound(
        msg.subject, source, msg.data, {}, origin, meta.timestamp, meta.num_delivered, trace_id(None, origin, row.name)
    )


def envelope(
    stage: str, source: Inbound, out: Outbound, subject: Subject, number: int, now: datetime
) -> dict[str, str]:
    """All headers of a message that a stage publishes because of `source`."""
    identity = f"{stage}:{out.identity}" if out.identity else message_id(stage, source.origin, number)
    return {
        **{name: header_value(value) for name, value in out.headers.items()},
        MESSAGE_ID: identity,
        ORIGIN: str(source.origin),
        OBSERVED_AT: source.observed_at.isoformat(),
        RETRIES: str(source.all_retries),
        TRACEPARENT: traceparent(source.trace_id, identity),
        **cloud_event(subject, f"/newswire/{stage}", identity, now, typed=isinstance(out.payload, Contract)),
    }


def replayed(
    stage: Stage, origin: Origin, observed_at: datetime, trace: str | None, stated: Mapping[str, str]
) -> dict[str, str]:
    """All headers of what is handled again by `stage`: as the next generation of its origin. `stated`: its own.

    Raises:
        ValueError: it was replayed as often as a version can count.
    """
    again = str(origin.next_generation())
    identity = f"replay:{stage}:{again}"
    return {
        **({TRACEPARENT: traceparent(trace, identity)} if trace else {}),
        **{name: header_value(value) for name, value in stated.items()},
        MESSAGE_ID: identity,
        ORIGIN: again,
        OBSERVED_AT: observed_at.isoformat(),
    }


def cloud_event(subject: Subject, producer: str, identity: str, now: datetime, *, typed: bool) -> dict[str, str]:
    """The CloudEvents attributes; `typed`: the body is the JSON of the subject's contract."""
    event = {
        "ce-specversion": "1.0",
        "ce-id": identity,
        "ce-type": subject.event_type,
        "ce-source": producer,
        "ce-time": now.isoformat(),
    }
    if typed:
        event |= {"ce-dataschema": f"{SCHEMA_BASE}:{subject.contract.__name__}:v1", "Content-Type": "application/json"}
    return event


def dead_letter_headers(
    letter: DeadLetter, original: Mapping[str, str], now: datetime, subject: Subject, retries: int
) -> dict[str, str]:
    """All headers of a dead letter: the original ones as far as they fit and are not ours, and the letter itself."""
    kept: dict[str, str] = {}
    room = KEPT_HEADERS
    for name, value in original.items():
        encoded = header_value(value)
        room -= len(name) + len(encoded) + 4
        if room >= 0 and _HEADER_NAME.fullmatch(name):
            kept[name] = encoded
    identity = f"dlq:{letter.stage}:{letter.origin}"
    return {
        **kept,
        MESSAGE_ID: identity,
        ORIGIN: letter.origin,
        OBSERVED_AT: letter.observed_at.isoformat(),
        RETRIES: str(retries),
        DEAD_LETTER: json.dumps(letter.model_dump(mode="json", exclude_none=True)),
        **cloud_event(subject, f"/newswire/{letter.stage}", identity, now, typed=False),
    }


def body_of(payload: Contract | bytes) -> bytes:
    """The bytes to publish."""
    return payload if isinstance(payload, bytes) else payload.model_dump_json(exclude_defaults=True).encode()


def check_size(subject: str, body: bytes, headers: Mapping[str, str], *, dead: bool = False) -> None:
    """Refuse what the server would answer by closing the connection.

    Raises:
        Poison: `too_large`.
    """
    limit = MAX_PAYLOAD - 4_096 if dead else MAX_MESSAGE
    size = len(body) + sum(len(name) + len(value.encode()) + 4 for name, value in headers.items()) + 64
    if size > limit:
        raise Poison("too_large", f"{size:,} bytes with headers for {subject}; the limit is {limit:,}")
    if len(subject.encode()) > MAX_SUBJECT:
        raise Poison("too_large", f"a subject of {len(subject):,} characters; the limit is {MAX_SUBJECT}")
