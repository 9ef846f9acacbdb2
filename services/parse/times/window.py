"""Which moments a news article can have."""

from datetime import UTC, datetime, timedelta
from typing import Final

EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
"""No news page is older; a date before is a placeholder."""
CLOCK_SKEW: Final = timedelta(minutes=15)
"""How far ahead of ours a publisher's clock may be."""


def believable(moment: datetime, observed_at: datetime) -> bool:
    """The moment lies between 1990 and the time at which the raw message was accepted."""
    return EARLIEST <= moment <= observed_at + CLOCK_SKEW
