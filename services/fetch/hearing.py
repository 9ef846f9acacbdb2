"""Whether anybody answers this process. Pure."""

from collections.abc import Callable

from shared.hearing import enough


class Hearing:
    """Servers that gave no answer since anybody's last one. `sources`: how many sources there are."""

    def __init__(self, sources: Callable[[], int]) -> None:
        self._sources = sources
        self._silent: set[str] = set()

    @property
    def deaf(self) -> bool:
        """Whether they are so many that it is not theirs, but ours."""
        return len(self._silent) >= enough(self._sources())

    def missed(self, server: str) -> bool:
        """A server gave no answer; whether that is ours. Of those who tell it that was not known yet."""
        ours = self.deaf
        if not ours:
            self._silent.add(server)
        return ours

    def heard(self) -> bool:
        """Somebody answered; whether that ends a time in which nobody did."""
        before = self.deaf
        self._silent.clear()
        return before
