"""Where redirects lead. Pure but for the asking, which is given."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from yarl import URL

from services.fetch.core import Fetched
from shared.errors import Poison
from shared.guard import MAX_REDIRECTS, shown


async def followed(url: str, ask: Callable[[str], Awaitable[Fetched]]) -> Fetched:
    """The answer at the end of the redirects from `url`. `ask` gives one answer, following none.

    Raises:
        Poison: `http_error`, there is no end; and whatever `ask` raises.
    """
    place, moved, for_good = url, None, True
    for redirects in range(MAX_REDIRECTS + 1):
        answer = await ask(place)
        if answer.leads_to is None:
            return replace(answer, redirects=redirects, moved_to=moved) if redirects else answer
        place, for_good = answer.leads_to.url, for_good and answer.leads_to.for_good
        moved = place if for_good else moved
    raise Poison("http_error", f"more than {MAX_REDIRECTS} redirects, the last to {shown(URL(place))}")
