"""The one way a message is published: checked, with its PubAck, under the same id on every try."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime

import nats.errors
from nats.errors import BadHeaderError
from nats.js import JetStreamContext
from nats.js.api import PubAck
from nats.js.errors import APIError, NoStreamResponseError

from shared.bus import store
from shared.bus.message import Inbound, Outbound
from shared.bus.wire import MESSAGE_ID, body_of, check_size, envelope
from shared.contracts import SkipRecord, Stage
from shared.errors import DependencyDown, Poison, Skip
from shared.subjects import RAW, SKIPPED, StageRow, stream_of

PUBACK_TIMEOUT = 7.0
"""Seconds to wait for a PubAck. A message may be stored all the same: the retry has the same id."""

_PER_SUBJECT = "per subject"
"""In the server's words when a stream keeps one message a subject and has it."""
_MESSAGE_TOO_LARGE = 10054
_STORE_FAILED = {10077: "the stream is full", 10047: "no storage left", 10023: "the server lacks resources"}
_SHARED = stream_of(RAW).name
"""The stream into which others publish too."""


async def publish(
    js: JetStreamContext, subject: str, body: bytes, headers: Mapping[str, str], *, dead: bool = False
) -> PubAck:
    """Publish and wait for the PubAck; `dead`: a dead letter may be larger than what it is about.

    Raises:
        Poison: `too_large`.
        DependencyDown: the stream is full or missing, or the server did not answer.
    """
    check_size(subject, body, headers, dead=dead)
    ack = await _send(js, subject, body, headers)
    if ack.duplicate and ack.stream == _SHARED and await _squatted(js, ack, subject, body):
        return await _send(js, subject, body, {**headers, MESSAGE_ID: f"{headers[MESSAGE_ID]}:{secrets.token_hex(8)}"})
    return ack


async def send(js: JetStreamContext, row: StageRow, inbound: Inbound, out: Outbound, number: int = 0) -> PubAck:
    """Publish what a stage makes of `inbound`, as the `number`-th of it.

    Raises:
        Poison: `too_large`.
        DependencyDown: as `publish`.
    """
    family = out.subject or row.output
    headers = envelope(row.name, inbound, out, family, number, datetime.now(UTC))
    body = body_of(out.payload)
    if out.identity:  # its bytes may differ when it is made again, so that they cannot tell whose it is
        check_size(family.of(inbound.source), body, headers)
        return await _send(js, family.of(inbound.source), body, headers)
    return await publish(js, family.of(inbound.source), body, headers)


async def skip(js: JetStreamContext, stage: Stage, inbound: Inbound, why: Skip, identity: str | None = None) -> None:
    """Record that `inbound`, or a part of it with an identity of its own, was dropped by a named rule.

    Raises:
        DependencyDown: as `publish`.
    """
    now = datetime.now(UTC)
    record = SkipRecord(
        stage=stage,
        source=inbound.source,
        reason=why.reason,
        detail=why.detail[:500],
        origin=str(inbound.origin),
        observed_at=inbound.observed_at,
        skipped_at=now,
        attempt=inbound.attempt,
        trace_id=inbound.trace_id,
        **{name: value[:2_000] for name, value in why.facts.items() if value},
    )
    headers = envelope(stage, inbound, Outbound(record, identity=identity), SKIPPED, 0, now)
    await publish(js, SKIPPED.of(stage, inbound.source), body_of(record), headers)


async def _squatted(js: JetStreamContext, ack: PubAck, subject: str, body: bytes) -> bool:
    """Whether the id was taken by another message. Publishers share RAW with us, and may guess our ids."""
    try:
        found = await store.message(js, ack.stream, ack.seq)
    except (nats.errors.Error, TimeoutError) as error:
        raise DependencyDown("dependency_down", f"cannot look at {ack.stream} {ack.seq}: {error}") from error
    return found is None or found.subject != subject or found.data != body


async def only_one(js: JetStreamContext, subject: str, body: bytes) -> bool:
    """Publish where the stream keeps one message a subject; False when it has one.

    Raises:
        DependencyDown: as `publish`.
    """
    try:
        await _send(js, subject, body, {})
    except DependencyDown as down:
        if _PER_SUBJECT in down.detail:
            return False
        raise
    return True


async def _send(js: JetStreamContext, subject: str, body: bytes, headers: Mapping[str, str]) -> PubAck:
    try:
        return await js.publish(subject, body, timeout=PUBACK_TIMEOUT, headers=dict(headers) or None)
    except BadHeaderError as error:
        raise Poison("invalid_message", f"a header that cannot be sent: {error}"[:300]) from error
    except APIError as error:
        raise _refused(subject, error) from error
    except NoStreamResponseError as error:
        raise DependencyDown("dependency_down", f"no stream keeps {subject}; run `newswire provision`") from error
    except (nats.errors.Error, TimeoutError, OSError) as error:
        raise DependencyDown("dependency_down", f"no PubAck for {subject}: {type(error).__name__}") from error


def _refused(subject: str, error: APIError) -> Poison | DependencyDown:
    if error.err_code == _MESSAGE_TOO_LARGE:
        return Poison("too_large", f"the stream of {subject} takes no message of this size")
    if error.err_code in _STORE_FAILED:
        return DependencyDown("stream_full", f"{subject}: {_STORE_FAILED[error.err_code]}: {error.description}")
    return DependencyDown("dependency_down", f"{subject}: {error.err_code} {error.description}")
