"""The scoreboard as a table, and the pages that lose most."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tests.quality.material import Labelled
from tests.quality.readers import YARDSTICK
from tests.quality.scores import MEASURES, Mean, Row, Score, row, worst

ALL = "all"


def rows(scores: Sequence[Score]) -> list[Row]:
    """A row for each parser on each set, then on all of them; those of one set stand together."""
    found: list[Row] = []
    for collection in (*dict.fromkeys(each.collection for each in scores), ALL):
        inside = [each for each in scores if collection in (each.collection, ALL)]
        yardstick = [each for each in inside if each.reader == YARDSTICK]
        readers = dict.fromkeys(each.reader for each in inside)
        found += [row([each for each in inside if each.reader == one], yardstick, collection) for one in readers]
    return found


def show(console: Console, known: Sequence[Row], measures: Sequence[str]) -> None:
    """The table: means with half the width of their 95 % intervals, CPU in milliseconds and as its multiple."""
    table = Table("set", "pages", "parser", *measures, *(["published"] if "body" in measures else []), "ms", "x fast")
    for column in (table.columns[1], *table.columns[3:]):
        column.justify = "right"
    for number, each in enumerate(known):
        body = [f"{each.published:.3f}"] if "body" in measures else []
        cells = [_cell(each.means[name]) for name in measures]
        last = number + 1 == len(known) or known[number + 1].collection != each.collection
        table.add_row(
            each.collection, str(each.pages), each.reader, *cells, *body, f"{each.cpu * 1000:.1f}", f"{each.times:.2f}",
            end_section=last,
        )  # fmt: skip
    console.print(table)


def _cell(known: Mean | None) -> Text:
    if known is None:
        return Text("-")
    return Text.assemble(f"{known.value:.3f}", (f" ±{(known.high - known.low) / 2:.3f}", "dim"))


def write(path: Path, known: Sequence[Row], scores: Sequence[Score]) -> None:
    """Every mean with its interval, and every page's score, as JSON."""
    pages = [
        {
            "parser": each.reader,
            "set": each.collection,
            "page": each.page,
            "url": each.url,
            "cpu": each.cpu,
            "precision": each.body.precision,
            "recall": each.body.recall,
            "refused": each.found.refused,
            **{name: measure(each) for name, measure in MEASURES.items()},
        }
        for each in scores
    ]
    path.write_text(json.dumps({"means": [asdict(each) for each in known], "pages": pages}, indent=1) + "\n")


def show_slowest(console: Console, scores: Sequence[Score], limit: int) -> None:
    """The pages that cost most CPU."""
    console.print("\nslowest", style="bold")
    for each in sorted(scores, key=lambda each: -each.cpu)[:limit]:
        line = f"  {each.cpu * 1000:7.1f} ms  {each.collection}/{each.page} {each.url}"
        console.print(line, soft_wrap=True, markup=False, highlight=False)


def show_worst(
    console: Console, scores: Sequence[Score], measures: Sequence[str], pages: Mapping[str, Labelled], limit: int
) -> None:
    """For each measure the pages that lose most: what they are, what was found, what was expected."""
    for measure in measures:
        console.print(f"\n{measure}", style="bold")
        for each in worst(scores, measure, limit):
            page = pages[each.collection + each.page]
            console.print(f"  {each.collection}/{each.page} {each.url}", soft_wrap=True, markup=False, highlight=False)
            console.print(f"      {_reason(measure, each, page)}", soft_wrap=True, markup=False, highlight=False)


def _reason(measure: str, each: Score, page: Labelled) -> str:
    found = each.found
    if found.refused:
        return found.refused
    match measure:
        case "body":
            return f"F1 {each.f1:.3f}, precision {each.body.precision:.3f}, recall {each.body.recall:.3f}"
        case "title":
            return f"found {found.title!r}, expected {page.title!r}"
        case "authors":
            return f"found {found.authors!r}, expected {page.authors!r}"
        case _:
            return f"found {found.published}, expected {page.date}"
