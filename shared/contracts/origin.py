"""Where a message comes from, and what "newer" means."""

import re
from typing import NamedTuple, Self

_TEXT = re.compile(r"(\d{1,5}):(\d{1,13}):(\d{1,3})")
MAX_EPOCH, MAX_SEQUENCE, MAX_GENERATION = 0x7FFF, 0xFF_FFFF_FFFF, 0xFF


class Origin(NamedTuple):
    """Epoch and sequence of the raw message in its stream, and a generation: 0 at first, +1 for each replay.

    Written `epoch:sequence:generation`. Ordered as a tuple, which is also the order of `version`.
    """

    epoch: int
    sequence: int
    generation: int = 0

    def __str__(self) -> str:
        return f"{self.epoch}:{self.sequence}:{self.generation}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `epoch:sequence:generation`.

        Raises:
            ValueError: the text is not an origin, or a part is out of range.
        """
        match = _TEXT.fullmatch(text)
        if not match:
            raise ValueError(f"not an origin: {text[:60]!r}")
        origin = cls(*(int(part) for part in match.groups()))
        if origin.epoch > MAX_EPOCH or origin.sequence > MAX_SEQUENCE or origin.generation > MAX_GENERATION:
            raise ValueError(f"origin out of range: {text}")
        return origin

    @property
    def version(self) -> int:
        """The external version of the document in OpenSearch: (epoch << 48) + (sequence << 8) + generation."""
        return (self.epoch << 48) + (self.sequence << 8) + self.generation

    def next_generation(self) -> Self:
        """The origin of a replay of this message.

        Raises:
            ValueError: it was replayed as often as a version can count.
        """
        if self.generation >= MAX_GENERATION:
            raise ValueError(f"{self} was replayed {MAX_GENERATION} times already")
        return self._replace(generation=self.generation + 1)
