"""What the service and its parser's children say to each other: bytes with lengths, JSON inside, never objects."""

import json
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final, Literal, Self

REQUEST: Final = struct.Struct(">II")
"""Lengths of the description and of the body that follow."""
ANSWER: Final = struct.Struct(">?cI")
"""Whether it is the child's last, its kind, and the length of what follows."""
PID: Final = struct.Struct(">I")
ORDER: Final = struct.Struct(">cI")
"""To the zygote: b"S" for a child on the socket that comes with it, b"K" to kill the child of this process id."""

Kind = Literal[b"A", b"S", b"P", b"B"]
"""An article, a skip, poison, a bug."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one page may cost: seconds of wall clock and of CPU, bytes of address space and of an answer.

    A child that grew by `growth` bytes, or has read `pages` pages, is replaced.
    """

    wall: float = 6.0
    cpu: int = 3
    memory: int = 1024**3
    answer: int = 8 * 1024**2
    growth: int = 20 * 1024**2
    pages: int = 500

    def dumps(self) -> str:
        """As JSON, for a command line."""
        return json.dumps(asdict(self))

    @classmethod
    def loads(cls, text: str) -> Self:
        """From `dumps`."""
        return cls(**json.loads(text))


@dataclass(frozen=True, slots=True)
class ParseRequest:
    """A raw message to parse; see `services.parse.core.parse_bytes`. `attempt` counts deliveries from 1."""

    body: bytes
    headers: Mapping[str, str]
    source: str
    observed_at: datetime
    now: datetime
    attempt: int = 1

    def dumps(self) -> bytes:
        """As one frame."""
        moments = {"observed_at": self.observed_at.isoformat(), "now": self.now.isoformat()}
        known = json.dumps({"headers": dict(self.headers), "source": self.source, **moments}).encode()
        return REQUEST.pack(len(known), len(self.body)) + known + self.body

    @classmethod
    def loads(cls, known: bytes, body: bytes) -> Self:
        """From the two parts of a frame."""
        fields = json.loads(known)
        observed_at, now = (datetime.fromisoformat(fields[name]) for name in ("observed_at", "now"))
        return cls(body, fields["headers"], fields["source"], observed_at, now)
