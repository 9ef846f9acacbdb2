"""One time out of several, and the zones of countries."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parse.times.agree import Witness, agree, settle
from services.parse.times.country import country_of, zone_of
from services.parse.times.reading import Habits, read_claim


def witness(raw: str, rule: str = "", zone: str | None = None) -> Witness:
    reading = read_claim(raw, Habits(zone=zone, zone_source="country", order="DMY"))
    assert reading, raw
    return Witness(reading.moment, "meta", rule or raw, 0.9)


def settled(*raws: str) -> Witness:
    found = settle([witness(raw) for raw in raws])
    assert found
    return found


def test_of_nothing_comes_nothing() -> None:
    assert settle([]) is None


@pytest.mark.parametrize(
    ("raws", "at", "zone", "zone_source"),
    [
        # the only one
        (["2024-06-07T17:50:00Z"], "17:50", "UTC", "stated"),
        # the same clock without its zone gives way, or tells the zone of a moment in UTC
        (["2024-06-07T09:17:56", "2024-06-07T14:17:56Z"], "14:17:56", "-05:00", "page"),
        (["2024-06-07T14:17:56Z", "2024-06-07T09:17:56"], "14:17:56", "-05:00", "page"),
        (["2024-06-07T14:17:56Z", "2024-06-07T09:17:57"], "14:17:56", "UTC", "stated"),
        (["2024-06-07T14:17:56Z", "2024-06-07 23:21"], "14:17:56", "UTC", "stated"),
        # the same moment elsewhere
        (["2024-06-07T18:30:00Z", "2024-06-08T05:30:00+11:00"], "18:30", "+11:00", "page"),
        # one clock in two zones: not the one in UTC, unless a third agrees with it
        (["2024-06-07T08:30:00Z", "2024-06-07T08:30:00-04:00"], "12:30", "-04:00", "stated"),
        (["2024-06-07T08:30:00-04:00", "2024-06-07T08:30:00Z"], "12:30", "-04:00", "stated"),
        (["2024-06-07T08:30:00-04:00", "2024-06-07T08:30:00Z", "2024-06-07T04:30:00-04:00"], "08:30", "-04:00", "page"),
        # a day takes the clock of that day and of no other
        (["2024-06-07", "2024-06-07T18:30:00+02:00"], "16:30", "+02:00", "stated"),
        (["2024-06-07T00:00:00Z", "2024-06-07T18:30:00+02:00"], "16:30", "+02:00", "stated"),
        (["2024-06-07", "2024-06-09T18:30:00+02:00"], "00:00", "UTC", "assumed_utc"),
    ],
)
def test_what_the_others_know_is_used(raws: list[str], at: str, zone: str, zone_source: str) -> None:
    found = settled(*raws)

    assert found.moment.at == datetime.fromisoformat(f"2024-06-07T{at}").replace(tzinfo=UTC)
    assert (found.moment.zone, found.moment.zone_source) == (zone, zone_source)


def test_a_contradiction_is_said_and_costs_confidence() -> None:
    found = settled("2024-06-07T08:30:00Z", "2024-06-07T08:30:00-04:00")

    assert "calls the same clock UTC" in found.rule
    assert found.sure == 0.6


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2024-06-07T08:30:00Z", "2024-06-07T10:30+02:00", True),
        ("2024-06-07T08:30:00Z", "2024-06-07", True),
        ("2024-06-07T08:30:00Z", "2024-06-07 03:30", True),
        ("2024-06-07T08:30:00Z", "2024-06-09", False),
        ("2024-06-07T08:30:00Z", "2024-06-07T09:31:00Z", False),
    ],
)
def test_what_says_less_does_not_disagree(one: str, other: str, *, same: bool) -> None:
    assert agree(witness(one), witness(other)) is same


raw_times = st.builds(
    "{:%Y-%m-%dT%H:%M:%S}{}".format,
    st.datetimes(datetime(1990, 1, 2), datetime(2030, 1, 1)),  # noqa: DTZ001 - hypothesis wants them so
    st.sampled_from(["", "Z", "+02:00", "-04:00", "+05:45"]),
)


@given(st.lists(raw_times, min_size=1, max_size=6))
def test_a_settled_time_is_one_of_the_given(raws: list[str]) -> None:
    witnesses = [witness(raw) for raw in raws]

    found = settle(witnesses)

    assert found
    assert found.moment.at in {each.moment.at for each in witnesses}


@pytest.mark.parametrize(
    ("host", "language", "zone"),
    [
        ("gazette.de", None, "Europe/Berlin"),
        ("gazette.co.uk", None, "Europe/London"),
        ("gazette.com.ua", "uk", "Europe/Kyiv"),
        ("gazette.es", None, "Europe/Madrid"),
        ("gazette.com", "de-AT", "Europe/Vienna"),
        ("gazette.com", "sr-Latn-RS", "Europe/Belgrade"),
        ("gazette.com", "en-GB", None),
        ("gazette.com.au", None, None),
        ("gazette.io", None, None),
        ("gazette.com", None, None),
        ("", None, None),
    ],
)
def test_a_country_with_one_zone_has_that(host: str, language: str | None, zone: str | None) -> None:
    assert zone_of(country_of(host, language)) == zone
