"""What a handler is given and what it gives back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from shared.contracts import Contract, Origin
from shared.errors import Poison, Skip, Transient
from shared.subjects import Subject

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Inbound:
    """One delivery of one message.

    `source` is the subject's last token. `observed_at` is when the raw message was accepted into its stream,
    `attempt` counts deliveries from 1, `retries` those beyond the first to the stages before. `headers` have lower-case
    names, and nothing of a publisher's that could be taken for ours.
    """

    subject: str
    source: str
    body: bytes
    headers: Mapping[str, str]
    origin: Origin
    observed_at: datetime
    attempt: int
    trace_id: str
    retries: int = 0

    @property
    def all_retries(self) -> int:
        """Deliveries beyond the first, to the stages before and to this one."""
        return self.retries + self.attempt - 1


@dataclass(frozen=True, slots=True)
class Outbound:
    """A message to publish. `subject`: where, when it is not the stage's own output.

    `identity`: what makes it the same message when it is published again, where that is not its place among those of
    one origin.
    """

    payload: Contract | bytes
    headers: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    subject: Subject | None = None
    identity: str | None = None


Result = tuple[Outbound, ...] | Skip | Poison | Transient
"""What became of one message of a batch: events to publish, or why there are none."""
