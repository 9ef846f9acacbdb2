"""The messages that a stream holds now, read in order and one in memory at a time. Nothing is taken or acknowledged."""

from collections.abc import AsyncGenerator

from nats.js import JetStreamContext
from nats.js.api import RawStreamMsg
from pydantic import ValidationError

from shared.bus import store
from shared.bus.client import epoch_of_raw, explained, headers_of
from shared.bus.message import Inbound
from shared.bus.wire import ORIGIN
from shared.contracts import ParsedArticle
from shared.subjects import PARSED, RAW, STAGES, Subject, stream_of


async def count(js: JetStreamContext, subject: Subject) -> int:
    """How many messages the stream of a subject holds.

    Raises:
        DependencyDown: NATS did not answer, or has no such stream.
    """
    name = stream_of(subject).name
    with explained(f"stream {name}"):
        return (await js.stream_info(name)).state.messages


async def _messages(js: JetStreamContext, subject: Subject) -> AsyncGenerator[RawStreamMsg]:
    """The messages of a subject's stream, up to the one that is the last now."""
    name = stream_of(subject).name
    with explained(f"stream {name}"):
        state = (await js.stream_info(name)).state
    sequence = state.first_seq
    while state.messages and sequence <= state.last_seq:
        with explained(f"stream {name}"):
            found = await store.following(js, name, sequence)
        if found is None or (found.seq or 0) > state.last_seq:
            return
        sequence = (found.seq or sequence) + 1
        yield found


async def raw_messages(js: JetStreamContext) -> AsyncGenerator[Inbound]:
    """What RAW holds, as parse is given it, replays too.

    Raises:
        DependencyDown: NATS did not answer, or has no such stream.
    """
    epoch = await epoch_of_raw(js)
    async for each in _messages(js, RAW):
        yield store.inbound(each, STAGES["parse"], epoch, attempt=1)


async def parsed_articles(js: JetStreamContext) -> AsyncGenerator[tuple[str, ParsedArticle | None]]:
    """The origin of each message in PARSED, with its article; None where it breaks its contract.

    Raises:
        DependencyDown: NATS did not answer, or has no such stream.
    """
    async for each in _messages(js, PARSED):
        headers = {name.lower(): value for name, value in headers_of(each).items()}
        try:
            article = ParsedArticle.model_validate_json(each.data or b"")
        except ValidationError:
            article = None
        yield headers.get(ORIGIN.lower(), ""), article
