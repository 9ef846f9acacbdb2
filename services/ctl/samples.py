"""The sample articles that the project ships, and what should become of each."""

from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

import deploy.local

FOLDER: Final = Path(deploy.local.__file__).parent / "samples"


class Sample(BaseModel):
    """One sample: its file, what it is, how it is published, and its expected outcome."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    about: str
    source: str
    content_type: str | None = None
    url: str | None = None
    outcome: Literal["indexed", "skipped", "dead"]
    reason: str | None = None

    @property
    def body(self) -> bytes:
        """The raw message."""
        return (FOLDER / self.file).read_bytes()

    def expects(self, outcome: str | None, reason: str | None) -> bool:
        """Whether it should end so. An article that an earlier run stored already is `unchanged`."""
        if self.outcome == "indexed" and (outcome, reason) == ("skipped", "unchanged"):
            return True
        return outcome == self.outcome and (self.reason is None or reason == self.reason)


def samples() -> list[Sample]:
    """All samples, in the order of the manifest."""
    return TypeAdapter(list[Sample]).validate_json((FOLDER / "manifest.json").read_bytes())
