"""When known articles are looked at again, and what a look tells. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from services.fetch.articles.known import Known, Seen, replaced
from services.fetch.schedule.due import spread

VISITS: Final = (3_600, 6 * 3_600, 86_400, 7 * 86_400)
"""Seconds after an article was first published raw at which it is looked at again: edits come early."""
RECHECK: Final = 900
"""Seconds until an article that is missing is looked for once more: sites lose pages for minutes."""
LOOKED_FOR, MISSES = 86_400, 4
"""Seconds until an article that is gone is looked for when its visits are over, and how often it was missed by then."""
RENDER_AGAIN: Final = 900
"""Seconds until a page is asked for again that nothing rendered."""
TRIES: Final = (300, 1_200, 3_600)
"""Seconds until a page that could not be had is tried again; after that its entry has to do."""


def visit_at(key: str, known: Known, stage: int) -> int | None:
    """When the article is looked at for the `stage`-th time; None when it is not any more, or has no address."""
    if stage >= len(VISITS) or known.url is None:
        return None
    return known.first + int(VISITS[stage] * (1 + 0.1 * spread(key)))


def visits(seen: Seen, now: datetime, most: int) -> list[str]:
    """The articles to look at again now, longest overdue first."""
    stamp = now.timestamp()
    due = [
        (known.visit, key) for key, known in seen.articles.items() if known.visit is not None and known.visit <= stamp
    ]
    return [key for _, key in sorted(due)[:most]]


def next_visit(seen: Seen) -> int | None:
    """When the next article is to be looked at again."""
    return min((known.visit for known in seen.articles.values() if known.visit is not None), default=None)


def visited(seen: Seen, key: str, now: datetime, **found: str | bool | None) -> Seen:
    """`seen` after a look at an article. `found`: `page`, `met`, `etag`, `modified`, `gone` as they are now."""
    known = seen.articles[key]
    stage = stage_ahead(known, now, known.stage)
    update: Mapping[str, object] = {"stage": stage, "visit": visit_at(key, known, stage), "missing": 0, **found}
    return replaced(seen, key, known.model_copy(update=update))


def put_off(seen: Seen, now: datetime, wait: int = TRIES[0]) -> Seen:
    """`seen` with all visits that are due some minutes later: nobody answers us at all, or nothing renders."""
    due = dict.fromkeys(visits(seen, now, len(seen.articles)), int(now.timestamp()) + wait)
    later = {key: seen.articles[key].model_copy(update={"visit": at}) for key, at in due.items()}
    return seen.model_copy(update={"articles": seen.articles | later})


def stage_ahead(known: Known, now: datetime, done: int) -> int:
    """The first stage after `done` that lies ahead: after an outage not all are caught up with."""
    passed = now.timestamp() - known.first
    return next((number for number, wait in enumerate(VISITS) if wait > passed and number > done), len(VISITS))


def is_gone(known: Known, status: int) -> bool:
    """Whether a 404 or 410 means that the article was taken away: 410 says so, 404 when it is said twice."""
    return status == 410 or known.missing > 0  # noqa: PLR2004 - HTTP Gone


def missed(seen: Seen, key: str, now: datetime, *, gone: bool, sequence: int = 0) -> Seen:
    """`seen` after an article was not found. `gone`: it is taken for gone, and was published so at `sequence` of RAW.

    It is looked for at its usual times all the same, and at least a few days more: sites lose all of their pages for
    an hour, and then have them again.
    """
    known = seen.articles[key]
    again = int(now.timestamp()) + RECHECK
    update: dict[str, object] = {"missing": known.missing + 1, "gone": gone, "visit": again}
    if gone:
        stage = stage_ahead(known, now, known.stage)
        later = int(now.timestamp()) + LOOKED_FOR if known.missing < MISSES else None
        update |= {"stage": stage, "visit": visit_at(key, known, stage) or later}
    return replaced(seen, key, known.model_copy(update=update), sequence=sequence)
