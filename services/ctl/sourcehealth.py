"""How sources fare, as the keeper judges them and fetch finds them: for `newswire sources --health`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.ctl.output import columns, moment, plain, span
from services.ctl.sourcebook import Row
from services.ctl.sourcetext import troubles
from shared.contracts import SourceHealth
from shared.contracts.health import DAY_HOURS, INSTALLATION, Measured

HEAD = (
    "source",
    "went well",
    "last article",
    "24 h",
    "expected",
    "articles",
    "bodies",
    "dates",
    "authors",
    "characters",
)
HOURS_OF_WEEK = 7 * DAY_HOURS
_THURSDAY = 3 * DAY_HOURS
"""Hours since 1970 begin on a Thursday."""


@dataclass(frozen=True, slots=True)
class Fare:
    """A source, what fetch knows of it (nothing, where it publishes by itself), and what the keeper does."""

    source: str
    row: Row | None
    health: SourceHealth | None

    @property
    def succeeded_at(self) -> datetime | None:
        """When one of its feeds was last had."""
        state = self.row.state if self.row else None
        return (
            max((each.succeeded_at for each in state.feeds.values() if each.succeeded_at), default=None)
            if state
            else None
        )


def fares(rows: Sequence[Row], healths: Mapping[str, SourceHealth]) -> list[Fare]:
    """All sources, by id: those of the book, and those that publish by themselves; before them the installation,
    while something is wrong with it.
    """
    known = {row.source.id: row for row in rows}
    if (here := healths.get(INSTALLATION)) and not here.troubles:
        healths = {source: each for source, each in healths.items() if source != INSTALLATION}
    return [Fare(source, known.get(source), healths.get(source)) for source in sorted({*known, *healths})]


def seen(health: SourceHealth, now: datetime) -> int:
    """Articles of the last 24 hours, this one included."""
    first = int(now.timestamp()) // 3_600 - DAY_HOURS + 1
    newest = enumerate(reversed(health.lately))
    return sum(count for back, count in newest if health.hour - back >= first)


def expected(health: SourceHealth, now: datetime) -> float | None:
    """Articles that these hours of the week bring; None while that is not known."""
    last = int(now.timestamp()) // 3_600
    hours = range(last - DAY_HOURS + 1, last + 1)
    return sum(health.by_hour[(hour + _THURSDAY) % HOURS_OF_WEEK] for hour in hours) if health.by_hour else None


def as_object(fare: Fare, now: datetime) -> dict[str, Any]:
    """A source for programs."""
    health = fare.health or SourceHealth(source=fare.source)
    state = fare.row.state if fare.row else None
    failing = {url: each for url, each in (state.feeds if state else {}).items() if each.problem}
    return {
        **health.model_dump(mode="json"),
        "last_success_at": fare.succeeded_at,
        "seen_24h": seen(health, now),
        "expected_24h": expected(health, now),
        "failing_feeds": [
            {"url": url, "failures": each.failures, "cause": each.problem, "detail": each.detail}
            for url, each in failing.items()
        ],
        "pages_cause": state.page_problem if state else None,
    }


def text(found: Sequence[Fare], now: datetime) -> str:
    """All sources as a table, and what is wrong, a sentence each."""
    if not found:
        return "no sources, and nothing published yet"
    wrong = [sentence for fare in found for sentence in _sentences(fare)]
    table = columns(HEAD, (_line(fare, now) for fare in found))
    return "\n".join([table, "", *wrong] if wrong else [table, "", "nothing is wrong with them"])


def _line(fare: Fare, now: datetime) -> tuple[str, ...]:
    health = fare.health
    if health is None:
        return (fare.source, _ago(fare.succeeded_at, now), *("" for _ in HEAD[2:]))
    hoped = expected(health, now)
    shares = (_share(health, name) for name in ("article", "body", "date", "author"))
    body = next((each.length for each in health.measures if each.field == "body"), None)
    return (
        fare.source, _ago(fare.succeeded_at, now), _ago(health.last_article_at, now), f"{seen(health, now):,}",
        "" if hoped is None else f"{hoped:,.1f}", *shares, "" if body is None else f"{body:,.0f}",
    )  # fmt: skip


def _ago(at: datetime | None, now: datetime) -> str:
    return f"{span(max((now - at).total_seconds(), 0.0))} ago" if at else ""


def _share(health: SourceHealth, name: Measured) -> str:
    filled = next((each.filled for each in health.measures if each.field == name), None)
    return "" if filled is None else f"{filled:.0%}"


def _sentences(fare: Fare) -> list[str]:
    told = [f"{fare.source}: {each}" for each in (troubles(fare.row) if fare.row else [])]
    for each in fare.health.troubles if fare.health else ():
        if each.trouble != "failing":  # fetch's own words are newer
            why = ": ".join(part for part in (plain(each.cause), plain(each.detail, 400)) if part)
            told.append(f"{fare.source}: {each.trouble} since {moment(each.since)}: {why}")
    return told
