"""The report: tables for a person, one JSON object for a program."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, is_dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.benchmarks.statistics import Bar


@dataclass(frozen=True, slots=True)
class Section:
    """One benchmark's outcome: a table, bars, and everything that was measured."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    bars: Sequence[Bar]
    data: dict[str, Any]


def show(console: Console, section: Section) -> None:
    """Its table and its bars."""
    table = Table(*section.columns, title=section.title, title_justify="left")
    for column in table.columns[1:]:
        column.justify = "right"
    for row in section.rows:
        table.add_row(*row)
    console.print(table)
    for bar in section.bars:
        word = "[green]met[/]" if bar.met else "[red]NOT MET[/]"
        console.print(f"  {word}  {bar.name}: {bar.value:.2f}{bar.unit}, {bar.kind} {bar.limit:g}{bar.unit}")
    console.print()


def write(path: Path, machine: dict[str, Any], sections: Sequence[Section]) -> None:
    """All of it as JSON."""
    benches = {section.name: {"bars": [bar.facts() for bar in section.bars], **section.data} for section in sections}
    path.write_text(json.dumps({"machine": machine, "benchmarks": benches}, default=_plain, indent=1) + "\n")


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
