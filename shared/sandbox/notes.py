"""What a child is at, for its service to read when the child is gone: a little memory that both share.

A note is no message: it wakes nobody and costs no call of the system. A child says one before each step of its work.
"""

import mmap
import os
import sys
import tempfile
from typing import Final, Self

SIZE: Final = 256
"""Bytes; a longer note is cut."""


class Notes:
    """The service's side. `descriptor` goes to the child. What is read is as far to be trusted as the child."""

    def __init__(self) -> None:
        self.descriptor = _memory()
        os.ftruncate(self.descriptor, SIZE)

    def read(self) -> str:
        """The last note; empty when none was written since the child began its request."""
        said = os.pread(self.descriptor, SIZE, 0)  # not mapped: a child that cuts it short would end who reads it
        return said.partition(b"\0")[0].decode("utf-8", "replace")

    def close(self) -> None:
        """Give the memory back."""
        os.close(self.descriptor)


class Notebook:
    """The child's side."""

    def __init__(self, memory: mmap.mmap) -> None:
        self._memory = memory

    @classmethod
    def of(cls, descriptor: int) -> Self:
        """Map what the service sent."""
        try:
            return cls(mmap.mmap(descriptor, SIZE))
        finally:
            os.close(descriptor)

    def write(self, text: str) -> None:
        """Note what comes next; nothing, when it is done."""
        said = text.encode()[: SIZE - 1] + b"\0"
        self._memory[: len(said)] = said


def _memory() -> int:
    if sys.platform == "linux":
        return os.memfd_create("notes")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
