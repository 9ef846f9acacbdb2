"""Articles and other pages told apart: python -m tests.quality.kinds; with --write, the weights are made anew.

The weights that ship are fitted to all pages. What is told here is of weights that were fitted to other hosts' pages,
ten times, so that no page is judged by weights that know its site.
"""

import argparse
import logging
import sys
import warnings
from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table

from services.parse.html.kinds import trained
from services.parse.html.verdict import REASONS
from tests.quality.kinds.fit import fitted, foreseen, write
from tests.quality.kinds.material import WCXB, of_fixtures, typed
from tests.quality.kinds.reading import Seen, Told, seen
from tests.quality.material import DATA
from tests.quality.scores import interval

Judged = tuple[Seen, Told]
SETS: Final = {"all": ("",), "WCXB alone": ("wcxb",), "news and blogs": ("zyte", "naeb", "fundusfix")}


def main() -> int:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.kinds", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the weights that ship anew")
    parser.add_argument("--worst", action="store_true", help="list the pages that are taken for something else")
    arguments = parser.parse_args()
    if not DATA.is_dir():
        sys.stderr.write(f"newswire: there are no labelled pages at {DATA}; set NEWSWIRE_DATA to their folder\n")
        return 1
    logging.disable()
    warnings.simplefilter("ignore")  # theirs
    console = Console(width=None if sys.stdout.isatty() else 120)
    pages = seen(typed())
    if arguments.write and WCXB.is_dir():
        write(fitted(pages))
        trained.cache_clear()
    judged = foreseen(pages) if WCXB.is_dir() else [(each, each.told(trained())) for each in pages]
    show(console, judged)
    if not WCXB.is_dir():
        console.print(f"no pages of other kinds at {WCXB}: set NEWSWIRE_WCXB to a checkout of WCXB")
    show_fixtures(console, seen(of_fixtures()))
    if arguments.worst:
        show_wrong(console, judged)
    return 0


def show(console: Console, judged: Sequence[Judged]) -> None:
    """Articles told as such, other pages told as others, and the mean of both; what is skipped of each.

    On hosts that rules were written with, and on others.
    """
    table = Table("pages", "hosts", "articles", "told", "skipped", "others", "told", "skipped", "named", "balanced")
    for name, prefixes in SETS.items():
        for hosts, wanted in (("all", {0, 1}), ("tuned on", {0}), ("other half", {1})):
            inside = [
                each for each in judged
                if each[0].page.collection.startswith(prefixes) and each[0].page.group % 2 in wanted
            ]  # fmt: skip
            table.add_row(name, hosts, *_cells(inside))
        table.add_section()
    console.print(table)


def _cells(judged: Sequence[Judged]) -> Iterator[str]:
    articles = [told for each, told in judged if each.page.kind == "article"]
    others = [(each, told) for each, told in judged if each.page.kind != "article"]
    right = [float(told.reason is None) for told in articles]
    found = [float(told.reason is not None) for _, told in others]
    named = [float(told.reason == REASONS.get(each.page.kind)) for each, told in others if told.reason is not None]
    for values, skipped in ((right, articles), (found, [told for _, told in others])):
        yield str(len(values))
        yield _share(values)
        yield _share([float(told.skipped) for told in skipped])
    yield _share(named)
    yield _balanced(right, found)


def _share(values: Sequence[float]) -> str:
    if not values:
        return "-"
    low, high = interval(values)
    return f"{sum(values) / len(values):.3f} ±{(high - low) / 2:.3f}"


def _balanced(kept: Sequence[float], skipped: Sequence[float]) -> str:
    """The mean of both shares; its interval is of independent samples."""
    if not kept or not skipped:
        return "-"
    wide = [(high - low) / 2 for low, high in (interval(kept), interval(skipped))]
    middle = (sum(kept) / len(kept) + sum(skipped) / len(skipped)) / 2
    return f"{middle:.3f} ±{(wide[0] ** 2 + wide[1] ** 2) ** 0.5 / 2:.3f}"


def show_fixtures(console: Console, pages: Sequence[Seen]) -> None:
    """The fixtures by the weights that ship."""
    wrong = [each.page.name for each in pages if (each.told(trained()).reason or "article") != each.page.collection]
    console.print(f"fixtures: {len(pages) - len(wrong)} of {len(pages)} are told as what they are {wrong or ''}")


def show_wrong(console: Console, judged: Sequence[Judged]) -> None:
    """The articles that are lost and the pages that pass for one."""
    for each, told in judged:
        if (told.reason is None) != (each.page.kind == "article"):
            said = f"{told.reason or 'article'}{', skipped' if told.skipped else ''}"
            line = f"{each.page.collection}/{each.page.name} {each.page.url}: {each.page.kind}, {said}"
            console.print(line, soft_wrap=True, markup=False, highlight=False)


if __name__ == "__main__":
    sys.exit(main())
