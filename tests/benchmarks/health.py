"""What it costs the keeper to judge the health of sources. What it reads and stores on NATS is measured elsewhere."""

import time
from datetime import UTC, datetime, timedelta
from typing import Final

from services.keeper.core import Place
from services.keeper.health.books import decode, encode
from services.keeper.health.core import Fetched, Sighting, Watched
from services.keeper.health.drift import Shape
from services.keeper.health.hearing import Hearing, deaf
from tests.benchmarks.report import Section
from tests.benchmarks.statistics import Bar

FEW, MANY = 1_000, 10_000
ARTICLES: Final = 20
"""Of each source: enough for its layout to be judged."""
ROUNDS: Final = 3
GROWTH: Final = 1.5
"""Times more that a source may cost among ten times as many."""
ROUND_SECONDS: Final = 1.0
"""For all sources once; the keeper does that every few seconds."""
START: Final = datetime(2026, 3, 2, tzinfo=UTC)
SHAPE: Final = Shape(60, 3_000, dated=True, authored=True)


def health() -> Section:
    """Everything that is done for each source, among few and among many; the best of some rounds."""
    took = {number: _best(number) for number in (FEW, MANY)}
    names = {"see": "an article is taken", "tick": "time passes", "deaf": "is anybody heard", "kept": "stored and read"}
    rows = [(text, *(f"{took[number][name]:.1f}" for number in took)) for name, text in names.items()]
    growth = max(took[MANY][name] / took[FEW][name] for name in names)
    whole = MANY * (took[MANY]["tick"] + took[MANY]["deaf"]) / 1e6
    return Section(
        "health",
        f"Health of sources, microseconds of CPU for each source (best of {ROUNDS} rounds)",
        ("", f"of {FEW:,}", f"of {MANY:,}"),
        rows,
        [
            Bar(f"a source's cost, of {MANY:,} over {FEW:,}", growth, GROWTH, "at most"),
            Bar(f"judging {MANY:,} sources once", whole, ROUND_SECONDS, "under", " s of CPU"),
        ],
        {"microseconds": took},
    )


def _best(sources: int) -> dict[str, float]:
    rounds = [_round(sources) for _ in range(ROUNDS)]
    return {name: min(each[name] for each in rounds) for name in rounds[0]}


def _round(sources: int) -> dict[str, float]:
    """Microseconds for each source, or article."""
    watched = [Watched(f"s{number}") for number in range(sources)]
    began = time.process_time()
    for number in range(ARTICLES):
        at = START + timedelta(hours=number)
        for each in watched:
            each.see("EVENTS", Place(1, number + 1), Sighting(each.source, at, new=True, shape=SHAPE))
    seen, known = time.process_time(), Fetched(until=START)
    for each in watched:
        each.tick(START + timedelta(days=2), known, in_flight=False)
    ticked = time.process_time()
    heard = [Hearing(START, START + timedelta(seconds=number % 7 - 7), f"s{number}") for number in range(sources)]
    listed = time.process_time()
    deaf(heard)
    asked = time.process_time()
    for each in watched:
        decode(encode(each))
    kept = time.process_time()
    spent = {"see": (seen - began) / ARTICLES, "tick": ticked - seen, "deaf": asked - listed, "kept": kept - asked}
    return {name: max(seconds, 1e-9) / sources * 1e6 for name, seconds in spent.items()}
