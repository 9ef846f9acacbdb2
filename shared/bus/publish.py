"""The one way a message is published: checked, with its PubAck, under the same id on every try."""

from collections.abc import Mapping

import nats.errors
from nats.js import JetStreamContext
from nats.js.api import PubAck
from nats.js.errors import APIError, NoStreamResponseError

from shared.bus.wire import check_size
from shared.errors import DependencyDown, Poison

PUBACK_TIMEOUT = 7.0
"""Seconds to wait for a PubAck. A message may be stored all the same: the retry has the same id."""

_MESSAGE_TOO_LARGE = 10054
_STORE_FAILED = {10077: "the stream is full", 10047: "no storage left", 10023: "the server lacks resources"}
DEPENDENCY = "nats"


async def publish(
    js: JetStreamContext, subject: str, body: bytes, headers: Mapping[str, str], *, dead: bool = False
) -> PubAck:
    """Publish and wait for the PubAck; `dead`: a dead letter may be larger than what it is about.

    Raises:
        Poison: `too_large`.
        DependencyDown: the stream is full or missing, or the server did not answer.
    """
    check_size(subject, body, headers, dead=dead)
    try:
        return await js.publish(subject, body, timeout=PUBACK_TIMEOUT, headers=dict(headers) or None)
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
