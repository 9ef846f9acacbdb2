"""A moment as people write it: a date, a time, or how long ago."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import click

UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_AGO: Final = re.compile(r"(\d{1,5})([mhdw])")


class Since(click.ParamType[datetime]):
    """`2026-03-14`, `2026-03-14T09:30+02:00`, or `90m`, `24h`, `7d`, `4w` ago; UTC where no zone is given."""

    name = "when"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment, in UTC."""
        try:
            return moment_of(str(value), datetime.now(UTC))
        except (ValueError, OverflowError):
            self.fail(f"{str(value)[:60]!r} is no moment; say 2026-03-14, 2026-03-14T09:30 (UTC) or 24h", param, ctx)


def moment_of(text: str, now: datetime) -> datetime:
    """The moment that `text` means.

    Raises:
        ValueError: it means none.
        OverflowError: it lies outside of what a computer can tell.
    """
    if ago := _AGO.fullmatch(text):
        return now - timedelta(**{UNITS[ago[2]]: int(ago[1])})
    stated = datetime.fromisoformat(text)
    return (stated if stated.tzinfo else stated.replace(tzinfo=UTC)).astimezone(UTC)
