"""`newswire publish`: raw articles from files, and what becomes of them."""

import asyncio
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any, Final, Literal

import click
from opensearchpy import AsyncOpenSearch

from services.ctl.output import emit, plain
from services.ctl.reparse.inputs import files_of
from services.ctl.settings import load
from shared import opensearch
from shared.bus import JetStreamContext, wire
from shared.bus.client import MAX_ARTICLE, Outcomes, RawArticle, Seen, epoch_of_raw, publish_raw, session
from shared.bus.events import Outcome
from shared.contracts import DeadLetter, IndexedEvent, Origin, SkipRecord
from shared.errors import DependencyDown, Poison
from shared.indices import ARTICLES_ALIAS
from shared.settings import Settings
from shared.subjects import token

LOOK_EVERY: Final = 0.05
"""Seconds between two searches for what was indexed."""
SEARCHES: Final = 4
"""At once."""


@dataclass(frozen=True, slots=True)
class Report:
    """What is known of one published article. Milliseconds count from the moment of publishing.

    `outcome` is None while there is none. `milliseconds_searchable` is that of indexed articles, once a search
    finds this version.
    """

    file: str
    source: str
    origin: str
    trace_id: str
    bytes: int
    outcome: Literal["indexed", "skipped", "dead"] | None = None
    stage: str | None = None
    action: str | None = None
    reason: str | None = None
    detail: str | None = None
    article_id: str | None = None
    headline: str | None = None
    milliseconds: int | None = None
    milliseconds_searchable: int | None = None

    @property
    def well(self) -> bool:
        """Whether it ended, and not as a dead letter; and can be found if it was indexed."""
        if self.outcome == "indexed":
            return self.milliseconds_searchable is not None
        return self.outcome == "skipped"


def told(report: Report, outcome: Outcome) -> Report:
    """The report with its outcome."""
    match outcome:
        case IndexedEvent():
            said: dict[str, Any] = {"outcome": "indexed", "stage": "index", "action": outcome.action}
        case SkipRecord():
            said = {"outcome": "skipped", "stage": outcome.stage, "reason": outcome.reason, "detail": outcome.detail}
        case DeadLetter():
            said = {"outcome": "dead", "stage": outcome.stage, "reason": outcome.reason, "detail": outcome.detail}
    said |= {name: getattr(outcome, name, None) for name in ("article_id", "headline")}
    return replace(report, **said)


class Publisher:
    """Publishes articles of one source and waits for what becomes of them."""

    def __init__(self, js: JetStreamContext, epoch: int, outcomes: Outcomes, search: AsyncOpenSearch) -> None:
        self._js, self._epoch, self._outcomes, self._search = js, epoch, outcomes, search
        self._searching = asyncio.Semaphore(SEARCHES)

    async def publish(self, file: str, article: RawArticle) -> tuple[Report, float]:
        """The article's report, and when it was published (time.monotonic).

        Raises:
            Poison: it is too large.
            DependencyDown: it could not be stored.
        """
        started = time.monotonic()
        origin = await publish_raw(self._js, article, self._epoch)
        trace = wire.trace_id(None, origin, "parse")
        return Report(file, token(article.source), str(origin), trace, len(article.body)), started

    async def wait(self, report: Report, started: float, seconds: float) -> Report:
        """The report with its outcome, or without when there is none within `seconds` of publishing.

        Raises:
            ConnectionError: NATS went away meanwhile.
        """
        seen = await self._outcomes.of(Origin.parse(report.origin), started + seconds - time.monotonic())
        if seen is None:
            return report
        ended = replace(told(report, seen.outcome), milliseconds=_milliseconds(started, seen.at))
        return await self._found(ended, seen, started, seconds)

    async def _found(self, report: Report, seen: Seen, started: float, seconds: float) -> Report:
        if not isinstance(seen.outcome, IndexedEvent):
            return report
        while time.monotonic() < started + seconds:
            if await self._is_searchable(seen.outcome):
                return replace(report, milliseconds_searchable=_milliseconds(started, time.monotonic()))
            await asyncio.sleep(LOOK_EVERY)
        return report

    async def _is_searchable(self, event: IndexedEvent) -> bool:
        query = {"query": {"ids": {"values": [event.article_id]}}, "version": True, "_source": False}
        try:
            async with self._searching:
                answer = await opensearch.ask(self._search, "POST", f"/{ARTICLES_ALIAS}/_search", query)
        except DependencyDown:  # it is asked again until time is up
            return False
        hits: list[dict[str, Any]] = answer["hits"]["hits"] if answer else []
        return any(hit["_version"] >= event.version for hit in hits)


def _milliseconds(start: float, end: float) -> int:
    return round((end - start) * 1_000)


@asynccontextmanager
async def publisher(settings: Settings, source: str) -> AsyncGenerator[Publisher]:
    """A publisher that sees every outcome of `source` from now on.

    Raises:
        ConnectionError: no NATS server answers.
        DependencyDown: it is not provisioned.
    """
    search = opensearch.connect_as(settings, seconds=5)
    try:
        async with session(settings) as (client, js):
            outcomes = Outcomes(client, source)
            await outcomes.start()
            yield Publisher(js, await epoch_of_raw(js), outcomes, search)
    finally:
        await search.close()


async def publish_and_wait(settings: Settings, file: str, article: RawArticle, seconds: float = 60) -> Report:
    """Publish one article and wait for its outcome and, when it is indexed, until a search finds it.

    Raises:
        ConnectionError: no NATS server answers, or not any more.
        DependencyDown: it could not be stored.
        Poison: it is too large.
    """
    async with publisher(settings, article.source) as publishing:
        report, started = await publishing.publish(file, article)
        return await publishing.wait(report, started, seconds)


def sentence(report: Report, seconds: float) -> str:
    """What became of it, for a person."""
    where = f"{report.file}: "
    took = "" if report.milliseconds is None else f" in {report.milliseconds} ms"
    why = plain(f"{report.reason}: {report.detail}" if report.detail else report.reason or "")
    match report.outcome:
        case "indexed":
            found = report.milliseconds_searchable
            search = f"searchable in {found} ms" if found is not None else f"but not searchable within {seconds:g} s"
            headline = plain(report.headline or "")
            return f"{where}indexed ({report.action}){took}, {search}: {headline} [{report.article_id}]"
        case "skipped":
            return f"{where}skipped by {report.stage}{took}: {why}"
        case "dead":
            return f"{where}dead letter of {report.stage}{took}: {why}. See `newswire dlq list`"
        case None:
            look = f"Look with `newswire trace {report.origin}`"
            return f"{where}no outcome within {seconds:g} s. Nothing is lost: it is kept in its stream. {look}"


@dataclass(frozen=True, slots=True)
class _Order:
    """What the command was told."""

    files: tuple[str, ...]
    source: str
    url: str | None
    content_type: str | None
    seconds: float | None
    as_json: bool


async def _run(order: _Order, settings: Settings) -> bool:
    """Publish all, then wait for all. True when everything went well."""
    async with publisher(settings, order.source) as publishing:
        published = [each async for each in _publish_all(order, publishing)]
        well = len(published) == len(order.files)
        if order.seconds is None:
            return well
        ends = [publishing.wait(report, started, order.seconds) for report, started in published]
        for ending in asyncio.as_completed(ends):
            well = _ended(await ending, order) and well
    return well


async def _publish_all(order: _Order, publishing: Publisher) -> AsyncGenerator[tuple[Report, float]]:
    """What was published, and when. A file that cannot be is told of; when the stream takes no more, it ends there."""
    for number, file in enumerate(order.files, 1):
        try:
            article = RawArticle(order.source, read(file), order.url, order.content_type)
            report, started = await publishing.publish(file, article)
        except OSError as error:
            _failed(file, f"cannot read it: {error.strerror or error}", order)
        except Poison as error:
            _failed(file, error.detail, order)
        except DependencyDown as error:
            left = len(order.files) - number
            _failed(file, error.detail + (f"; {left} more were not tried" if left else ""), order)
            return
        else:
            _published(report, order)
            yield report, started


def _files(named: Sequence[str]) -> tuple[str, ...]:
    """What is named, with the files below a folder in its place; hidden ones are not."""
    found = (
        [str(below) for below in files_of([Path(each)])] if each != "-" and Path(each).is_dir() else [each]
        for each in named
    )
    if not (files := tuple(chain.from_iterable(found))):
        raise click.ClickException(f"there is no file below {', '.join(named)}")
    return files


def read(file: str) -> bytes:
    """The file's bytes, one more than an article may have at most; `-` is standard input.

    Raises:
        OSError: it cannot be read.
    """
    if file == "-":
        return sys.stdin.buffer.read(MAX_ARTICLE + 1)
    with Path(file).open("rb") as stream:
        return stream.read(MAX_ARTICLE + 1)


def _published(report: Report, order: _Order) -> None:
    if not order.as_json:
        click.echo(f"{report.file}: published to {report.source}, origin {report.origin}, trace {report.trace_id}")
    elif order.seconds is None:
        emit(_as_json(report))


def _ended(report: Report, order: _Order) -> bool:
    if order.as_json:
        emit(_as_json(report))
    else:
        click.echo(sentence(report, order.seconds or 0))
    return report.well


def _as_json(report: Report) -> dict[str, Any]:
    return {name: value for name, value in asdict(report).items() if value is not None}


def _failed(file: str, why: str, order: _Order) -> None:
    if order.as_json:
        emit({"file": file, "error": why})
    click.echo(f"newswire: {file}: not published: {why}", err=True)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, allow_dash=True))
@click.option("--source", required=True, help="Who published it: interfax-ua, my-scraper.")
@click.option("--url", help="The address of the article.")
@click.option("--content-type", help="What the files are, as in text/html; without, it is told by looking at them.")
@click.option("--wait", is_flag=True, help="Wait for the outcome, and until what is indexed can be found.")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), default=60, show_default=True, help="In seconds.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def publish(**given: Any) -> None:
    """Publish raw articles from FILES, an article each, and from all files below folders; `-` is standard input.

    With --wait, exit 1 when one of them is a dead letter or has no outcome in time.
    """
    if not given["source"].strip():
        raise click.BadParameter("it is empty; name who published the article", param_hint="--source")
    given["files"] = _files(given["files"])
    if given["url"] and len(given["files"]) > 1:
        raise click.BadParameter(f"{len(given['files'])} files are not one article", param_hint="--url")
    timeout = given.pop("timeout")
    seconds = timeout if given.pop("wait") else None
    well = asyncio.run(_run(_Order(seconds=seconds, **given), load(Settings)))
    sys.exit(0 if well else 1)
