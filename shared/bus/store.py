"""Single messages and values by their address: what is read and written without a consumer."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Final, cast

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.js import JetStreamContext
from nats.js.api import Header, RawStreamMsg
from nats.js.errors import APIError, NotFoundError

from shared.bus import wire
from shared.bus.message import Inbound
from shared.errors import Poison
from shared.subjects import MB, StageRow

CHANGES_BYTES: Final = 8 * MB
"""Of one answer to `changes`."""
ANSWER_WITHIN: Final = 5.0
"""Seconds between two messages of such an answer."""
_WRONG_LAST_SEQUENCE = {10071, 10164}


class Conflict(Exception):
    """Somebody else wrote the value since it was read."""


async def message(js: JetStreamContext, stream: str, sequence: int) -> RawStreamMsg | None:
    """The message there, or None when it is gone.

    Not by a direct get: that mixes what the server says with the headers of whoever published the message.
    """
    try:
        return _plain(await js.get_msg(stream, sequence))
    except NotFoundError:
        return None


async def following(js: JetStreamContext, stream: str, sequence: int, subject: str = ">") -> RawStreamMsg | None:
    """The first message at or after `sequence` on `subject`, or None."""
    try:
        return _plain(await js.get_msg(stream, max(sequence, 1), subject=subject, next=True))
    except NotFoundError:
        return None


async def newest(js: JetStreamContext, stream: str, subject: str) -> RawStreamMsg | None:
    """The last message on a subject, or None."""
    try:
        return _plain(await js.get_msg(stream, subject=subject))
    except NotFoundError:
        return None


def _plain(found: RawStreamMsg) -> RawStreamMsg:
    """With headers as text: the client reads them as e-mail, and leaves objects where a value is not ASCII."""
    headers = cast("dict[object, object] | None", cast("Any", found).headers) or {}
    found.headers = {str(name): str(value) for name, value in headers.items()}
    return found


async def remove(js: JetStreamContext, stream: str, sequence: int) -> None:
    """Remove a message; it may be gone already."""
    with suppress(NotFoundError, APIError):
        await js.delete_msg(stream, sequence)


async def waiting(sub: JetStreamContext.PullSubscription, most: int, wait: float) -> list[Msg]:
    """Messages that wait, or else the first that comes within `wait` seconds, or none."""
    try:
        return await sub.fetch(most, timeout=wait)
    except TimeoutError:
        return []


def inbound(found: RawStreamMsg, row: StageRow, epoch: int, attempt: int) -> Inbound:
    """A stored message as its stage's handlers saw it, readable or not."""
    place = SimpleNamespace(stream=found.seq, consumer=0)
    accepted = found.time or datetime.now(UTC)
    delivery = SimpleNamespace(
        subject=found.subject,
        headers=cast("dict[str, str] | None", found.headers),  # pyright: ignore[reportUnknownMemberType] - a bare dict
        data=found.data or b"",
        metadata=SimpleNamespace(sequence=place, timestamp=accepted, num_delivered=attempt),
    )
    msg = cast("Msg", delivery)
    try:
        return wire.inbound(msg, row, epoch)
    except Poison:
        return wire.unreadable(msg, row, epoch)


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a bucket and its revision, which is needed to replace it. An empty body: it was deleted."""

    body: bytes
    revision: int


async def keys(js: JetStreamContext, bucket: str, prefix: str) -> list[str]:
    """Keys `prefix`.<one token>, without the prefix."""
    wanted = f"$KV.{bucket}.{prefix}."
    info = await js.stream_info(f"KV_{bucket}", subjects_filter=f"{wanted}*")
    return sorted(subject.removeprefix(wanted) for subject in info.state.subjects or ())


async def get(js: JetStreamContext, bucket: str, key: str) -> Value | None:
    """The value of a key, or None. From the leader: what a follower has may be older than another key's value."""
    try:
        found = await js.get_msg(f"KV_{bucket}", subject=f"$KV.{bucket}.{key}")
    except NotFoundError:
        return None
    return Value(found.data or b"", found.seq or 0)


@dataclass(frozen=True, slots=True)
class Change:
    """A key's newest value. `body`: None when the key was deleted. `sequence`: its place among all changes."""

    key: str
    body: bytes | None
    sequence: int


async def changed_since(js: JetStreamContext, bucket: str, after: int = 0) -> AsyncIterator[Change]:
    """All keys that changed after a place, in the order of the changes, to the end; whoever goes on keeps `sequence`.

    Raises:
        TimeoutError: the server did not answer.
    """
    while found := await changes(js, bucket, after):
        for each in found:
            yield each
        after = found[-1].sequence


async def changes(js: JetStreamContext, bucket: str, after: int, most: int = 1_000) -> list[Change]:
    """The keys that changed after a place, at most `most`, in the order of the changes; each as it is now.

    One request, and no consumer: whoever may make one may read any stream. With nothing new it takes half a
    millisecond; 10,000 keys were read anew in 1.2 s.

    Raises:
        TimeoutError: the server did not answer.
    """
    name = f"KV_{bucket}"
    client: Client = js._nc  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - a request with many answers
    wanted = {"seq": after + 1, "next_by_subj": f"$KV.{bucket}.>", "batch": most, "max_bytes": CHANGES_BYTES}
    inbox = client.new_inbox()
    answers = await client.subscribe(inbox)  # pyright: ignore[reportUnknownMemberType]
    try:
        await client.publish(f"$JS.API.DIRECT.GET.{name}", json.dumps(wanted).encode(), reply=inbox)
        return [_change(msg, bucket) async for msg in _until_end(answers)]
    finally:
        await answers.unsubscribe()


async def _until_end(answers: Subscription) -> AsyncIterator[Msg]:
    while True:
        msg = await answers.next_msg(timeout=ANSWER_WITHIN)
        headers = cast("Mapping[str, str]", msg.headers or {})
        if (status := headers.get("Status")) in {"204", "404"}:
            return
        if status:
            raise APIError(code=int(status), description=headers.get("Description"))
        yield msg


def _change(msg: Msg, bucket: str) -> Change:
    headers = cast("Mapping[str, str]", msg.headers or {})
    deleted = headers.get("KV-Operation") in {"DEL", "PURGE"}
    key = headers.get("Nats-Subject", "").removeprefix(f"$KV.{bucket}.")
    return Change(key, None if deleted else msg.data, int(headers.get("Nats-Sequence", "0")))


async def delete(js: JetStreamContext, bucket: str, key: str, told_for: float | None = None) -> None:
    """Delete a key, whatever its value; who follows the changes learns of it, for `told_for` seconds or for ever."""
    await js.publish(f"$KV.{bucket}.{key}", b"", headers={"KV-Operation": "DEL"}, msg_ttl=told_for)


async def put(js: JetStreamContext, bucket: str, key: str, body: bytes, revision: int) -> int:
    """Replace the value that was read at `revision` (0: there was none), and return the new revision.

    Raises:
        Conflict: it was replaced since.
    """
    headers = {Header.EXPECTED_LAST_SUBJECT_SEQUENCE.value: str(revision)}
    try:
        return (await js.publish(f"$KV.{bucket}.{key}", body, headers=headers)).seq
    except APIError as error:
        if error.err_code in _WRONG_LAST_SEQUENCE:
            raise Conflict(key) from error
        raise


def read_json(body: bytes) -> Mapping[str, Any]:
    """The object that `body` is; empty when it is none."""
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}
