"""The scoreboard over the labelled pages: python -m tests.quality; every parser reads each page in turn."""

import argparse
import logging
import sys
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from time import process_time
from typing import Final

from rich.console import Console

from tests.quality.board import ALL, rows, show, show_slowest, show_worst, write
from tests.quality.material import DATA, SETS, Labelled, labelled
from tests.quality.readers import OURS, READERS, YARDSTICK, Reader
from tests.quality.scores import MEASURES, Row, Score, score

PEERS: Final = ("newspaper4k", "news-please", "readability-lxml", "json-ld alone")
RESULTS: Final = Path("bench-results")
PARTS: Final = {"body": ("body",), "meta": tuple(name for name in MEASURES if name != "body")}


def measure(pages: Iterable[Labelled], readers: dict[str, Reader], rounds: int) -> list[Score]:
    """Every page by every reader, one after the other, so that all work under the same load."""
    return [one(name, read, page, rounds) for page in pages for name, read in readers.items()]


def one(name: str, read: Reader, page: Labelled, rounds: int) -> Score:
    """One page by one reader."""
    spent: list[float] = []
    for _ in range(rounds):
        start = process_time()
        found = read(page)
        spent.append(process_time() - start)
    return score(name, page, found, min(spent))


def warm_up(readers: dict[str, Reader], page: Labelled) -> None:
    """Let everything load its data before anything is measured."""
    for read in readers.values():
        read(page)


def main() -> int:
    """Run it from the command line."""
    arguments = _arguments()
    if not DATA.is_dir():
        sys.stderr.write(f"newswire: there are no labelled pages at {DATA}; set NEWSWIRE_DATA to their folder\n")
        return 1
    logging.disable()
    warnings.simplefilter("ignore")  # theirs
    readers = _readers(arguments.readers)
    pages = [page for name in arguments.sets for page in labelled(name)]
    warm_up(readers, pages[0])
    scores = measure(pages, readers, arguments.rounds)
    known = rows(scores)
    console = Console(width=None if sys.stdout.isatty() else 160)
    show(console, known, arguments.measures)
    if arguments.worst:
        ours = [each for each in scores if each.reader == OURS]
        show_worst(
            console, ours, arguments.measures, {page.collection + page.name: page for page in pages}, arguments.worst
        )
        show_slowest(console, ours, arguments.worst)
    if arguments.whole:
        _keep(console, known, scores)
    return 0


def _readers(names: Sequence[str]) -> dict[str, Reader]:
    if not set(names) & set(PEERS):
        return {name: READERS[name] for name in names}
    from tests.quality.peers import PEERS as peers  # noqa: N811 - only then must they be installed

    known = {**READERS, **peers}
    return {name: known[name] for name in names}


def _keep(console: Console, known: Sequence[Row], scores: Sequence[Score]) -> None:
    """Write the JSON and the chart."""
    from tests.quality.chart import draw

    RESULTS.mkdir(exist_ok=True)
    write(RESULTS / "quality.json", known, scores)
    draw(
        [each for each in known if each.collection == ALL],
        len({(each.collection, each.page) for each in scores}),
        RESULTS,
    )
    console.print(f"written: {RESULTS}/quality.json, quality.svg, quality.png")


def _arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.quality", description="Score parsers on labelled pages.")
    names = (*READERS, *PEERS)
    parser.add_argument("--only", choices=PARTS, help="the body, or everything else")
    parser.add_argument("--set", dest="sets", action="append", choices=SETS, help="this set; may be said repeatedly")
    parser.add_argument("--reader", dest="readers", action="append", choices=names, help="this parser; repeatable")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="list the N pages that lose most, and why")
    parser.add_argument(
        "--rounds", type=int, default=1, metavar="N", help="read each page N times; the shortest counts"
    )
    found = parser.parse_args(argv)
    found.whole = not found.readers and not found.sets
    found.sets = found.sets or list(SETS)
    found.readers = list(dict.fromkeys([OURS, YARDSTICK, *(found.readers or names)]))
    found.measures = PARTS.get(found.only, tuple(MEASURES))
    return found


if __name__ == "__main__":
    sys.exit(main())
