"""The files of an archive through crashes, full disks and days."""

import errno
import gzip
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from services.fetch.archive import store
from services.fetch.archive.members import records
from services.fetch.archive.reading import answer_of
from services.fetch.archive.records import Exchange
from services.fetch.archive.store import OPEN, Archive
from shared.errors import DependencyDown

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


class Clock:
    at = NOON

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


def exchange(number: int = 1) -> Exchange:
    body = f"<!doctype html><p>Report {number}".encode()
    return Exchange(
        f"https://gazette.example/{number}", 200, "OK", [("Content-Type", "text/html")], body, NOON, "gazette"
    )


def urls(folder: Path) -> list[str]:
    """What the archive holds; fails on anything that cannot be read."""
    found: list[str] = []
    for file in sorted(folder.iterdir()):
        for piece in records(file.read_bytes()):
            assert piece.body is not None, piece.fault
            if answer := answer_of(piece.body, file.name):
                found.append(answer.fetched.url)
    return found


async def test_a_file_ends_with_its_day_and_at_its_size(tmp_path: Path, clock: Clock) -> None:
    async with Archive(tmp_path, "Newswire", clock) as archive:
        first = await archive.keep(exchange(1))
        assert [each.name for each in tmp_path.iterdir()] == [first.file + OPEN]
        same = await archive.keep(exchange(2))
        clock.at += timedelta(days=1)
        other = await archive.keep(exchange(3))
    async with Archive(tmp_path, "Newswire", clock, largest=1) as archive:
        files = {(await archive.keep(exchange(number))).file for number in (4, 5)}

    assert first.file == same.file != other.file
    assert len(files) == 2
    assert not list(tmp_path.glob(f"*{OPEN}"))
    assert sorted(urls(tmp_path)) == [f"https://gazette.example/{number}" for number in range(1, 6)]


@pytest.mark.parametrize("cut", [1, 20, 200])
async def test_what_a_crash_leaves_is_closed_without_its_cut_record(tmp_path: Path, clock: Clock, cut: int) -> None:
    archive = Archive(tmp_path, "Newswire", clock)
    for number in (1, 2):
        kept = await archive.keep(exchange(number))
    archive._abandon()  # the process is gone
    left = tmp_path / (kept.file + OPEN)
    os.truncate(left, left.stat().st_size - cut)

    with capture_logs() as logs:
        async with Archive(tmp_path, "Newswire", clock):
            pass

    assert urls(tmp_path) == ["https://gazette.example/1"]
    assert [each["event"] for each in logs] == ["archive.recovered"]
    assert logs[0]["cut_bytes"] > 0
    assert not list(tmp_path.glob(f"*{OPEN}"))


async def test_what_another_replica_writes_is_left_alone_and_an_empty_file_is_removed(
    tmp_path: Path, clock: Clock
) -> None:
    (tmp_path / f"empty.warc.gz{OPEN}").touch()
    async with Archive(tmp_path, "Newswire", clock) as one:
        kept = await one.keep(exchange(1))
        async with Archive(tmp_path, "Newswire", clock):
            assert [each.name for each in tmp_path.iterdir()] == [kept.file + OPEN]
        await one.keep(exchange(2))

    assert urls(tmp_path) == ["https://gazette.example/1", "https://gazette.example/2"]


async def test_a_full_disk_is_said_loses_nothing_and_ends(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Archive(tmp_path, "Newswire", clock) as archive:
        await archive.keep(exchange(1))
        write = os.write

        def half(fd: int, data: bytes) -> int:
            if len(data) > 100:
                return write(fd, data[:100])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(store.os, "write", half)
        for _ in range(2):
            with pytest.raises(DependencyDown, match=r"No space left on device; make room, or unset NEWSWIRE_FETCH_"):
                await archive.keep(exchange(2))
            with pytest.raises(DependencyDown, match="No space left"):
                await archive.check()
        monkeypatch.undo()

        await archive.check()
        await archive.keep(exchange(2))

    assert sorted(urls(tmp_path)) == ["https://gazette.example/1", "https://gazette.example/2"]


async def test_little_room_and_a_folder_that_cannot_be_are_found_before_anybody_is_asked(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    async with Archive(tmp_path / "file" / "archive", "Newswire", clock) as nowhere:
        with pytest.raises(DependencyDown, match="file/archive cannot be written: Not a directory"):
            await nowhere.check()
    monkeypatch.setattr(store, "RESERVE", 2**70)
    async with Archive(tmp_path / "archive", "Newswire", clock) as archive:
        with pytest.raises(DependencyDown, match="bytes are free"):
            await archive.check()


async def test_a_file_that_somebody_removed_is_begun_anew(tmp_path: Path, clock: Clock) -> None:
    async with Archive(tmp_path, "Newswire", clock) as archive:
        gone = await archive.keep(exchange(1))
        (tmp_path / (gone.file + OPEN)).unlink()
        with pytest.raises(DependencyDown, match="somebody removed"):
            await archive.keep(exchange(2))
        await archive.check()
        await archive.keep(exchange(2))

    assert urls(tmp_path) == ["https://gazette.example/2"]


async def test_the_file_begins_with_who_made_it(tmp_path: Path, clock: Clock) -> None:
    async with Archive(tmp_path, "Newswire/1 (+https://desk.example)", clock) as archive:
        kept = await archive.keep(exchange(1))

    text = gzip.decompress((tmp_path / kept.file).read_bytes())
    assert text.startswith(b"WARC/1.1\r\nWARC-Type: warcinfo")
    assert b"software: Newswire/1 (+https://desk.example)\r\n" in text
