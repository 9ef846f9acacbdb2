"""The rows that React's server components are sent as, and Next.js puts into a page in pieces. Pure.

`self.__next_f.push([1, "..."])` adds a piece; together they are rows `id:value`, of which texts say how long they are
(`24:T1b7b,`, in bytes) and others are JSON to the end of the line, with `"$24"` for the row of that id:
https://github.com/facebook/react/blob/main/packages/react-client/src/ReactFlightClient.js
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from services.parse.html.jsonld import items, node

PUSH: Final = "__next_f.push("
TOTAL_LIMIT: Final = 6_000_000
PIECES_LIMIT: Final = 1_000
"""Pieces of one script: each is one of its own."""
ROWS_LIMIT: Final = 5_000
_ROW: Final = re.compile(rb"([0-9a-f]{0,8}):(?:T([0-9a-f]{1,7}),)?")
_REFERENCE: Final = re.compile(r"\$[0-9a-f]{1,8}")
_DECODER: Final = json.JSONDecoder(strict=False)
Texts = dict[str, str]


def flight(scripts: Iterable[str]) -> Iterator[Any]:
    """The values of the rows that scripts push, with texts in the places that refer to them."""
    stream = "".join(piece for script in scripts for piece in _pieces(script))[:TOTAL_LIMIT]
    texts, rows = _rows(stream.encode("utf-8", "replace"))
    for row in rows:
        try:
            yield json.loads(row, strict=False, object_hook=lambda known: _with_texts(known, texts))
        except (ValueError, RecursionError):
            continue


def _pieces(script: str) -> Iterator[str]:
    for part in script.split(PUSH, PIECES_LIMIT)[1:]:
        try:
            pushed = items(_DECODER.raw_decode(part)[0])
        except (ValueError, RecursionError):
            continue
        yield from (each for each in pushed[1:2] if isinstance(each, str))


def _rows(stream: bytes) -> tuple[Texts, list[bytes]]:
    """The texts by what refers to them, and the rows that are JSON."""
    texts: Texts = {}
    rows: list[bytes] = []
    at = 0
    for _ in range(ROWS_LIMIT):
        if (match := _ROW.match(stream, at)) is None:
            break
        start, length = match.end(), match[2]
        end = start + int(length, 16) if length else _line_end(stream, start)
        if length:
            texts[f"${match[1].decode()}"] = stream[start:end].decode("utf-8", "replace")
        elif stream[start : start + 1] in {b"{", b"["}:
            rows.append(stream[start:end])
        at = end + (not length)
    return texts, rows


def _line_end(stream: bytes, start: int) -> int:
    end = stream.find(b"\n", start)
    return len(stream) if end < 0 else end


def _with_texts(known: dict[str, Any], texts: Texts) -> dict[str, Any]:
    found = {
        name: texts[value]
        for name, value in known.items()
        if isinstance(value, str) and value in texts and _REFERENCE.fullmatch(value)
    }
    return node(known) | found
