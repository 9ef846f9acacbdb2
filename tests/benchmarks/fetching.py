"""Fetch beside a bare loop that asks the same pages of the same server, and what its scheduler costs. On loopback."""

import json
import math
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from tests.benchmarks import agenda
from tests.benchmarks.report import Section
from tests.benchmarks.statistics import Bar, Spread, ratios

ROUNDS: Final = 5
SOURCES, PAGES = 100, 20
HOWS: Final = ("bare", "jobs", "sources")
TITLES: Final = {
    "bare": "aiohttp and zstd alone", "jobs": "fetch, a job a page", "sources": "fetch, looks at sources",
}  # fmt: skip
LEAST: Final = 0.6
MANY: Final = (1_000, 10_000, 100_000)
DECISION: Final = 100.0
"""Microseconds."""


@dataclass(frozen=True, slots=True)
class Took:
    """A round: pages a second, and milliseconds of CPU for a page."""

    rate: float
    cpu: float


def fetch() -> Section:
    """All ways in turn, each in a process of its own; then the scheduler. The first round is not counted."""
    with _site() as port:
        rounds = [{how: _round(how, port) for how in HOWS} for _ in range(ROUNDS + 1)][1:]
    took = {how: [each[how] for each in rounds] for how in HOWS}
    return _section(took, {number: min(agenda.measured(number) for _ in range(3)) for number in MANY})


@contextmanager
def _site() -> Iterator[int]:
    command = [sys.executable, "-m", "tests.benchmarks.site", str(PAGES), str(SOURCES)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


def _round(how: str, port: int) -> Took:
    command = [sys.executable, "-m", "tests.benchmarks.asking", how, str(port), str(SOURCES), str(PAGES)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        raise RuntimeError(f"{TITLES[how]}: its process ended with {done.returncode}")
    said: dict[str, Any] = json.loads(done.stdout)
    if said["pages"] != SOURCES * PAGES:
        raise RuntimeError(f"{TITLES[how]}: {said['pages']} pages instead of {SOURCES * PAGES}")
    return Took(said["pages"] / said["seconds"], said["cpu"] * 1_000 / said["pages"])


def _section(took: dict[str, list[Took]], scheduled: dict[int, tuple[float, float]]) -> Section:
    rows = [
        (
            TITLES[how],
            Spread.of([each.rate for each in rounds]).text(),
            Spread.of([each.cpu for each in rounds]).text(2),
        )
        for how, rounds in took.items()
    ]
    rows += [(f"a source put among {many:,}", "", f"{put / 1_000:.4f}") for many, (put, _) in scheduled.items()]
    rows += [(f"a due source of {many:,}", "", f"{each / 1_000:.4f}") for many, (_, each) in scheduled.items()]
    rates = ratios([each.rate for each in took["jobs"]], [each.rate for each in took["bare"]])
    costs = ratios([each.cpu for each in took["bare"]], [each.cpu for each in took["jobs"]])
    return Section(
        "fetch",
        f"Fetch on loopback, {SOURCES * PAGES:,} pages of 55 KB ({ROUNDS} rounds, median and range)",
        ("", "pages a second", "ms of CPU"),
        rows,
        [
            Bar("pages a second, fetch over bare", rates.median, LEAST, "at least"),
            Bar("CPU for a page, bare over fetch", costs.median, LEAST, "at least"),
            Bar("a due source's decision", max(each for _, each in scheduled.values()), DECISION, "under", " us"),
            Bar("putting all, growth over n log n", _growth(scheduled), 1.0, "at most"),
        ],
        {"rounds": took, "rate_ratio": rates, "cpu_ratio": costs, "scheduler_us": scheduled},
    )  # fmt: skip


def _growth(scheduled: dict[int, tuple[float, float]]) -> float:
    """How many times more putting all of the most costs than of the fewest, over what n log n would be."""
    few, many = min(scheduled), max(scheduled)
    return scheduled[many][0] * math.log(few) / (scheduled[few][0] * math.log(many))
