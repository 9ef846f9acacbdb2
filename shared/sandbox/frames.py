"""What a service and its sandboxed children say to each other: bytes with lengths, never objects."""

import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, Protocol, Self

REQUEST: Final = struct.Struct(">I")
"""Length of what follows: a request, or in one its description."""
ANSWER: Final = struct.Struct(">?cI")
"""Whether it is the child's last, its kind, and the length of what follows."""
PID: Final = struct.Struct(">I")
ORDER: Final = struct.Struct(">cI")
"""To the zygote: b"S" for a child on the socket and with the memory for notes that come with it, b"K" to kill the child
of this process id."""

Kind = Literal[b"R", b"S", b"P", b"B"]
"""A result, a skip, poison, a bug."""

Note = Callable[[str], None]
"""Tells the service what the child is about to do: all it knows, when the child dies of it."""


def packed(known: Mapping[str, Any], body: bytes) -> bytes:
    """A request made of a description, which is sent as JSON, and of bytes that are what they are."""
    described = json.dumps(known).encode()
    return REQUEST.pack(len(described)) + described + body


def unpacked(request: bytes) -> tuple[dict[str, Any], bytes]:
    """From `packed`."""
    (length,) = REQUEST.unpack_from(request)
    body = REQUEST.size + length
    return json.loads(request[REQUEST.size : body]), request[body:]


class Worker(Protocol):
    """A module that does the work. Named to the pool by its dotted name, imported by the zygote alone."""

    def work(self, request: bytes, note: Note) -> bytes:
        """The answer to a request. Raises: Skip, Poison: expected; they reach the service as they are."""
        ...

    def warm_up(self) -> None:
        """Load everything that children shall share."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cost: seconds of wall clock and of CPU, bytes of an answer, and of address space beyond
    what the child is born with.

    A child that grew by `growth` bytes, or has answered `requests`, is replaced.
    """

    wall: float = 6.0
    cpu: int = 3
    memory: int = 768 * 1024**2
    answer: int = 8 * 1024**2
    growth: int = 20 * 1024**2
    requests: int = 500

    def dumps(self) -> str:
        """As JSON, for a command line."""
        return json.dumps(asdict(self))

    @classmethod
    def loads(cls, text: str) -> Self:
        """From `dumps`."""
        return cls(**json.loads(text))
