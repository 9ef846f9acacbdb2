"""What the service sends to a parser's child."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from shared.sandbox.frames import packed, unpacked


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
        """As bytes."""
        moments = {"observed_at": self.observed_at.isoformat(), "now": self.now.isoformat()}
        return packed({"headers": dict(self.headers), "source": self.source, **moments}, self.body)

    @classmethod
    def loads(cls, request: bytes) -> Self:
        """From `dumps`; the attempt is the service's own business."""
        fields, body = unpacked(request)
        observed_at, now = (datetime.fromisoformat(fields[name]) for name in ("observed_at", "now"))
        return cls(body, fields["headers"], fields["source"], observed_at, now)
