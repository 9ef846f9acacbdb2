"""When it is the installation that is cut off, and not those who are asked. Pure.

So many servers gave no answer since anybody's last one that it cannot be theirs. fetch asks so that its own outage is
no failure of a source, the keeper so that it is told of.
"""

from typing import Final

UNHEARD: Final = frozenset({"timeout", "connection_failed", "robots_unreachable"})
"""Troubles in which a server gave no answer. One that answers anything, be it an error, is heard."""
FEWEST, ENOUGH = 3, 20


def enough(sources: int) -> int:
    """How many silent servers tell it: twenty, or half of the sources where there are fewer; three at least."""
    return max(FEWEST, min(ENOUGH, (sources + 1) // 2))
