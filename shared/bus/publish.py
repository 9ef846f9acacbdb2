"""The one way a message is published: checked, with its PubAck, under the same id on every try."""

import secrets
from collections.abc import Mapping

import nats.errors
from nats.errors import BadHeaderError
from nats.js import JetStreamContext
from nats.js.api import PubAck
from nats.js.errors import APIError, NoStreamResponseError

from shared.bus import store
from shared.bus.wire import MESSAGE_ID, check_size
from shared.errors import DependencyDown, Poison
from shared.subjects import RAW, stream_of

PUBACK_TIMEOUT = 7.0
"""Seconds to wait for a PubAck. A message may be stored all the same: the retry has the same id."""

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


async def _squatted(js: JetStreamContext, ack: PubAck, subject: str, body: bytes) -> bool:
    """Whether the id was taken by another message. Publishers share RAW with us, and may guess our ids."""
    try:
        found = await store.message(js, ack.stream, ack.seq)
    except (nats.errors.Error, TimeoutError) as error:
        raise DependencyDown("dependency_down", f"cannot look at {ack.stream} {ack.seq}: {error}") from error
    return found is None or found.subject != subject or found.data != body


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
