"""The raw messages to parse again: those of the stream, or files."""

from collections.abc import AsyncGenerator, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import click

from shared.bus import JetStreamContext
from shared.bus.client import MAX_ARTICLE
from shared.bus.recorded import raw_messages
from shared.contracts import RawRecord
from shared.subjects import token


def files_of(paths: Sequence[Path]) -> list[Path]:
    """The files that are named, and all below the folders that are; hidden ones are not."""
    found = (each for path in paths for each in (_below(path) if path.is_dir() else (path,)))
    return sorted(dict.fromkeys(found))


def _below(folder: Path) -> Iterator[Path]:
    for each in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in each.relative_to(folder).parts)
        if each.is_file() and not hidden:
            yield each


async def file_records(files: Sequence[Path], observed_at: datetime) -> AsyncGenerator[RawRecord]:
    """Each file as a raw message of the source that its folder is named for.

    Raises:
        ClickException: a file cannot be read.
    """
    for file in files:
        try:
            with file.open("rb") as stream:
                body = stream.read(MAX_ARTICLE + 1)
        except OSError as error:
            raise click.ClickException(f"cannot read {file}: {error.strerror or error}") from error
        yield record_of(file.as_posix(), token(file.absolute().parent.name or "files"), {}, observed_at, body)


async def stream_records(js: JetStreamContext) -> AsyncGenerator[RawRecord]:
    """What RAW holds now; the key is the origin.

    Raises:
        DependencyDown: NATS did not answer, or has no such stream.
    """
    async for each in raw_messages(js):
        yield record_of(str(each.origin), each.source, dict(each.headers), each.observed_at, each.body)


def record_of(key: str, source: str, headers: dict[str, str], observed_at: datetime, body: bytes) -> RawRecord:
    """A raw message on its way to the parser."""
    return RawRecord.model_construct(
        None, key=key[-2_000:], source=source, headers=headers, observed_at=observed_at, body=body
    )
