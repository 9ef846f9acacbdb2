"""What the service sends to an enriching child."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from shared.sandbox.frames import packed, unpacked


@dataclass(frozen=True, slots=True)
class EnrichRequest:
    """An article as JSON, the names of the steps to run, and those not to run again, each with the reason."""

    article: bytes
    now: datetime
    steps: tuple[str, ...]
    overdue: Mapping[str, str] = field(default_factory=dict[str, str])

    def dumps(self) -> bytes:
        """As bytes."""
        known = {"now": self.now.isoformat(), "steps": self.steps, "overdue": dict(self.overdue)}
        return packed(known, self.article)

    @classmethod
    def loads(cls, request: bytes) -> Self:
        """From `dumps`."""
        known, article = unpacked(request)
        return cls(article, datetime.fromisoformat(known["now"]), tuple(known["steps"]), known["overdue"])
