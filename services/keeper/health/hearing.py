"""Whether the installation itself is cut off: nobody answers any more, whoever is asked. Pure.

What is told of is that since the last answer of anybody so many servers gave none that it cannot be theirs.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from shared.contracts import SourceState
from shared.contracts.health import OpenTrouble
from shared.hearing import UNHEARD, enough

_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Hearing(NamedTuple):
    """Of a source's feeds: when one last answered, when one last did not, and which server that was."""

    answered_at: datetime = _NEVER
    unheard_at: datetime = _NEVER
    server: str = ""


def hearing_of(state: SourceState) -> Hearing:
    """What a source's state says."""
    answered = [each.succeeded_at for each in state.feeds.values() if each.succeeded_at]
    answered += [
        each.checked_at
        for each in state.feeds.values()
        if each.checked_at and each.failures and each.problem not in UNHEARD
    ]
    unheard = [
        (each.checked_at, urlsplit(url).netloc)
        for url, each in state.feeds.items()
        if each.checked_at and each.failures and each.problem in UNHEARD
    ]
    return Hearing(max(answered, default=_NEVER), *max(unheard, default=(_NEVER, "")))


def deaf(sources: Collection[Hearing]) -> OpenTrouble | None:
    """The trouble of the installation, if it has it. `sources`: those that fetch looks at."""
    last = max((each.answered_at for each in sources), default=_NEVER)
    silent = {each.server for each in sources if each.unheard_at > last}
    if len(silent) < enough(len(sources)):
        return None
    detail = f"{len(silent):,} servers were asked since and none of them answered; what is told of sources waits"
    return OpenTrouble(trouble="deaf", since=last, cause="connection_failed", detail=detail)


def answered(sources: Mapping[str, Hearing]) -> datetime:
    """When anybody last answered."""
    return max((each.answered_at for each in sources.values()), default=_NEVER)
