"""How commands print: lines for people, or one JSON object a line and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import click
import orjson


def line_of(value: Mapping[str, Any]) -> str:
    """One line of JSON."""
    return orjson.dumps(value, default=str).decode()


def emit(value: Mapping[str, Any]) -> None:
    """Print one JSON object; at once, for whoever reads it as it comes."""
    click.echo(line_of(value))


def printable(text: str) -> str:
    """`text` with a blank for each character that shows nothing or steers a terminal."""
    return "".join(each if each.isprintable() else " " for each in text)


def plain(text: str, limit: int = 200) -> str:
    """`text` from outside on one line, without what could steer a terminal."""
    line = " ".join(printable(text[: limit + 1]).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def moment(at: datetime) -> str:
    """A moment for people: UTC to the second."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def span(seconds: float) -> str:
    """A length of time for people."""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1_000:.0f} ms"


def joined(parts: Iterable[str | None]) -> str:
    """The parts that say something, apart."""
    return "  ".join(part for part in parts if part)


def columns(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table: the first column to the left, the others to the right."""
    table = [tuple(head), *(tuple(row) for row in rows)]
    widths = [max(len(row[number]) for row in table) for number in range(len(head))]
    return "\n".join(
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in table
    )
