"""Measure on the real servers: python -m tests.benchmarks [--json FILE] [NAME...], as hop, index, fetch.

Exit 0: every bar is met; 1: one is not, or something failed; 2: wrong usage.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from rich.console import Console

from deploy.local.errors import LocalError
from tests.benchmarks import machine, material
from tests.benchmarks.account import account
from tests.benchmarks.bulk import index
from tests.benchmarks.enrichment import enrichment
from tests.benchmarks.fetching import fetch
from tests.benchmarks.health import health
from tests.benchmarks.hops import hop, stages
from tests.benchmarks.live import live
from tests.benchmarks.replica import replica
from tests.benchmarks.report import Section, show, write
from tests.benchmarks.text_page import text
from tests.benchmarks.usage import busy_seconds, cpu_seconds, tree
from tests.benchmarks.world import World, world
from tests.servers import provider

BENCHMARKS: dict[str, Callable[[World], Awaitable[Section]]] = {
    "hop": hop, "stages": stages, "index": index, "live": live, "account": account,
}  # fmt: skip
"""On the real servers."""
ON_NATS: dict[str, Callable[[World], Awaitable[Section]]] = {"replica": replica}
"""On the real NATS alone."""
ALONE: dict[str, Callable[[], Section]] = {
    "fetch": fetch, "health": health, "enrichment": enrichment, "text": text,
}  # fmt: skip
"""Without servers of ours."""


async def measure(names: Sequence[str], console: Console) -> list[Section]:
    """Each benchmark by itself, on servers of its own where it needs some."""
    sections: list[Section] = []
    for name in names:
        console.print(f"measuring: {name}")
        before = _others()
        sections.append(ALONE[name]() if name in ALONE else await _on_servers(name))
        show(console, sections[-1])
        sections[-1].data["others_cores"] = others = _others().since(before)
        console.print(f"  beside this, others kept {others:.2f} cores busy\n")
    return sections


async def _on_servers(name: str) -> Section:
    with tempfile.TemporaryDirectory(prefix="newswire-bench-") as folder:
        async with world(provider(), Path(folder), searched=name in BENCHMARKS) as servers:
            return await (BENCHMARKS | ON_NATS)[name](servers)


class _Others(NamedTuple):
    """CPU seconds by a moment of everybody but us and our children."""

    cpu: float
    at: float

    def since(self, before: "_Others") -> float:
        """Cores that they kept busy in between."""
        return (self.cpu - before.cpu) / (self.at - before.at)


def _others() -> _Others:
    return _Others(busy_seconds() - cpu_seconds(tree(os.getpid())), monotonic())


def main() -> int:
    """Run it from the command line."""
    known = [*BENCHMARKS, *ON_NATS, *ALONE]
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Measure on the real servers.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of {', '.join(known)}; all when none is given")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was measured there")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in known]
    if unknown:
        parser.error(f"no benchmark is called {unknown[0]}; there are {', '.join(known)}")
    console, facts = Console(), machine.describe(material.SEED)
    console.print(machine.line(facts))
    try:
        sections = asyncio.run(measure(arguments.names or known, console))
    except (LocalError, RuntimeError) as error:
        sys.stderr.write(f"newswire: the benchmarks stopped: {error}\n")
        return 1
    if arguments.json:
        write(arguments.json, facts, sections)
    return int(not all(bar.met for section in sections for bar in section.bars))


if __name__ == "__main__":
    sys.exit(main())
