"""What a feed lists, published: by the feed itself, or by its hub."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from services.fetch.articles.seen import plan
from services.fetch.core import Fetched
from services.fetch.desk import Desk
from services.fetch.feeds.entry import Entry

LONGEST: Final = timedelta(minutes=10)
"""Of one listing; what is left then comes with the next look."""


class Listed(NamedTuple):
    """What came of a listing. `arrived`: dates of the new articles; `waiting`: how many there was no time for."""

    arrived: tuple[datetime | None, ...]
    waiting: int = 0


async def publish_listed(
    desk: Desk, feed: str, entries: Sequence[Entry], answer: Fetched, clock: Callable[[], datetime]
) -> Listed:
    """Publish what is new or changed among `entries`, oldest first.

    Raises:
        DependencyDown: a version could not be stored.
    """
    started = clock()
    planned = plan(desk.seen, feed, entries, started)
    desk.seen = planned.seen
    for number, work in enumerate(planned.works):
        if clock() - started > LONGEST:
            return Listed((), len(planned.works) - number)
        await desk.publish(work, answer, clock())
    return Listed(tuple(work.entry.published_at for work in planned.works if work.kind == "new"))
