"""Dead letters one by one: read, replayed, dropped. By their number, which is their sequence in the stream."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Final

from nats.js import JetStreamContext
from nats.js.api import RawStreamMsg

from shared.bus import publish, store, wire
from shared.bus.client import explained, headers_of
from shared.bus.events import event_of
from shared.contracts import DeadLetter, Origin
from shared.errors import Poison
from shared.subjects import DLQ, JOBS, STAGES, stream_of, token

STREAM: Final = stream_of(DLQ).name


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter. `headers`: what the original message's publisher stated; `body`: its bytes."""

    number: int
    about: DeadLetter
    headers: Mapping[str, str]
    body: bytes


def letter_of(found: RawStreamMsg) -> Letter | None:
    """The dead letter that this message is, or None when it is something else."""
    headers = headers_of(found)
    about = event_of(found.subject or "", headers, b"")
    if not isinstance(about, DeadLetter):
        return None
    return Letter(found.seq or 0, about, wire.theirs(headers), found.data or b"")


async def letter(js: JetStreamContext, number: int) -> Letter | None:
    """The dead letter with this number, or None.

    Raises:
        DependencyDown: NATS did not answer, or has no such stream.
    """
    with explained(f"stream {STREAM}"):
        await js.stream_info(STREAM)
        found = await store.message(js, STREAM, number)
    return letter_of(found) if found else None


async def letters(js: JetStreamContext, newest: int | None = None) -> AsyncGenerator[Letter]:
    """The dead letters there are now, oldest first, one in memory at a time; the `newest` so many numbers, or all.

    Raises:
        DependencyDown: NATS did not answer, or has no such stream.
    """
    with explained(f"stream {STREAM}"):
        state = (await js.stream_info(STREAM)).state
    sequence = max(state.first_seq, state.last_seq - newest + 1) if newest else state.first_seq
    while state.messages and sequence <= state.last_seq:
        with explained(f"stream {STREAM}"):
            found = await store.following(js, STREAM, sequence)
        if found is None or (found.seq or 0) > state.last_seq:
            return
        sequence = (found.seq or sequence) + 1
        if each := letter_of(found):
            yield each


def replayed(dead: Letter) -> tuple[str, dict[str, str]]:
    """Subject and headers of the original message when it is handled again: as the next generation of its origin.

    A fetch job has no origin of its own and is simply published again.

    Raises:
        Poison: `invalid_origin`: it cannot be told from what came of it before.
    """
    about = dead.about
    row = STAGES[about.stage]
    if row.replay is None:
        identity = f"replay:{about.stage}:{about.origin}"
        return JOBS.of(token(about.source)), {wire.MESSAGE_ID: identity} | dict(dead.headers)
    try:
        origin = Origin.parse(about.origin)
        headers = wire.replayed(about.stage, origin, about.observed_at, about.trace_id, dead.headers)
    except ValueError as error:
        raise Poison("invalid_origin", f"{error}; publish its bytes as a new article instead") from error
    return row.replay.of(token(about.source)), headers


async def replay(js: JetStreamContext, dead: Letter) -> str:
    """Publish the original again and, once that is stored, remove the dead letter. Returns the subject.

    Raises:
        Poison: it cannot be replayed.
        DependencyDown: it could not be stored; the dead letter stays.
    """
    subject, headers = replayed(dead)
    await publish.publish(js, subject, dead.body, headers)
    await drop(js, dead.number)
    return subject


async def drop(js: JetStreamContext, number: int) -> None:
    """Remove a dead letter.

    Raises:
        DependencyDown: NATS did not do it.
    """
    with explained(f"dead letter {number}"):
        await js.delete_msg(STREAM, number)
