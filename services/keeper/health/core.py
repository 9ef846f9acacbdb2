"""How one source fares: what was seen of it in, what is to be told of it out. Pure.

A trouble is told of once, when it begins, and once more when it is over. What is to be told waits in `unsaid`, which is
stored with the rest: an event is published after the state that knows of it, under an id that follows from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from services.keeper.core import Place
from services.keeper.health.drift import Look, Shape
from services.keeper.health.hearing import Hearing, hearing_of
from services.keeper.health.rhythm import HOUR, Rhythm, quiet_from
from shared.contracts import SourceState
from shared.contracts.health import Drift, HealthEvent, OpenTrouble, SourceHealth, Trouble
from shared.contracts.render import NO_RENDERER

GRACE: Final = timedelta(minutes=15)
"""After an hour, until what was published in it is surely in the streams."""
FAILURES: Final = 5
"""Failed looks at a feed in a row that are told of."""


class Sighting(NamedTuple):
    """What became of a message of a source. `new`: an article nobody had seen; `refused`: why parse found none.

    `shape` is missing where an article was found and what it looks like was not told.
    """

    source: str
    at: datetime
    new: bool = False
    refused: str = ""
    shape: Shape | None = None


class Fetched(NamedTuple):
    """What fetch knows of a source. `until`: it was looked at with success up to then; `pages`: their last trouble.

    `failed_at`: of the last look that makes it failing. `hearing`: whether its servers answer at all.
    """

    paused: bool = False
    until: datetime | None = None
    failing: OpenTrouble | None = None
    failed_at: datetime | None = None
    pages: str = ""
    hearing: Hearing = Hearing()


def fetched(state: SourceState) -> Fetched:
    """What fetch knows of a source, as far as it matters here."""
    good = [each.succeeded_at for each in state.feeds.values() if each.succeeded_at]
    url, worst = max(state.feeds.items(), key=lambda each: each[1].failures, default=("", None))
    failing = None
    if worst and worst.failures >= FAILURES:
        failing = OpenTrouble(
            trouble="failing",
            since=worst.succeeded_at or worst.checked_at or worst.next_due,
            cause=worst.problem or "",
            detail=f"{worst.failures} times in a row, {url[:500]}: {worst.detail[:500]}",
        )
    failed_at = worst.checked_at if worst else None
    if failing is None and state.page_problem == NO_RENDERER:
        failed_at = max((each.checked_at for each in state.feeds.values() if each.checked_at), default=state.next_due)
        failing = OpenTrouble(trouble="failing", since=failed_at, cause=NO_RENDERER, detail=state.page_detail)
    return Fetched(
        until=max(good, default=None), failing=failing, failed_at=failed_at,
        pages=state.page_problem or "", hearing=hearing_of(state),
    )  # fmt: skip


@dataclass(slots=True)
class Watched:
    """All that is known of a source. `places`: in each stream, how far it was read for this source.

    `back_at`, of the installation: when it was heard again after it was cut off.
    """

    source: str
    rhythm: Rhythm = field(default_factory=Rhythm)
    look: Look = field(default_factory=Look)
    last_article_at: datetime | None = None
    quiet_from: int | None = None
    refusal: str = ""
    troubles: dict[Trouble, OpenTrouble] = field(default_factory=dict[Trouble, OpenTrouble])
    places: dict[str, Place] = field(default_factory=dict[str, Place])
    unsaid: list[HealthEvent] = field(default_factory=list[HealthEvent])
    back_at: datetime | None = None

    def see(self, stream: str, place: Place, sighting: Sighting) -> bool:
        """Take what was read at `place` of `stream`; False when it was taken before."""
        if place <= self.places.get(stream, Place()):
            return False
        self.places[stream] = place
        if sighting.refused:
            self.refusal = sighting.refused
            self.look.refused()
        else:
            self.look.read(sighting.shape)
        if sighting.new:
            self._hear(sighting.at)
        self._judge(sighting.at)
        return True

    def _hear(self, at: datetime) -> None:
        self.last_article_at = max(at, self.last_article_at or at)
        if self.rhythm.hear(int(at.timestamp()) // HOUR):
            self.quiet_from = quiet_from(self.rhythm)
        self._over("quiet", at)

    def _judge(self, at: datetime) -> None:
        match self.look.judge():
            case "drift":
                drifts = self.look.drifts
                cause = self.refusal if any(each.field == "article" for each in drifts) else ""
                detail = "; ".join(map(_told, drifts))
                self._begin(OpenTrouble(trouble="drift", since=at, cause=cause, detail=detail), at, drifts=drifts)
            case "mended":
                self._over("drift", at)
            case "accepted":
                self._over("drift", at, "it has been so for long enough to be taken for its usual")
            case None:
                pass

    def cut_off(self, now: datetime, deaf: OpenTrouble | None, answered_at: datetime) -> bool:
        """Whether the installation is cut off. Called for what stands for it."""
        if deaf:
            self._begin(deaf, now)
        elif "deaf" in self.troubles:
            self.back_at = answered_at
            self._over("deaf", now)
        return deaf is not None

    def tick(self, now: datetime, known: Fetched | None, *, in_flight: bool, back_at: datetime | None = None) -> None:
        """Time has passed. `in_flight`: something of the source is under way, so that nothing is sure yet.

        `back_at`: looks before that failed because the installation was cut off, and say nothing of the source.
        """
        if known and known.paused:
            return
        if known is None or known.failing is None:
            self._over("failing", now)
        elif back_at is None or (known.failed_at and known.failed_at > back_at):
            self._begin(known.failing, now)
        if self.quiet_from is None or in_flight or "quiet" in self.troubles or not self.last_article_at:
            return
        limit = datetime.fromtimestamp(self.quiet_from * HOUR, UTC)
        watched = now if known is None else known.until
        if watched and min(watched, now) >= limit + GRACE:
            expected = self.rhythm.expected(self.rhythm.hour + 1, int(now.timestamp()) // HOUR)
            detail = f"about {expected:,.1f} articles were to be expected since"
            cause = known.pages if known else ""
            quiet = OpenTrouble(trouble="quiet", since=self.last_article_at, cause=cause, detail=detail)
            self._begin(quiet, now, expected=round(expected, 1))

    def _begin(
        self, trouble: OpenTrouble, at: datetime, *, expected: float | None = None, drifts: tuple[Drift, ...] = ()
    ) -> None:
        if trouble.trouble in self.troubles:
            return
        self.troubles[trouble.trouble] = trouble
        told = trouble.model_dump() | {"expected": expected, "drifts": drifts}
        name = f"{_whose(trouble.trouble)}.{trouble.trouble}"
        self.unsaid.append(HealthEvent.model_validate({"event": name, "source": self.source, "at": at, **told}))

    def _over(self, name: Trouble, at: datetime, detail: str = "") -> None:
        trouble = self.troubles.pop(name, None)
        if trouble:
            told = trouble.model_dump() | {"detail": detail or trouble.detail}
            event = f"{_whose(name)}.recovered"
            self.unsaid.append(HealthEvent.model_validate({"event": event, "source": self.source, "at": at, **told}))

    def health(self) -> SourceHealth:
        """How it fares, for others to read."""
        weeks, rhythm = self.rhythm.weeks(), self.rhythm
        hours = range(rhythm.hour - 23, rhythm.hour + 1)
        return SourceHealth(
            source=self.source,
            last_article_at=self.last_article_at,
            quiet_from=None if self.quiet_from is None else datetime.fromtimestamp(self.quiet_from * HOUR, UTC),
            hour=rhythm.hour,
            lately=tuple(rhythm.lately[hour % 24] for hour in hours),
            by_hour=tuple(round(each / weeks, 2) for each in rhythm.articles) if self.quiet_from else (),
            measures=self.look.measures(),
            troubles=tuple(self.troubles.values()),
        )


def identity(event: HealthEvent) -> str:
    """Of a trouble's beginning, or of its end: the same whoever tells of it, and whenever."""
    end = "over" if event.event.endswith(".recovered") else "begins"
    return f"health:{event.source}:{event.trouble}:{event.since.isoformat()}:{end}"


def _whose(trouble: Trouble) -> str:
    return "installation" if trouble == "deaf" else "source"


def _told(drift: Drift) -> str:
    if drift.measure == "length":
        return f"{drift.field} of {drift.now:,.0f} characters, usually {drift.usual:,.0f}"
    return f"{drift.field} found in {drift.now:.0%}, usually {drift.usual:.0%}"


def in_trouble(watched: Mapping[str, Watched]) -> dict[Trouble, int]:
    """How many sources have each trouble."""
    counts: dict[Trouble, int] = {"quiet": 0, "drift": 0, "failing": 0, "deaf": 0}
    for each in watched.values():
        for trouble in each.troubles:
            counts[trouble] += 1
    return counts
