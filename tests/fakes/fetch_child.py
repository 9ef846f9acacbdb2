"""Fetch one URL in a process of its own and say what it took: `python -m tests.fakes.fetch_child PORT PATH`.

HOW: `get` a page, or `look` at a feed as fetch does, robots.txt and all. PATH may be a whole URL. OTHER: a port that
some other host may have, so that it is the address that is refused and not the port. HOW and OTHER may be left out.
"""

import asyncio
import json
import re
import sys
import time
from pathlib import Path

from services.fetch.hosts import Hosts
from services.fetch.http import Client, Limits
from services.fetch.look import look_at
from services.fetch.once import Alone
from services.fetch.service import now
from services.fetch.web import Trouble, Web
from shared.contracts import Feed, FeedState
from shared.errors import Outcome
from tests.fakes.taken import Watch


def peak_mb() -> float:
    """The process's largest resident size so far, from Linux."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found[1]) / 1024 if found else 0.0


async def main(port: int, path: str, how: str, other: int) -> dict[str, object]:
    """What became of /warm and then of `path`."""
    allowed, url = (
        frozenset({("127.0.0.1", port), ("192.0.2.1", other)}),
        path if "://" in path else f"http://127.0.0.1:{port}{path}",
    )
    async with Client("test", now, allowed, Limits(total=10, connect=2, read=2, grace=2)) as client:
        await client.get(f"http://127.0.0.1:{port}/warm")
        web = Web(client, Hosts(Alone(), 0.0, time.time), "Newswire", time.time, allowed)
        before, watch = peak_mb(), Watch()
        try:
            outcome = await look(web, url) if how == "look" else await got(client, url)
        except (Outcome, Trouble) as caught:
            outcome = caught.reason if isinstance(caught, Outcome) else caught.name
        return {"outcome": outcome, "seconds": watch.seconds, "before_mb": before, "peak_mb": peak_mb()}


async def got(client: Client, url: str) -> str:
    return f"page {(await client.get(url)).status}"


async def look(web: Web, url: str) -> str:
    sight = await look_at(web, Feed(url=url), FeedState(next_due=now()))
    return f"{sight.listing.form} of {len(sight.listing.entries)}" if sight.listing else "unchanged"


if __name__ == "__main__":
    given = dict(enumerate(sys.argv))
    done = main(int(given[1]), given[2], given.get(3, "get"), int(given.get(4, 80)))
    sys.stdout.write(json.dumps(asyncio.run(done)))
