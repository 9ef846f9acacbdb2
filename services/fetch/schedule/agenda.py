"""Which sources are due, out of a hundred thousand: a heap of times, and the newest word on each source."""

import heapq
from typing import Final

REMIND_AFTER: Final = 60.0
"""Seconds after which a source that was handed out, and of which nothing was heard since, is handed out again."""


class Agenda:
    """Sources by the time they are due, in seconds. Putting and taking one costs log n."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, str]] = []
        self._due: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._due)

    def put(self, source: str, due: float) -> None:
        """The source is due then, whatever was said before."""
        if self._due.get(source) == due:
            return
        self._due[source] = due
        heapq.heappush(self._heap, (due, source))
        if len(self._heap) > 2 * len(self._due) + 64:  # entries that were overtaken are the most of it
            self._heap = [(at, name) for name, at in self._due.items()]
            heapq.heapify(self._heap)

    def drop(self, source: str) -> None:
        """The source is gone, or pauses."""
        self._due.pop(source, None)

    def take(self, now: float, most: int) -> list[str]:
        """At most `most` sources that are due, longest overdue first; each is due again in REMIND_AFTER seconds."""
        taken: list[str] = []
        while self._heap and self._heap[0][0] <= now and len(taken) < most:
            due, source = heapq.heappop(self._heap)
            if self._due.get(source) == due:
                taken.append(source)
                self.put(source, now + REMIND_AFTER)
        return taken

    def next(self) -> float | None:
        """When the next source is due; None when there is none."""
        while self._heap and self._due.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def behind(self, now: float) -> float:
        """For how many seconds the next source has been due; 0 when none is."""
        due = self.next()
        return max(now - due, 0.0) if due is not None else 0.0
