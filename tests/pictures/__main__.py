"""Draw the charts of the dashboards from a run on the real servers: python -m tests.pictures FOLDER [--all].

Without --all only those that the README shows.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from opensearchpy import AsyncOpenSearch

from deploy.dashboards.panels import Chart, panels
from shared.indices import ARTICLES_PATTERN, PIPELINE_PATTERN
from shared.opensearch import ask, connect
from tests.charts import rows, svg
from tests.pictures.newsroom import messages
from tests.pipeline import STAGES, listening, prepare
from tests.quick import quicken
from tests.servers import provider
from tests.wire import Stage

README = ("first-seen", "outcomes-by-time")
COUNT, A_SECOND = 600, 6
CRASHES = {200: "services.enrich", 420: "services.parse"}
"""After so many messages, who dies with what it has in hand, so that there are retries."""


@asynccontextmanager
async def stages(nats_url: str, search_url: str, folder: Path) -> AsyncIterator[dict[str, Stage]]:
    """All of the pipeline, with little patience."""
    started = {}
    for program in (*STAGES, "services.keeper"):
        home = folder / program
        home.mkdir()
        started[program] = Stage(nats_url, home, program, {"NEWSWIRE_OPENSEARCH_URL": search_url}).start()
    try:
        for each in started.values():
            each.await_ready()
        yield started
    finally:
        for each in started.values():
            each.kill()


async def play(nats_url: str, search_url: str, folder: Path) -> None:
    """Publish, crash, and wait until all is charted."""
    async with stages(nats_url, search_url, folder) as started, listening(nats_url, search_url) as pipeline:
        origins = []
        for number, raw in enumerate(messages(COUNT, datetime.now(UTC))):
            origins.append(await pipeline.publish(raw.body, raw.source, {"Content-Type": raw.content_type}))
            if program := CRASHES.get(number):
                started[program].kill()
                started[program].start()
            await asyncio.sleep(1 / A_SECOND)
        for origin in origins:
            await pipeline.fate(origin, 300)
        await asyncio.sleep(5)


async def pictures(search: AsyncOpenSearch, folder: Path, names: tuple[str, ...], since: datetime) -> None:
    """Ask and draw."""
    for pattern in (ARTICLES_PATTERN, PIPELINE_PATTERN):
        await ask(search, "POST", f"/{pattern}/_refresh")
    for chart in panels():
        if isinstance(chart, Chart) and chart.name in names:
            found = await rows(search, chart, since, datetime.now(UTC) + timedelta(seconds=1))
            (folder / f"{chart.name}.svg").write_text(svg(chart, found))


async def run(folder: Path, names: tuple[str, ...]) -> None:
    """The whole of it, on fresh servers."""
    quicken()
    with tempfile.TemporaryDirectory() as place:
        async with AsyncExitStack() as stack:
            nats_server = stack.enter_context(provider().nats(Path(place) / "nats"))
            opensearch = stack.enter_context(provider().opensearch(Path(place) / "opensearch"))
            await prepare(nats_server.url, opensearch.url)
            since = datetime.now(UTC)
            await play(nats_server.url, opensearch.url, Path(place))
            search = connect(opensearch.url)
            stack.push_async_callback(search.close)
            await pictures(search, folder, names, since)


def main() -> int:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--all", action="store_true", help="also those that the README does not show")
    words = parser.parse_args()
    words.folder.mkdir(parents=True, exist_ok=True)
    every = tuple(each.name for each in panels() if isinstance(each, Chart))
    asyncio.run(run(words.folder, every if words.all else README))
    return 0


if __name__ == "__main__":
    sys.exit(main())
