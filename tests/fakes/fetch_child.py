"""Fetch one URL in a process of its own and say what it took: `python -m tests.fakes.fetch_child PORT PATH`."""

import asyncio
import json
import re
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from services.fetch.http import Client
from shared.errors import Outcome


def peak_mb() -> float:
    """The process's largest resident size so far, from Linux."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found[1]) / 1024 if found else 0.0


async def main(port: int, path: str) -> dict[str, object]:
    """What became of /warm and then of `path`."""
    allowed = frozenset({("127.0.0.1", port)})
    async with Client("test", lambda: datetime.now(UTC), allowed) as client:
        await client.get(f"http://127.0.0.1:{port}/warm")
        before, started, outcome = peak_mb(), time.monotonic(), "page"
        try:
            await client.get(f"http://127.0.0.1:{port}{path}")
        except Outcome as caught:
            outcome = caught.reason
        seconds = time.monotonic() - started
        return {"outcome": outcome, "seconds": seconds, "before_mb": before, "peak_mb": peak_mb()}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(main(int(sys.argv[1]), sys.argv[2]))))
