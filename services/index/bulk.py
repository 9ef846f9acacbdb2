"""The bulk format on raw bytes, and the strict reading of its answer. Pure.

Own code, because opensearch-py's helpers serialise each document twice, retry nothing by default and lose the
order of items when part of the answer is missing (facts: 23,600 documents/s against 87,000 on raw bytes).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import orjson

from services.index.disposition import Disposition, of_item

FILTER_PATH: Final = "errors,items.*._index,items.*._id,items.*.status,items.*.error.type,items.*.error.reason"
"""As little of the answer as tells what became of each item; every item stays in it."""
REASON_LIMIT: Final = 300
"""Characters of the server's reason that are kept: it may quote the document."""


@dataclass(frozen=True, slots=True)
class Operation:
    """Index `body` (one line of JSON) as `id`, unless something of that or a higher external version is there."""

    index: str
    id: str
    version: int
    body: bytes

    @property
    def size(self) -> int:
        """About as many bytes as its lines have."""
        return len(self.body) + 200

    def lines(self) -> bytes:
        """Its two lines; JSON escapes newlines, so a field can not start a third."""
        target = {"_index": self.index, "_id": self.id, "version": self.version, "version_type": "external"}
        return b"%b\n%b\n" % (orjson.dumps({"index": target}), self.body)


class Item(NamedTuple):
    """What became of an operation."""

    disposition: Disposition
    detail: str = ""


def chunks(sizes: Sequence[int], most: int, most_bytes: int) -> Iterator[tuple[int, int]]:
    """Ranges (start, end) of what is handled together; what is too large by itself goes alone."""
    start, total = 0, 0
    for position, size in enumerate(sizes):
        if position > start and (position - start >= most or total + size > most_bytes):
            yield start, position
            start, total = position, 0
        total += size
    if sizes:
        yield start, len(sizes)


def items_of(answer: Any, operations: Sequence[Operation]) -> list[Item] | None:
    """What the answer says of each operation; None when it is not the answer to these."""
    try:
        said = [each["index"] for each in answer["items"]]
        if [(each["_index"], each["_id"]) for each in said] != [(each.index, each.id) for each in operations]:
            return None
        return [_item(each) for each in said]
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _item(said: dict[str, Any]) -> Item:
    error: dict[str, Any] = said.get("error") or {}
    kind, reason = str(error.get("type", "")), str(error.get("reason", ""))
    return Item(of_item(int(said["status"]), kind), f"{kind}: {reason}"[:REASON_LIMIT] if kind else "")
