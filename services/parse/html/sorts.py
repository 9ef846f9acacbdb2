"""What a rule finds a page to be."""

from typing import NamedTuple

from shared.errors import SkipReason


class Sort(NamedTuple):
    """A page that is no article: the name of what it is, and by what that was told."""

    reason: SkipReason
    detail: str
