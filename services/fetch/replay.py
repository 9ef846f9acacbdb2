"""Read archives without any server: `python -m services.fetch.replay FILE...`.

For each thing found a line of JSON on standard output; a raw message's body follows its line, `bytes` long. Lines have
one of `file` (one begins, with its size), `article` (the message's identity), `left` (why an answer is not published)
and `fault` (what is wrong where in a file), and `at`: how far into the file that is.
"""

import mmap
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click
import orjson

from services.fetch.archive.members import Bytes, records
from services.fetch.archive.reading import Answer, UnreadableError, answer_of
from services.fetch.archive.replay import NO_PAGE, Left, Made, Replay
from services.fetch.settings import FetchSettings

MEMORY: Final = 1024 * 1024 * 1024
"""Bytes that this process may take besides the files, which are mapped; more is a fault of the record."""


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def main(files: tuple[Path, ...]) -> None:
    """Write the raw messages of archives to standard output."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    replay = Replay(FetchSettings.load().fetch_honour)
    for file in files:
        _file(file, replay)
    if replay.waiting:
        _say(left=NO_PAGE, number=replay.waiting)


def _file(file: Path, replay: Replay) -> None:
    try:
        with file.open("rb") as opened:
            size = file.stat().st_size
            _say(file=str(file), size=size)
            if not size:
                _say(fault="the file is empty", at=0)
                return
            with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
                _records(data, file, replay)
    except (OSError, ValueError) as error:
        _say(file=str(file), size=0)
        _say(fault=f"cannot read it: {getattr(error, 'strerror', None) or error}", at=0)


def _records(data: Bytes, file: Path, replay: Replay) -> None:
    for place, found in _answers(data, file.name):
        if isinstance(found, str):
            _say(fault=found, at=place)
            continue
        try:
            for each in replay.take(found):
                _tell(each, place)
        except MemoryError:
            _say(fault=f"{found.fetched.url}: it takes more than {MEMORY:,} bytes of memory", at=place)


def _answers(data: Bytes, name: str) -> Iterator[tuple[int, Answer | str]]:
    """Each answer with its place, or what is wrong there."""
    for piece in records(data):
        if piece.body is None:
            yield piece.start, piece.fault
            continue
        try:
            if found := answer_of(piece.body, name):
                yield piece.start, found
        except UnreadableError as error:
            yield piece.start, str(error)


def _tell(each: Made | Left, place: int) -> None:
    if isinstance(each, Left):
        _say(left=each.reason, url=each.url, at=place)
        return
    archived = each.answer.archived
    _say(
        article=each.identity, source=each.source, url=each.url, fetched_at=each.answer.fetched_at.isoformat(),
        record_id=archived.record_id if archived else "", headers=each.message.headers, bytes=len(each.message.body),
        at=place,
    )  # fmt: skip
    sys.stdout.buffer.write(each.message.body)


def _say(**line: Any) -> None:
    sys.stdout.buffer.write(orjson.dumps(line) + b"\n")


if __name__ == "__main__":
    main(prog_name="newswire replay")
