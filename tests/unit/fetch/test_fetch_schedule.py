"""When feeds are due: rhythm, bounds, backoff, jitter; the agenda; turns at hosts; the pace."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fetch.schedule import due
from services.fetch.schedule.agenda import REMIND_AFTER, Agenda
from services.fetch.schedule.due import Look, failed, feeds_due, first_state, freshness, moment, succeeded
from services.fetch.schedule.hosts import HOLD, LONGEST_PAUSE, Host, claimed, limited, paused_until, released
from services.fetch.schedule.pressure import Backlog, Pace, pace_of
from services.fetch.schedule.rhythm import believed, expected_at, observe, rate, shape
from services.fetch.scheduler import Known, Wanted, due_of
from shared.contracts import Feed, FeedState, Rhythm, Source
from tests.benchmarks.agenda import measured

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
FEED = Feed(url="https://gazette.example/feed")
SOURCE = Source(id="gazette", feeds=(FEED,), min_interval=120, max_interval=86_400)
FRESH = FeedState(next_due=NOW)


def seconds(state: FeedState, since: datetime = NOW) -> float:
    return (state.next_due - since).total_seconds()


def daily(hours: tuple[int, ...], days: int = 28) -> Rhythm:
    """A source that publishes at these hours of each day."""
    start, known = NOW - timedelta(days=days), None
    for day in range(days):
        since = start + timedelta(days=day)
        arrived = [since.replace(hour=hour, minute=30) for hour in hours]
        known = observe(known, since, since + timedelta(days=1), [at + timedelta(days=at < since) for at in arrived])
    assert known
    return known


def test_more_articles_more_looks() -> None:
    waits = []
    for per_day in (1, 10, 100):
        at = [NOW - timedelta(days=1) * ((number + 0.5) / per_day) for number in range(per_day * 3)]
        waits.append(seconds(succeeded(SOURCE, FEED, FRESH, Look(dated=at), NOW)))

    assert waits == sorted(waits, reverse=True)
    assert waits[0] > 5 * waits[1] > 25 * waits[2]


def test_quiet_hours_are_waited_through_and_busy_ones_are_not_slept_through() -> None:
    known = daily((8, 9, 10, 11))

    by_day = expected_at(known, NOW.replace(hour=8), 0.3, 86_400)
    by_night = expected_at(known, NOW.replace(hour=20), 0.3, 86_400)

    assert by_day < 3_600
    assert 6 * 3_600 < by_night < 13 * 3_600


@given(
    st.lists(st.floats(0, 14 * 24), max_size=50),
    st.floats(0, 100_000),
    st.floats(30, 86_400),
    st.floats(1, 7),
)
def test_an_interval_stays_within_its_bounds(ages: list[float], ttl: float, least: float, times: float) -> None:
    source = SOURCE.model_copy(update={"min_interval": least, "max_interval": least * times})
    dated = [NOW - timedelta(hours=age) for age in ages]

    wait = seconds(succeeded(source, FEED, FRESH, Look(dated=dated, ttl=ttl), NOW))

    assert least - 0.01 <= wait <= least * times * 1.1 + 0.01


def test_a_publishers_ttl_is_heeded_up_to_an_hour() -> None:
    busy = [NOW - timedelta(minutes=minute) for minute in range(600)]

    assert 1_800 <= seconds(succeeded(SOURCE, FEED, FRESH, Look(dated=busy, ttl=1_800), NOW)) < 2_000
    assert seconds(succeeded(SOURCE, FEED, FRESH, Look(dated=busy, ttl=31e6), NOW)) < 4_000


def test_failures_wait_twice_as_long_each_time_and_a_success_forgets_them() -> None:
    state, waits = FRESH, []
    for _ in range(14):
        state = failed(SOURCE, FEED, state, ("timeout", "slow"), NOW)
        waits.append(seconds(state))

    assert all(later >= sooner for sooner, later in pairwise(waits))
    assert waits[0] < 150
    assert waits[3] > 7 * waits[0]
    assert waits[-1] <= 86_400 * 1.1
    assert (state.failures, state.problem) == (14, "timeout")
    good = succeeded(SOURCE, FEED, state, Look(), NOW)
    assert (good.failures, good.problem) == (0, None)


def test_a_server_that_names_its_time_is_given_it() -> None:
    assert seconds(failed(SOURCE, FEED, FRESH, ("rate_limited", ""), NOW, 7_200)) == 7_200
    assert seconds(failed(SOURCE, FEED, FRESH, ("rate_limited", ""), NOW, 1e9)) == due.LONGEST_ASKED


def test_jitter_is_a_sources_own() -> None:
    others = [Source(id=f"s{number}", feeds=(FEED,)) for number in range(50)]
    waits = [seconds(failed(each, FEED, FRESH, ("timeout", ""), NOW)) for each in others]

    assert len(set(waits)) > 40
    assert waits == [seconds(failed(each, FEED, FRESH, ("timeout", ""), NOW)) for each in others]


def test_a_feed_that_is_new_to_a_source_is_due() -> None:
    state = first_state(SOURCE, NOW)
    source = SOURCE.model_copy(update={"feeds": (FEED, Feed(url="https://gazette.example/second"))})
    later = state.model_copy(
        update={
            "feeds": {
                url: each.model_copy(update={"next_due": NOW + timedelta(hours=1)}) for url, each in state.feeds.items()
            }
        }
    )

    assert [feed.url for feed, _ in feeds_due(source, later, NOW)] == ["https://gazette.example/second"]


@pytest.mark.parametrize(
    ("headers", "stated", "expected"),
    [
        ({}, 0, 0),
        ({"Cache-Control": "public, max-age=600"}, 0, 600),
        ({"Cache-Control": 'max-age="600"', "Age": "200"}, 0, 400),
        ({"Cache-Control": "max-age=600"}, 1_800, 1_800),
        ({"Cache-Control": "no-cache, max-age=600"}, 0, 0),
        ({"Cache-Control": "max-age=-5"}, 0, 0),
        ({"Cache-Control": "max-age=" + "9" * 40}, 0, 999_999_999),
        ({"Cache-Control": "max-age=\u0666"}, 0, 0),
    ],
)
def test_freshness_is_read(headers: dict[str, str], stated: float, expected: float) -> None:
    assert freshness(headers, stated) == expected


def test_dates_of_http() -> None:
    assert moment("Wed, 04 Mar 2026 12:00:00 GMT") == NOW
    assert [moment(each) for each in (None, "", "soon", "99999")] == [None] * 4


def test_a_rhythm_fades() -> None:
    busy = observe(None, NOW - timedelta(days=1), NOW, [NOW - timedelta(hours=hour) for hour in range(24)])
    silent = observe(busy, NOW, NOW + timedelta(days=14), [])

    assert rate(busy) > 0.5
    assert rate(silent) < rate(busy) / 8
    assert rate(None) == pytest.approx(1 / 24)
    assert sum(shape(busy, hour) for hour in range(168)) == pytest.approx(168)
    assert shape(None, 5) == 1.0


def test_dates_are_believed_within_the_time_that_was_watched() -> None:
    since = NOW - timedelta(hours=2)
    inside, middle = NOW - timedelta(hours=1, minutes=30), NOW - timedelta(hours=1)

    assert believed([inside, None, NOW + timedelta(days=1), since - timedelta(days=9)], since, NOW) == [
        inside, middle, middle, middle,
    ]  # fmt: skip


def test_the_agenda_gives_what_is_due_and_reminds() -> None:
    agenda = Agenda()
    for name, at in (("b", 20.0), ("a", 10.0), ("c", 99.0)):
        agenda.put(name, at)

    assert agenda.take(30, 5) == ["a", "b"]
    assert agenda.take(30, 5) == []
    agenda.put("a", 1_000)
    agenda.drop("c")
    assert agenda.take(30 + REMIND_AFTER, 5) == ["b"]
    assert len(agenda) == 2
    assert agenda.behind(2_000) == 2_000 - (30 + 2 * REMIND_AFTER)
    assert Agenda().next() is None


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.one_of(st.none(), st.integers(0, 50))), max_size=200))
def test_the_agenda_is_a_dictionary_of_times(steps: list[tuple[str, int | None]]) -> None:
    agenda, known = Agenda(), dict[str, int]()
    for name, at in steps:
        if at is None:
            agenda.drop(name)
            known.pop(name, None)
        else:
            agenda.put(name, at)
            known[name] = at

    assert set(agenda.take(25, 100)) == {name for name, at in known.items() if at <= 25}
    assert agenda.next() == min(
        [at for at in known.values() if at > 25] + [25 + REMIND_AFTER for at in known.values() if at <= 25],
        default=None,
    )


def test_a_decision_costs_no_more_with_many_sources() -> None:
    assert measured(100_000)[1] < 4 * measured(4_000)[1]


def test_a_host_is_held_by_one() -> None:
    mine = claimed(Host(), "me", 100)
    assert mine
    assert claimed(mine, "other", 150) is None
    assert claimed(mine, "me", 150)
    assert claimed(mine, "other", 101 + HOLD)
    assert claimed(released(mine, 160), "other", 150) == Host(holder="other", until=150 + HOLD, free_at=160)


def test_one_bad_path_holds_up_no_other() -> None:
    one = limited(Host(), "/bad", 5_000)
    two = limited(one, "/worse", 9_000)

    assert (paused_until(one, "/bad", 100), paused_until(one, "/good", 100)) == (5_000, 0)
    assert paused_until(two, "/good", 100) == 100 + LONGEST_PAUSE
    assert paused_until(two, "/worse", 100) == 9_000
    assert paused_until(two, "/good", 6_000) == 0
    many = two
    for number in range(500):
        many = limited(many, f"/{number}", 10_000 + number)
    assert len(many.limits) <= 20


@pytest.mark.parametrize(
    ("backlogs", "share", "reason"),
    [
        ([], 1, ""),
        ([Backlog("RAW", 0, 0, 0, 100)], 1, ""),
        ([Backlog("RAW", 0, 10, 70, 100)], 1, ""),
        ([Backlog("RAW", 10, 10, 45, 100), Backlog("PARSED", 0, 1, 1, 100)], 0.5, "45% of RAW waits to be processed"),
        ([Backlog("RAW", 10, 10, 60, 100)], 0, "60% of RAW waits to be processed"),
        ([Backlog("ENRICHED", 0, 10, 95, 100)], 0, "ENRICHED is 95% full"),
        ([Backlog("RAW", 10, 10, 60, 0)], 1, ""),
    ],
)
def test_fetch_is_as_fast_as_the_fullest_stream_allows(backlogs: list[Backlog], share: float, reason: str) -> None:
    pace = pace_of(backlogs)

    assert pace == Pace(pytest.approx(share), reason)


def test_when_a_source_is_due() -> None:
    wanted = Wanted(("a",), paused=False, since=100.0)

    assert due_of("s", wanted._replace(paused=True), None) is None
    assert 100 <= (due_of("s", wanted, None) or 0) <= 100 + due.FIRST_SPREAD
    assert due_of("s", wanted, Known(500.0, frozenset({"a", "old"}))) == 500
    assert due_of("s", wanted, Known(500.0, frozenset({"old"}))) == 100
