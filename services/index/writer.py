"""Writes bulks: in bounded pieces, at a rate that the cluster bears, each item to its own end."""

import asyncio
import random
from collections.abc import Sequence
from typing import Final, Self

from opensearchpy import AsyncOpenSearch
from opensearchpy.exceptions import OpenSearchException, SerializationError, TransportError

from services.index.bulk import FILTER_PATH, Item, Operation, chunks, items_of
from services.index.disposition import NO_INDEX, of_answer
from shared.errors import DependencyDown
from shared.opensearch import down, status_of, type_of

MAX_OPERATIONS: Final = 500
MAX_BYTES: Final = 5 * 1024 * 1024
TRIES: Final = 5
"""Sends of an operation that the cluster has no room for, before the bus is told."""
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 4.0
"""Seconds before the second and the last send, with full jitter; all of them fit the grace of a stop."""


class Slots:
    """How many bulks are under way at once: halved when the cluster has no room, one more for 20 that went well."""

    def __init__(self, most: int = 4) -> None:
        self.limit, self._most, self._used = 2.0, most, 0
        self._changed = asyncio.Condition()

    async def __aenter__(self) -> Self:
        async with self._changed:
            await self._changed.wait_for(lambda: self._used < int(self.limit))
            self._used += 1
        return self

    async def __aexit__(self, *_error: object) -> None:
        async with self._changed:
            self._used -= 1
            self._changed.notify_all()

    def slower(self) -> None:
        """After a refusal for lack of room."""
        self.limit = max(1.0, self.limit / 2)

    def faster(self) -> None:
        """After a success."""
        self.limit = min(float(self._most), self.limit + 1 / 20)


class Writer:
    """Writes operations to OpenSearch. `first_pause` in seconds."""

    def __init__(self, client: AsyncOpenSearch, first_pause: float = FIRST_PAUSE) -> None:
        self._client, self._pause, self.slots = client, first_pause, Slots()

    async def write(self, operations: Sequence[Operation]) -> list[Item]:
        """What became of each operation: done, stale, refused, or retry where the cluster has no room for it.

        Raises:
            DependencyDown: OpenSearch is away, blocked or lacks an index, or has no room in one at all.
        """
        found = [Item("retry")] * len(operations)
        for attempt in range(TRIES):
            waiting = [position for position, item in enumerate(found) if item.disposition == "retry"]
            if not waiting:
                break
            if attempt:
                ceiling = min(LONGEST_PAUSE, self._pause * 2**attempt)
                await asyncio.sleep(random.uniform(0, ceiling))  # noqa: S311 - jitter
            items = await self._send_all([operations[position] for position in waiting])
            for position, item in zip(waiting, items, strict=True):
                found[position] = item
        self._require_room(operations, found)
        return found

    def _require_room(self, operations: Sequence[Operation], found: Sequence[Item]) -> None:
        """Refuse to go on when an index took nothing at all: trying message by message would only burn deliveries."""
        for name in {operation.index for operation in operations}:
            items = [item for operation, item in zip(operations, found, strict=True) if operation.index == name]
            if all(item.disposition == "retry" for item in items):
                raise DependencyDown("index_busy", f"OpenSearch has no room in {name}: {items[0].detail}")

    async def _send_all(self, operations: Sequence[Operation]) -> list[Item]:
        sizes = [operation.size for operation in operations]
        parts = [operations[start:end] for start, end in chunks(sizes, MAX_OPERATIONS, MAX_BYTES)]
        answers = await asyncio.gather(*(self._send(part) for part in parts), return_exceptions=True)
        items: list[Item] = []
        for answer in answers:  # only after all of them ended: none is left running
            if isinstance(answer, BaseException):
                raise answer
            items.extend(answer)
        halted = next((item for item in items if item.disposition == "halt"), None)
        if halted:
            step = "; run `newswire provision`" if halted.detail.startswith(NO_INDEX) else ""
            raise DependencyDown("server_error", f"OpenSearch refuses to write: {halted.detail}{step}")
        return items

    async def _send(self, part: Sequence[Operation]) -> list[Item]:
        items = await self._send_once(part)
        if items[0].disposition != "split":
            return items
        if len(part) == 1:
            return [Item("refused", items[0].detail)]
        middle = len(part) // 2
        return [*await self._send(part[:middle]), *await self._send(part[middle:])]

    async def _send_once(self, part: Sequence[Operation]) -> list[Item]:
        body = b"".join(operation.lines() for operation in part)
        async with self.slots:
            try:
                answer = await self._client.transport.perform_request(
                    "POST", "/_bulk", params={"filter_path": FILTER_PATH}, body=body
                )
            except OpenSearchException as error:
                items = _of_error(error, len(part))
            else:
                items = items_of(answer, part) or [Item("retry", "the answer is not one to this bulk")] * len(part)
        if any(item.disposition == "retry" for item in items):
            self.slots.slower()
        else:
            self.slots.faster()
        return items


def _of_error(error: OpenSearchException, count: int) -> list[Item]:
    """The same for all operations of a bulk that failed as a whole.

    Raises:
        DependencyDown: the stage has to wait.
    """
    if isinstance(error, SerializationError):
        return [Item("retry", "the answer is not JSON")] * count
    if not isinstance(error, TransportError):
        raise error
    disposition = of_answer(status_of(error), type_of(error))
    if disposition == "halt":
        raise down(error, "a bulk") from error
    return [Item(disposition, f"{status_of(error)} {type_of(error)}".strip())] * count
