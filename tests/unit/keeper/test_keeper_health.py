"""Silence, drift and failing feeds, as the keeper judges them of one source."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from services.keeper.core import Place
from services.keeper.health.books import decode, encode
from services.keeper.health.chance import elsewhere, fewer
from services.keeper.health.core import Fetched, Sighting, Watched, fetched, identity, in_trouble
from services.keeper.health.drift import Look, Shape
from services.keeper.health.hearing import Hearing, answered, deaf, hearing_of
from services.keeper.health.rhythm import WEEK, Rhythm, of_week, quiet_from
from shared.contracts import FeedState, SourceState

START = datetime(2026, 3, 2, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GOOD, BAD = Shape(60, 3_000, dated=True, authored=True), Shape(60, 3_000, dated=False, authored=False)


def watched(hours: int = 4 * WEEK) -> Watched:
    """A source with an article each hour."""
    made = Watched("gazette")
    for number in range(hours):
        shape = GOOD._replace(body=2_000 + number * 37 % 2_000)
        made.see("EVENTS", Place(1, number + 1), Sighting("gazette", START + number * HOUR, new=True, shape=shape))
    return made


def test_chances_are_those_of_the_books() -> None:
    assert fewer([0] * 5, [1] * 5) == pytest.approx(1 / 252)
    assert fewer([1] * 5, [1] * 5) == 1
    assert elsewhere([7] * 5, [7] * 50) == 1
    assert elsewhere(range(20), range(100, 200)) < 1e-10


def test_silence_is_told_of_once_and_over_with_the_next_article() -> None:
    source = watched()
    last = START + (4 * WEEK - 1) * HOUR
    source.tick(last + 2 * HOUR, None, in_flight=False)
    assert not source.unsaid
    source.tick(last + 48 * HOUR, None, in_flight=True)
    for known in (Fetched(paused=True), Fetched(until=last), Fetched()):
        source.tick(last + 48 * HOUR, known, in_flight=False)
    assert not source.unsaid
    for hours in (48, 49):
        source.tick(last + hours * HOUR, None, in_flight=False)
    source.see("EVENTS", Place(1, 9_999), Sighting("gazette", last + 50 * HOUR, new=True))
    assert [each.event for each in source.unsaid] == ["source.quiet", "source.recovered"]
    assert len({identity(each) for each in source.unsaid}) == 2
    assert in_trouble({"gazette": source}) == {"quiet": 0, "drift": 0, "failing": 0, "deaf": 0}


def test_a_broken_layout_is_noticed_within_20_articles_and_its_mending_too() -> None:
    source = watched(300)
    for number in range(20):
        source.see("EVENTS", Place(2, number), Sighting("gazette", START + 300 * HOUR, shape=BAD))
        if source.unsaid:
            break
    assert number < 19
    assert {each.field for each in source.unsaid[0].drifts} >= {"date", "author"}
    assert in_trouble({"gazette": source})["drift"] == 1
    for number in range(20):
        source.see("EVENTS", Place(3, number), Sighting("gazette", START + 300 * HOUR, shape=GOOD))
    assert [each.event for each in source.unsaid] == ["source.drift", "source.recovered"]


def test_what_stays_otherwise_is_the_usual_in_the_end() -> None:
    source = watched(300)
    for number in range(230):
        source.see("EVENTS", Place(2, number), Sighting("gazette", START + 300 * HOUR, refused="too_short"))
    assert [each.event for each in source.unsaid] == ["source.drift", "source.recovered"]
    assert source.unsaid[0].cause == "too_short"


def test_a_feed_that_fails_again_and_again_is_told_of() -> None:
    feed = FeedState(next_due=START, checked_at=START, failures=5, problem="timeout")
    known = fetched(SourceState(next_due=START, feeds={"https://g.example/": feed}))
    source = Watched("gazette")
    source.tick(START, known, in_flight=False)
    source.tick(START, Fetched(), in_flight=False)
    assert [(each.event, each.cause) for each in source.unsaid] == [
        ("source.failing", "timeout"), ("source.recovered", "timeout"),
    ]  # fmt: skip


def test_a_source_whose_pages_nothing_renders_is_told_of() -> None:
    feed = FeedState(next_due=START, checked_at=START, succeeded_at=START)
    state = SourceState(
        next_due=START, feeds={"https://g.example/": feed}, page_problem="no_renderer", page_detail="start it"
    )
    source = Watched("gazette")
    source.tick(START, fetched(state), in_flight=False)
    source.tick(START, fetched(state.model_copy(update={"page_problem": "consent_wall"})), in_flight=False)
    assert [(each.event, each.cause, each.since) for each in source.unsaid] == [
        ("source.failing", "no_renderer", START), ("source.recovered", "no_renderer", START),
    ]  # fmt: skip


def test_what_is_stored_is_read_back_and_nothing_is_taken_twice() -> None:
    source = watched(400)
    again = decode(encode(source))
    assert again
    assert encode(again) == encode(source)
    assert not again.see("EVENTS", Place(1, 400), Sighting("gazette", START, new=True))
    assert decode(b"{}") is None


def test_honest_sources_are_left_in_peace() -> None:
    """60 sources for 13 weeks with nights, slow Sundays, holidays of a tenth; and 60,000 articles for drift."""
    chance, alarms = random.Random(7), 0
    for _ in range(60):
        rhythm, due, rate = Rhythm(), None, chance.choice([0.05, 0.3, 2.0])
        holidays = {chance.randrange(91) for _ in range(4)}
        for hour in range(WEEK * 1_000, WEEK * 1_013):
            slow = (0.4 if of_week(hour) >= 144 else 1) * (1 if 6 <= hour % 24 < 20 else 0.1)
            slow *= 0.1 if (hour - WEEK * 1_000) // 24 in holidays else 1
            if chance.random() < min(rate * slow, 0.95):
                due = quiet_from(rhythm) if rhythm.hear(hour) else due
            elif due is not None and hour >= due:
                alarms, due = alarms + 1, None
    assert alarms <= 1
    drifts = 0
    for _ in range(60):
        look = Look()
        for number in range(1_000):
            night = number % 60 < 20
            look.read(Shape(60, int(chance.lognormvariate(7.5, 0.7)), chance.random() < 0.97,
                            chance.random() < (0.1 if night else 0.9)))  # fmt: skip
            drifts += look.judge() == "drift"
    assert drifts <= 1


def heard(number: int, answered_at: int | None, unheard_at: int | None) -> Hearing:
    """Hours after START."""
    moments = [START - DAY if each is None else START + each * HOUR for each in (answered_at, unheard_at)]
    return Hearing(moments[0], moments[1], f"s{number}.example")


@pytest.mark.parametrize(
    ("sources", "told"),
    [
        ([], False),
        ([heard(number, 0, 1) for number in range(2)], False),  # two say nothing
        ([heard(number, 0, 1) for number in range(3)], True),
        ([heard(number, None, 1) for number in range(3)], True),  # nobody ever answered
        ([heard(0, 2, None), *(heard(number, 0, 1) for number in range(1, 9))], False),  # somebody answered since
        ([*(heard(number, 0, 1) for number in range(4)), *(heard(number, 0, None) for number in range(4, 10))], False),
        ([*(heard(number, 0, 1) for number in range(19)), *(heard(number, 0, None) for number in range(900))], False),
        ([*(heard(number, 0, 1) for number in range(20)), *(heard(number, 0, None) for number in range(900))], True),
        ([heard(1, 0, 1) for _ in range(30)], False),  # one server
    ],
)
def test_who_hears_nobody_is_cut_off(sources: list[Hearing], told: bool) -> None:  # noqa: FBT001
    assert (deaf(sources) is not None) == told


def test_a_server_that_answers_an_error_is_heard() -> None:
    def state(problem: str) -> SourceState:
        feed = FeedState(next_due=START, succeeded_at=START, checked_at=START + HOUR, failures=1, problem=problem)
        return SourceState(next_due=START, feeds={"https://a.example/feed": feed})

    assert hearing_of(state("server_error")).answered_at == START + HOUR
    assert hearing_of(state("timeout")) == Hearing(START, START + HOUR, "a.example")
    assert answered({"a": hearing_of(state("timeout"))}) == START
    assert answered({}) < START


def test_when_it_was_heard_again_is_kept() -> None:
    here = Watched("_newswire")
    here.cut_off(START, deaf([heard(number, 0, 1) for number in range(3)]), START)
    here.cut_off(START + 2 * HOUR, None, START + HOUR)

    assert [each.event for each in here.unsaid] == ["installation.deaf", "installation.recovered"]
    assert len({identity(each) for each in here.unsaid}) == 2
    again = decode(encode(here))
    assert again
    assert again.back_at == START + HOUR
