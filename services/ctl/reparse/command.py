"""The command: what would change if recorded raw messages were parsed by the parser that is here."""

import asyncio
import signal
import sys
import threading
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from services.ctl.output import emit
from services.ctl.reparse import record as recording
from services.ctl.reparse.differences import compare
from services.ctl.reparse.inputs import file_records, files_of, stream_records
from services.ctl.reparse.parser import answers
from services.ctl.reparse.tally import Tally, lines
from services.ctl.settings import load
from shared.bus import JetStreamContext
from shared.bus.client import session
from shared.bus.recorded import count, parsed_articles
from shared.contracts import RawRecord, Reparsed
from shared.settings import Settings
from shared.subjects import PARSED, RAW

INTERRUPTED: Final = 130
"""As shells say it: 128 + SIGINT."""
DIFFERENT: Final = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for. `results`: a file of earlier ones; `version`: of the parser whose articles are compared."""

    files: tuple[Path, ...]
    version: str | None
    results: Path | None
    save: Path | None
    as_json: bool

    @property
    def compares(self) -> bool:
        """Whether there is something to compare with."""
        return self.version is not None or self.results is not None


@click.command()
@click.argument("paths", nargs=-1, metavar="[FILE|FOLDER]...", type=click.Path(exists=True, path_type=Path))
@click.option("--from-stream", type=click.Choice(["RAW"]), help="The raw messages that the stream holds.")
@click.option("--against", metavar="VERSION|FILE", help="What an earlier parser made of them: see below.")
@click.option("--save", type=click.Path(dir_okay=False, path_type=Path), help="Write the results to a file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def reparse(
    paths: tuple[Path, ...], from_stream: str | None, against: str | None, save: Path | None, *, as_json: bool
) -> None:
    """Parse recorded raw messages again, and say field by field what would change. No stream is written to.

    --against FILE compares with results that --save wrote. --against VERSION, with --from-stream, compares with the
    articles of that parser version in the stream PARSED. Each file is a raw message of the source that its folder is
    named for; it is read as at the moment that FILE was made.

    Exit codes: 0 nothing would change, 1 something would, 2 wrong usage.
    """
    if bool(paths) == bool(from_stream):
        raise click.UsageError("name files or folders of raw messages, or say --from-stream RAW")
    if against is None and save is None:
        raise click.UsageError("say --against, --save or both")
    try:
        tally = asyncio.run(_run(Asked(paths, *_told(against, from_stream), save, as_json)))
    except (KeyboardInterrupt, asyncio.CancelledError):
        click.echo("stopped; nothing was written", err=True)
        sys.exit(INTERRUPTED)
    sys.exit(DIFFERENT if tally.different else 0)


def _told(against: str | None, from_stream: str | None) -> tuple[str | None, Path | None]:
    """A version and a file, of which at most one is given."""
    if against is None:
        return None, None
    if Path(against).is_file():
        return None, Path(against)
    if not from_stream or "/" in against or "." in against:
        raise click.UsageError(f"--against {against[:80]!r}: no such file, and versions are of --from-stream alone")
    return against, None


async def _run(asked: Asked) -> Tally:
    _stop_between_callbacks()
    with recording.record() as record, _progress() as progress:
        async with AsyncExitStack() as stack:
            js = None if asked.files else (await stack.enter_async_context(session(load(Settings))))[1]
            moment = recording.read_file(asked.results, record) if asked.results else datetime.now(UTC)
            if js and asked.version:
                await _read_version(js, asked.version, record, progress)
            records, total = await _records(asked, js, moment)
            read = _shown(answers(records), progress, total)
            if asked.save:
                read = _saved(read, stack.enter_context(recording.Saved(asked.save, moment)))
            return await _compare(read, record, asked)


def _stop_between_callbacks() -> None:
    """Have Ctrl-C cancel this task by the loop: Python's own handler does so in the midst of any callback, even of one
    that has just seen that its waiter is not cancelled, and the loop then tells the user of a fault that is none.
    """
    task = asyncio.current_task()
    if task and threading.current_thread() is threading.main_thread():
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, task.cancel)


async def _records(asked: Asked, js: JetStreamContext | None, now: datetime) -> tuple[AsyncIterator[RawRecord], int]:
    if js:
        if not (total := await count(js, RAW)):
            raise click.ClickException("the stream RAW holds no message; there is nothing to parse")
        return stream_records(js), total
    files = files_of(asked.files)
    if not files:
        raise click.ClickException("no files below the folders that were named; there is nothing to parse")
    return file_records(files, now), len(files)


async def _read_version(js: JetStreamContext, version: str, record: recording.Record, progress: Progress) -> None:
    """The articles of one parser version that PARSED holds."""
    task, found = progress.add_task("PARSED", total=await count(js, PARSED)), 0
    async for origin, article in parsed_articles(js):
        progress.advance(task)
        if article and article.parser_version == version:
            record.put(Reparsed(key=origin, source=article.source, outcome="parsed", article=article))
            found += 1
    if not found:
        raise click.ClickException(f"PARSED holds no article of parser version {version[:80]!r}")


async def _saved(read: AsyncIterator[Reparsed], into: recording.Saved) -> AsyncGenerator[Reparsed]:
    async for each in read:
        into.put(each)
        yield each


async def _compare(read: AsyncIterator[Reparsed], record: recording.Record, asked: Asked) -> Tally:
    """Compare one by one and print; without anything to compare with, only read."""
    tally = Tally(whole=asked.version is None)
    async for now in read:
        if asked.compares:
            _count(tally, record.take(now.key), now, asked)
    for gone in record.rest() if tally.whole else ():
        _count(tally, gone, None, asked)
    if asked.compares and asked.as_json:
        emit(tally.as_object())
    elif asked.compares:
        click.echo("\n".join(lines(tally)))
    return tally


def _count(tally: Tally, before: Reparsed | None, now: Reparsed | None, asked: Asked) -> None:
    difference = compare(before, now)
    tally.add(difference)
    if asked.as_json and difference.verdict != "same":
        emit(asdict(difference))


def _progress() -> Progress:
    """On the error output, where a person is looking."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True)


async def _shown(read: AsyncIterator[Reparsed], progress: Progress, total: int) -> AsyncGenerator[Reparsed]:
    task = progress.add_task("parsing", total=total)
    async for each in read:
        progress.advance(task)
        yield each
