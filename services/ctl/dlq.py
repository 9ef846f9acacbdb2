"""`newswire dlq`: what could not be processed, with its original bytes."""

import asyncio
import sys
from codecs import getincrementaldecoder
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Any, Final

import click
import zstandard

from services.ctl.output import emit, joined, moment, plain
from services.ctl.settings import load
from shared.bus import JetStreamContext
from shared.bus.client import session
from shared.bus.letters import Letter, drop, letter, letters, replay
from shared.errors import POISON_REASONS, DependencyDown, Poison
from shared.settings import Settings
from shared.subjects import token

PREVIEW: Final = 512
"""Bytes of a body that are shown beside what is known of it."""
_ACCOUNT: Final = "It stays counted as dead: the source's balance keeps it."

NUMBER = click.IntRange(1, 2**63 - 1)
Number = tuple[int, ...]
reason_option = click.option(
    "--reason",
    type=click.Choice(POISON_REASONS),
    metavar="REASON",
    help=f"Only these: {', '.join(POISON_REASONS)}.",
)


@click.group()
def dlq() -> None:
    """Dead letters: messages that could not be processed, kept with their original bytes and the reason.

    Each has a number: `list` shows it, the others take it.
    """


@dlq.command("list")
@reason_option
@click.option("--source", help="Only those of this source.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_(reason: str | None, source: str | None, *, as_json: bool) -> None:
    """List dead letters, oldest first."""
    asyncio.run(_list(reason, token(source) if source else None, as_json=as_json))


async def _list(reason: str | None, source: str | None, *, as_json: bool) -> None:
    counted: Counter[str] = Counter()
    async with session(load(Settings)) as (_, js):
        async for each in _chosen(js, reason, source):
            counted[each.about.reason] += 1
            if as_json:
                emit(_as_json(each))
            else:
                click.echo(line(each))
    if not as_json:
        reasons = ", ".join(f"{name} {number}" for name, number in counted.most_common())
        click.echo(f"{counted.total()} dead letters: {reasons}" if counted else "no dead letters")


async def _chosen(js: JetStreamContext, reason: str | None, source: str | None) -> AsyncGenerator[Letter]:
    async for each in letters(js):
        if reason in {None, each.about.reason} and source in {None, each.about.source}:
            yield each


def line(each: Letter) -> str:
    """A dead letter on one line."""
    about = each.about
    why = plain(f"{about.reason}: {about.detail}" if about.detail else about.reason, 120)
    return joined([f"{each.number:>6}", moment(about.failed_at), about.stage, about.source, about.origin, why])


def _as_json(each: Letter) -> dict[str, Any]:
    known = each.about.model_dump(mode="json", exclude_none=True)
    return {"number": each.number, **known, "bytes": len(each.body), "headers": dict(each.headers)}


@dlq.command()
@click.argument("number", type=NUMBER)
@click.option("--body", is_flag=True, help="Write the original bytes, and nothing else.")
def show(number: int, *, body: bool) -> None:
    """Show dead letter NUMBER: what is known of it, and how its bytes begin."""
    found = asyncio.run(_one(number))
    if body and not sys.stdout.isatty():
        sys.stdout.buffer.write(found.body)
    elif body:
        click.echo(readable(found.body))
    else:
        click.echo(described(found))


async def _one(number: int) -> Letter:
    async with session(load(Settings)) as (_, js):
        return await _there(js, number)


async def _there(js: JetStreamContext, number: int) -> Letter:
    if found := await letter(js, number):
        return found
    raise click.ClickException(f"there is no dead letter {number}; `newswire dlq list` shows those there are")


def described(found: Letter) -> str:
    """What is known of a dead letter, and the beginning of its body."""
    known = {"number": found.number, **found.about.model_dump(mode="json", exclude_none=True)}
    lines = [f"{name:<12} {plain(str(value), 1_000)}" for name, value in known.items()]
    lines += [f"{'header':<12} {plain(name)}: {plain(value, 1_000)}" for name, value in found.headers.items()]
    shown = _uncompressed(found)
    rest = f", the first {PREVIEW}" if len(shown) > PREVIEW else ""
    return "\n".join([*lines, f"{'bytes':<12} {len(found.body):,}{rest}:", "", readable(shown[:PREVIEW])])


def _uncompressed(found: Letter) -> bytes:
    """The beginning of the body as its publisher had it."""
    if found.headers.get("content-encoding") != "zstd":
        return found.body
    try:
        with zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(found.body) as reader:
            return reader.read(PREVIEW + 1)
    except zstandard.ZstdError:
        return found.body


def readable(body: bytes) -> str:
    """Bytes so that a terminal can show them: as text when they are text, else as a hex dump."""
    with suppress(UnicodeDecodeError):
        text = getincrementaldecoder("utf-8")().decode(body)  # which lets a cut last character go
        if all(each.isprintable() or each in "\r\n\t" for each in text):
            return text.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(_dumped(body[start : start + 16], start) for start in range(0, len(body), 16))


def _dumped(row: bytes, start: int) -> str:
    shown = "".join(chr(each) if 32 <= each < 127 else "." for each in row)  # noqa: PLR2004 - printable ASCII
    return f"{start:08x}  {row.hex(' '):<47}  {shown}"


@dlq.command("replay")
@click.argument("numbers", nargs=-1, type=NUMBER)
@click.option("--all", "all_", is_flag=True, help="All there are now.")
@reason_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def replay_(numbers: Number, reason: str | None, *, all_: bool, yes: bool) -> None:
    """Process dead letters again, from the stage that failed, with their original bytes.

    Each gets the next generation of its origin, and is removed once its replay is stored.
    """
    if bool(numbers) == all_:
        raise click.UsageError("name the NUMBERS to replay, or say --all")
    if reason and not all_:
        raise click.UsageError("--reason goes with --all")
    if not asyncio.run(_replay(numbers, reason, sure=yes or not all_)):
        sys.exit(1)


async def _replay(numbers: Number, reason: str | None, *, sure: bool) -> bool:
    """Replay these, or all with this reason when none is named. True when each was."""
    done = failed = 0
    async with session(load(Settings)) as (_, js):
        chosen = numbers or tuple([each.number async for each in _chosen(js, reason, None)])
        if chosen and not sure:
            click.confirm(f"replay {len(chosen)} dead letters?", abort=True)
        for number in chosen:
            well = await _replay_one(js, number)
            done, failed = done + well, failed + (not well)
    click.echo(f"{done} replayed" + (f", {failed} not" if failed else ""))
    return not failed


async def _replay_one(js: JetStreamContext, number: int) -> bool:
    try:
        found = await _there(js, number)
        subject = await replay(js, found)
    except click.ClickException as error:
        click.echo(f"newswire: {error.message}", err=True)
    except (Poison, DependencyDown) as error:
        if error.reason == "dependency_down":
            raise
        click.echo(f"newswire: dead letter {number} was not replayed: {error.detail}", err=True)
    else:
        click.echo(f"{number}: to {subject}")
        return True
    return False


@dlq.command("drop")
@click.argument("numbers", nargs=-1, required=True, type=NUMBER)
@click.option("--yes", is_flag=True, help="Do not ask.")
def drop_(numbers: Number, *, yes: bool) -> None:
    """Remove dead letters for ever, bytes and all."""
    asyncio.run(_drop(numbers, sure=yes))


async def _drop(numbers: Number, *, sure: bool) -> None:
    async with session(load(Settings)) as (_, js):
        found = [await _there(js, number) for number in dict.fromkeys(numbers)]
        if not sure:
            for each in found:
                click.echo(line(each))
            click.confirm(f"remove for ever, with the bytes? {_ACCOUNT}", abort=True)
        for each in found:
            await drop(js, each.number)
    click.echo(f"{len(found)} dropped. {_ACCOUNT}")
