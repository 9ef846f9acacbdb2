"""What a child says it is at is read by its service, whatever the child does to the memory they share."""

import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.enrich.sandbox.pool import EnrichingPool
from shared.sandbox import ChildDied, Limits
from shared.sandbox.notes import SIZE, Notebook, Notes
from tests.fakes.enriched import article

DESCRIPTORS = Path("/proc/self/fd")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def notes() -> Notes:
    return Notes()


def notebook(notes: Notes) -> Notebook:
    return Notebook.of(os.dup(notes.descriptor))


def test_the_last_note_is_read(notes: Notes) -> None:
    assert notes.read() == ""
    book = notebook(notes)
    for said in ("a long name of a step", "мова", ""):
        book.write(said)
        assert notes.read() == said
    notes.close()


def test_a_long_note_is_cut(notes: Notes) -> None:
    notebook(notes).write("я" * SIZE)
    assert notes.read() == "я" * ((SIZE - 1) // 2) + "\N{REPLACEMENT CHARACTER}"
    notes.close()


@pytest.mark.parametrize("left", [b"", b"half a no", b"\xff" * SIZE])
def test_a_child_may_write_or_cut_what_it_likes(notes: Notes, left: bytes) -> None:
    book = notebook(notes)
    os.truncate(notes.descriptor, 0)
    os.pwrite(notes.descriptor, left, 0)
    assert notes.read() == left.decode("utf-8", "replace")
    del book
    notes.close()


async def test_a_child_that_is_done_says_nothing_of_it_when_it_dies() -> None:
    body = article().model_dump_json().encode()
    async with EnrichingPool(1) as pool:
        assert (await pool.run(body, ("language", "fingerprint"), NOW)).steps_done == ("language", "fingerprint")
        os.kill(pool._idle[0].pid, signal.SIGKILL)
        with pytest.raises(ChildDied) as died:
            await pool.ask(body)
    assert died.value.note == ""


async def test_children_that_die_leave_no_descriptor_behind() -> None:
    body = article(body="This never ends. " * 20).model_dump_json().encode()
    async with EnrichingPool(1, Limits(wall=0.2), worker="tests.fakes.enriching") as pool:
        before = len(list(DESCRIPTORS.iterdir()))
        for _ in range(3):
            assert (await pool.run(body, ("sleepy",), NOW)).steps_missed == ("sleepy",)
        assert len(list(DESCRIPTORS.iterdir())) <= before
