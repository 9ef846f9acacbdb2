"""Times as pages print them, read into UTC without claiming more than they say."""

from datetime import datetime
from typing import Literal

from services.parse.findings import Moment

Order = Literal["DMY", "MDY", "YMD"]


def read_time(
    raw: str, *, observed_at: datetime, zone: str | None = None, order: Order | None = None, language: str | None = None
) -> Moment | None:
    """Read one printed time. None when it is none, or not to be believed; never raises."""
    return None
