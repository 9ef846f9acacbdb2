"""`newswire replay`: what archives hold, published again with its original times."""

import asyncio
import hashlib
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click
from nats.js import JetStreamContext
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from services.ctl.output import emit, joined, plain
from services.ctl.replay.archives import Line, archives_of, check, lines
from services.ctl.replay.known import Article, Known
from services.ctl.settings import load
from services.ctl.sourcelists import id_of
from shared import opensearch
from shared.bus import Inbound, Outbound, lag, publish
from shared.bus.client import epoch_of_raw, session
from shared.contracts import Origin
from shared.errors import DependencyDown, Poison
from shared.settings import Settings
from shared.subjects import JOBS, STAGES, token

TOGETHER: Final = 50
"""Articles that are looked up in the index at once."""
ROOM: Final = 2_000
"""Messages that may wait for parse: what is fetched meanwhile must not wait behind a whole archive."""
WAIT: Final = 2.0
PUBLISHED, THERE, REFUSED = "published", "there already", "too large"


@dataclass(slots=True)
class Report:
    """What came of it. `left`: by why nothing was published for an answer; `faults`: records that cannot be read."""

    ended: Counter[str] = field(default_factory=Counter[str])
    left: Counter[str] = field(default_factory=Counter[str])
    faults: int = 0


class Replayer:
    """Publishes what the reader says, in its order."""

    def __init__(self, js: JetStreamContext, known: Known, epoch: int, source: str | None, voice: "Voice") -> None:
        self._js, self._known, self._epoch, self._source, self._voice = js, known, epoch, source, voice
        self.report = Report()
        self._batch: list[Article] = []

    async def take(self, line: Line) -> None:
        """Work on a line of the reader.

        Raises:
            DependencyDown: NATS or OpenSearch did not answer.
        """
        facts = line.facts
        if "article" in facts:
            self._batch.append(self._article(line))
            if len(self._batch) >= TOGETHER:
                await self.flush()
        elif "left" in facts:
            self.report.left[facts["left"]] += facts.get("number", 1)
        elif "fault" in facts:
            self.report.faults += 1
            self._voice.fault(facts)
        self._voice.at(facts)

    def _article(self, line: Line) -> Article:
        facts = line.facts
        source = token(self._source or facts["source"] or id_of(facts["url"]))
        at = datetime.fromisoformat(facts["fetched_at"])
        return Article(source, facts["article"], facts["record_id"], facts["url"], at, facts["headers"], line.body)

    async def flush(self) -> None:
        """Publish what was gathered.

        Raises:
            DependencyDown: as `take`.
        """
        batch, self._batch = self._batch, []
        if not batch:
            return
        await self._room()
        for article, missing in zip(batch, await self._known.missing(batch), strict=True):
            outcome = await self._publish(article) if missing else THERE
            if outcome == PUBLISHED:
                self._known.note(article)
            self.report.ended[outcome] += 1
            self._voice.article(article, outcome)

    async def _room(self) -> None:
        while (waiting := next(each.pending for each in await lag.lags(self._js) if each.stage == "parse")) > ROOM:
            self._voice.waits(f"{waiting:,} messages wait for parse; going on when they are fewer")
            await asyncio.sleep(WAIT)

    async def _publish(self, article: Article) -> str:
        inbound = job(article, self._epoch)
        out = Outbound(article.body, article.headers, identity=f"{article.source}:{article.identity}")
        while True:
            try:
                ack = await publish.send(self._js, STAGES["fetch"], inbound, out)
            except Poison:
                return REFUSED
            except DependencyDown as down:
                if down.reason != "stream_full":
                    raise
                self._voice.waits(f"{down.detail}; trying again until there is room")
                await asyncio.sleep(WAIT)
            else:
                return THERE if ack.duplicate else PUBLISHED


def job(article: Article, epoch: int) -> Inbound:
    """The job of fetch that would have published it: so that it is published as fetch does."""
    trace = hashlib.sha256(f"replay:{article.source}:{article.identity}".encode()).hexdigest()[:32]
    return Inbound(JOBS.of(article.source), article.source, b"", {}, Origin(epoch, 0), datetime.now(UTC), 1, trace)


class Voice:
    """What is said while it goes on: a line of JSON for each thing, or progress for a person at a terminal."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json, self._file, self._said = as_json, "", ""
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.percentage:.0f} %"))
        self.progress = Progress(*columns, console=console, disable=as_json or not console.is_terminal)
        self._task: TaskID | None = None

    def at(self, facts: dict[str, Any]) -> None:
        """Where the reader is."""
        if "file" in facts:
            self._file, self._said = facts["file"], ""
            self._task = self.progress.add_task(plain(Path(self._file).name, 60), total=facts["size"] or 1)
        elif self._task is not None and "at" in facts:
            self.progress.update(self._task, completed=facts["at"])

    def fault(self, facts: dict[str, Any]) -> None:
        """A record that cannot be used."""
        if self._as_json:
            emit({"file": self._file, "at": facts["at"], "fault": facts["fault"]})
        else:
            click.echo(f"newswire: {self._file}, at byte {facts['at']:,}: {plain(facts['fault'])}", err=True)

    def article(self, article: Article, outcome: str) -> None:
        """What became of a raw message."""
        if self._as_json:
            emit({"source": article.source, "url": article.url, "fetched_at": article.fetched_at, "outcome": outcome,
                  "record_id": article.record_id})  # fmt: skip
        elif outcome == REFUSED:
            click.echo(f"newswire: {plain(article.url)} is larger than a message may be", err=True)

    def waits(self, why: str) -> None:
        """Why nothing happens now; said once a file."""
        if not self._said:
            click.echo(f"newswire: {why}", err=True)
        self._said = why


def told(report: Report) -> str:
    """What came of it, for a person."""
    ended = [f"{report.ended[name]:,} {name}" for name in (PUBLISHED, THERE, REFUSED) if report.ended[name]]
    left = ", ".join(f"{name} {number:,}" for name, number in report.left.most_common())
    faults = f"{report.faults:,} unreadable" if report.faults else None
    return joined([", ".join(ended) or "nothing to publish", f"not articles: {left}" if left else None, faults])


async def _run(files: Sequence[Path], source: str | None, *, as_json: bool) -> Report:
    settings = load(Settings)
    search, voice = opensearch.connect_as(settings, seconds=10), Voice(as_json=as_json)
    try:
        async with session(settings) as (_, js):
            replayer = Replayer(js, Known(js, search), await epoch_of_raw(js), source, voice)
            with voice.progress:
                async for line in lines(files):
                    await replayer.take(line)
                await replayer.flush()
            return replayer.report
    finally:
        await search.close()


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--warc", is_flag=True, help="FILES are WARC archives, gzipped or plain, or folders of them.")
@click.option("--source", help="Whose they are; else as the archive says, else by each page's host.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def replay(files: tuple[Path, ...], source: str | None, *, warc: bool, as_json: bool) -> None:
    """Publish what archives hold as fetch would have, with its original times.

    What RAW or the index has already, as it is or newer, is left. Records that cannot be read are told of, and the
    exit code is 1.
    """
    if not warc:
        raise click.UsageError(
            "say --warc FILE...; dead letters have `newswire dlq replay`, articles `newswire publish`"
        )
    archives = archives_of(files)
    check(archives)  # before NATS is asked for: a wrong path needs none
    report = asyncio.run(_run(archives, source, as_json=as_json))
    if as_json:
        emit({"total": dict(report.ended), "left": dict(report.left), "faults": report.faults})
    else:
        click.echo(told(report))
    sys.exit(1 if report.faults or report.ended[REFUSED] else 0)
