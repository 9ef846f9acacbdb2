"""For whom something is fetched, and what of it may be archived."""

from contextvars import ContextVar
from typing import Final, NamedTuple

from services.fetch.articles.rights import reserved
from services.fetch.core import SUCCESS, Fetched
from services.fetch.feeds.read import charset_of, is_html
from services.fetch.feeds.tree import decoded
from shared.contracts import Reservation


class Purpose(NamedTuple):
    """`source`: empty when it is for none. `honour`: which of its publisher's reservations are respected."""

    source: str = ""
    honour: frozenset[Reservation] = frozenset()


NOBODYS: Final = Purpose()
PURPOSE: Final = ContextVar("PURPOSE", default=NOBODYS)
"""What the task that fetches does it for."""


def may_be_kept(answer: Fetched) -> bool:
    """Whether an archive may have the answer: a page that reserves what is honoured is none of its. Whatever else is no
    page (feeds, robots.txt), and no success, says nothing of an article's rights.
    """
    honour = PURPOSE.get().honour
    if not honour or answer.status not in SUCCESS or not is_html(answer.body):
        return True
    page = decoded(answer.body, charset_of(answer.headers.get("Content-Type", "")))
    return not reserved(answer.headers, page) & honour
