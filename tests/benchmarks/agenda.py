"""What scheduling costs with many sources: handing out, learning a rhythm, planning the next look. No server."""

import time
from datetime import UTC, datetime, timedelta

from services.fetch.schedule.agenda import Agenda
from services.fetch.schedule.due import Look, succeeded
from services.fetch.schedule.rhythm import observe
from shared.contracts import Feed, FeedState, Source

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
FEED = Feed(url="https://gazette.example/feed")
DECISIONS = 3_000


def measured(sources: int) -> tuple[float, float]:
    """Microseconds of CPU to put a source on the agenda, and for a whole decision."""
    agenda, source = Agenda(), Source(id="gazette", feeds=(FEED,))
    rhythm = observe(None, NOW - timedelta(days=3), NOW, [NOW - timedelta(hours=hour) for hour in range(70)])
    state = FeedState(next_due=NOW, succeeded_at=NOW, rhythm=rhythm)
    began = time.process_time()
    for number in range(sources):
        agenda.put(f"s{number}", float(number * 7919 % sources))
    put = (time.process_time() - began) / sources
    began, made = time.process_time(), 0
    while made < DECISIONS and (names := agenda.take(1e9, 200)):
        for name in names:
            after = succeeded(source, FEED, state, Look(), NOW + timedelta(minutes=5))
            agenda.put(name, after.next_due.timestamp())
        made += len(names)
    return put * 1e6, (time.process_time() - began) / made * 1e6
