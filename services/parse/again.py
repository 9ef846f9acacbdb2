"""Parse raw messages from standard input, a line of JSON each, and answer a line for each in their order.

`python -m services.parse.again`: what `newswire reparse` asks. Pages are read in the
service's own pool, with its limits.
"""

import asyncio
import logging
import signal
import sys
from collections import deque
from collections.abc import AsyncIterator
from typing import Final

from services.parse.sandbox.pool import ParserPool
from services.parse.sandbox.request import ParseRequest
from services.parse.service import READ_HEADERS
from services.parse.settings import ParseSettings
from shared.contracts import RawRecord, Reparsed
from shared.errors import Poison, Skip, Transient
from shared.sandbox import WorkerBugError

WAITING: Final = 2
"""Messages in hand for each child, up to 4 MB each."""


async def main() -> None:
    """Until standard input ends."""
    size = ParseSettings.load().parse_children
    async with ParserPool(size) as pool:
        waiting: deque[asyncio.Task[Reparsed]] = deque()
        async for record in _records():
            waiting.append(asyncio.create_task(reparsed(pool, record)))
            if len(waiting) >= WAITING * size:
                _answer(await waiting.popleft())
        while waiting:
            _answer(await waiting.popleft())


async def _records() -> AsyncIterator[RawRecord]:
    while line := await asyncio.to_thread(sys.stdin.buffer.readline):
        yield RawRecord.model_validate_json(line)


def _answer(found: Reparsed) -> None:
    sys.stdout.buffer.write(found.model_dump_json(exclude_defaults=True).encode() + b"\n")
    sys.stdout.buffer.flush()


async def reparsed(pool: ParserPool, record: RawRecord) -> Reparsed:
    """What the parser makes of a raw message now, whatever that is; a child that dies is given a second try."""
    known: dict[str, str] = {name: record.headers[name] for name in READ_HEADERS if name in record.headers}
    moment = record.observed_at
    for attempt in (1, 2):
        request = ParseRequest(record.body, known, record.source, moment, moment, attempt)
        try:
            article = await pool.run(request)
        except Skip as skip:
            return _without(record, "skipped", skip.reason, skip.detail)
        except Poison as poison:
            return _without(record, "refused", poison.reason, poison.detail)
        except WorkerBugError as bug:
            return _without(record, "failed", "bug", str(bug).strip().rpartition("\n")[2])
        except Transient as died:
            last = died
        else:
            return Reparsed(key=record.key, source=record.source, outcome="parsed", article=article)
    return _without(record, "failed", last.reason, last.detail)


def _without(record: RawRecord, outcome: str, reason: str, detail: str) -> Reparsed:
    return Reparsed.model_validate(
        {"key": record.key, "source": record.source, "outcome": outcome, "reason": reason, "detail": detail[:2_000]}
    )


if __name__ == "__main__":
    logging.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who asks: it closes our input
    asyncio.run(main())
