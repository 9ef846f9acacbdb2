"""Fetch without any server: `python -m services.fetch.once discover URL` and `... test` with a source as JSON.

One JSON object a line on standard output. Exit codes: 0 done, 1 it cannot be fetched, 2 wrong usage.
"""

import asyncio
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any, Final

import click
import orjson
from pydantic import ValidationError

from services.fetch.articles.known import Seen
from services.fetch.articles.seen import plan
from services.fetch.core import RawMessage
from services.fetch.desk import Desk
from services.fetch.discover import discover
from services.fetch.hosts import Busy, Hosts
from services.fetch.http import Client
from services.fetch.look import look_at
from services.fetch.schedule.due import first_state, interval, succeeded
from services.fetch.schedule.hosts import Host
from services.fetch.service import now
from services.fetch.settings import AGENT, FetchSettings
from services.fetch.web import Trouble, Web
from shared.contracts import Feed, FeedState, Source
from shared.errors import Skip
from shared.guard import advised

REFUSED: Final = 1


class Alone:
    """Hosts for one process that asks alone."""

    async def host(self, name: str) -> tuple[Host, int]:
        """A server nobody talks to."""
        del name
        return Host(), 0

    async def save_host(self, name: str, host: Host, revision: int) -> int:
        """Nobody else wants to know."""
        del name, host, revision
        return 0


class Shown:
    """Prints what would be published."""

    async def article(self, message: RawMessage, identity: str) -> int:
        """Print what the raw message is."""
        show(decision="publish", article=identity, bytes=len(message.body), headers=message.headers)
        return 1

    async def skipped(self, skip: Skip, identity: str) -> None:
        """Print what would be kept out."""
        show(decision="skip", article=identity, reason=skip.reason, detail=skip.detail)

    async def told(self, after: int) -> Mapping[str, int]:
        """Nothing was published before."""
        del after
        return {}


def show(**line: Any) -> None:
    """Print one JSON object."""
    sys.stdout.write(orjson.dumps(line, default=str).decode() + "\n")
    sys.stdout.flush()


@asynccontextmanager
async def opened(settings: FetchSettings) -> AsyncGenerator[Web]:
    """The web, asked as the service asks it."""
    async with Client(settings.user_agent, now, settings.fetch_allow) as client:
        hosts = Hosts(Alone(), settings.fetch_host_interval, lambda: now().timestamp())
        yield Web(client, hosts, AGENT, lambda: now().timestamp(), settings.fetch_allow)


@click.group()
def main() -> None:
    """Fetch once, and say what was found."""


@main.command("discover")
@click.argument("url")
def discover_(url: str) -> None:
    """Print what the site at URL offers."""
    asyncio.run(_told(_discover(url)))


async def _discover(url: str) -> None:
    async with opened(FetchSettings.load()) as web:
        async for offer in discover(web, url):
            show(**asdict(offer))


@main.command("test")
@click.option("--pages", default=3, show_default=True, help="Pages to fetch at most.")
def test_(pages: int) -> None:
    """Look once at the source on standard input, and print each decision."""
    try:
        source = Source.model_validate_json(sys.stdin.buffer.read())
    except ValidationError as error:
        raise click.UsageError(f"not a source: {error.errors()[0]['msg']}") from error
    asyncio.run(_told(_test(source, pages)))


async def _test(source: Source, pages: int) -> None:
    settings = FetchSettings.load()
    honour = settings.fetch_honour if source.honour is None else frozenset(source.honour)
    async with opened(settings) as web:
        for feed in source.feeds:
            await _test_feed(source, feed, web, Desk(source, Seen(), web, Shown(), honour), pages)


async def _test_feed(source: Source, feed: Feed, web: Web, desk: Desk, pages: int) -> None:
    state: FeedState = first_state(source, now()).feeds[feed.url]
    sight = await look_at(web, feed, state)
    entries = sight.listing.entries if sight.listing else ()
    after = succeeded(source, feed, state, sight.look, now())
    show(
        decision="read", feed=feed.url, status=sight.answer.status, form=sight.listing.form if sight.listing else None,
        entries=len(entries), validators=[each for each in ("etag", "last_modified") if getattr(sight.look, each)],
        moved_to=sight.answer.moved_to,
    )  # fmt: skip
    planned = plan(desk.seen, feed.url, entries, now())
    desk.seen = planned.seen
    for work in planned.works[-pages:] if pages else ():
        show(decision="article", kind=work.kind, headline=work.entry.headline, url=work.entry.url)
        desk.problem = None
        await desk.publish(work, sight.answer, now())
        if trouble := desk.problem:
            show(decision="page", problem=trouble.name, detail=trouble.detail)
    if left := len(planned.works) - pages:
        show(decision="left", articles=max(left, 0))
    assert after.rhythm  # noqa: S101 - a look that succeeded leaves one
    show(decision="next", seconds=round(interval(source, after.rhythm, after.ttl, now())), ttl=after.ttl)


async def _told(work: Any) -> None:
    """Run `work`; what it meets is one more line, and exit 1."""
    try:
        await work
    except Trouble as trouble:
        show(problem=trouble.name, detail=advised(trouble.name, trouble.detail))
        sys.exit(REFUSED)
    except Busy as busy:
        show(problem="rate_limited", detail=f"its server wants to be left alone; {busy}")
        sys.exit(REFUSED)


if __name__ == "__main__":
    main(prog_name="newswire sources")
