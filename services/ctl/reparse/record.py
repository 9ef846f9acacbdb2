"""Earlier results, kept on disk while they are compared: however many there are, memory holds one."""

import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Self, TextIO

import click
import zstandard
from pydantic import ValidationError

from shared.contracts import Reparsed
from shared.contracts.base import Contract, Utc

LINE_LIMIT: Final = 16 * 1024 * 1024
"""Characters of a recorded result."""


class Head(Contract):
    """The first line of a file of results: `observed_at` is the moment at which files were read, as if just fetched."""

    newswire_reparse: int = 1
    observed_at: Utc


class Record:
    """Results by their keys. Those that are taken out are compared; the rest is what is gone."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        database.execute("CREATE TABLE result (key TEXT PRIMARY KEY, body BLOB, taken INT DEFAULT 0)")

    def put(self, result: Reparsed) -> None:
        """Keep one; of two with the same key the later."""
        body = zstandard.compress(result.model_dump_json(exclude_defaults=True).encode())
        self._database.execute("INSERT OR REPLACE INTO result (key, body) VALUES (?, ?)", (result.key, body))

    def take(self, key: str) -> Reparsed | None:
        """The result with this key."""
        found = self._database.execute("SELECT body FROM result WHERE key = ?", (key,)).fetchone()
        self._database.execute("UPDATE result SET taken = 1 WHERE key = ?", (key,))
        return Reparsed.model_validate_json(zstandard.decompress(found[0])) if found else None

    def rest(self) -> Iterator[Reparsed]:
        """What nobody took."""
        for (body,) in self._database.execute("SELECT body FROM result WHERE taken = 0 ORDER BY key"):
            yield Reparsed.model_validate_json(zstandard.decompress(body))


@contextmanager
def record() -> Generator[Record]:
    """An empty record, removed at the end."""
    with TemporaryDirectory(prefix="newswire-") as folder, closing(sqlite3.connect(f"{folder}/results")) as database:
        yield Record(database)


def read_file(file: Path, into: Record) -> datetime:
    """Read the results that `--save` wrote; the moment at which they were made.

    Raises:
        ClickException: it is no such file.
    """
    number = 1
    try:
        with file.open(encoding="utf-8") as text:
            head = Head.model_validate_json(text.readline(LINE_LIMIT))
            while line := text.readline(LINE_LIMIT):
                number += 1
                into.put(Reparsed.model_validate_json(line))
    except (ValidationError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file}, line {number}: not what `newswire reparse --save` writes") from error
    except OSError as error:
        raise click.ClickException(f"cannot read {file}: {error.strerror or error}") from error
    return head.observed_at


class Saved:
    """A file of results in the making; it takes the place of the old one when all is written, and else is gone."""

    def __init__(self, file: Path, observed_at: datetime) -> None:
        self._file, self._part, self._at = file, file.with_name(f"{file.name}.part"), observed_at
        self._text: TextIO

    def __enter__(self) -> Self:
        try:
            self._text = self._part.open("w", encoding="utf-8")
        except OSError as error:
            raise click.ClickException(f"cannot write {self._part}: {error.strerror or error}") from error
        self._text.write(Head(observed_at=self._at).model_dump_json() + "\n")
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._text.close()
        if kind is None:
            self._part.replace(self._file)
        else:
            self._part.unlink(missing_ok=True)

    def put(self, result: Reparsed) -> None:
        """Write one."""
        self._text.write(result.model_dump_json(exclude_defaults=True) + "\n")
