"""Printed times: what they say, and no more."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parse.times.reading import MAX_LENGTH, read_time

OBSERVED_AT = datetime(2024, 6, 10, 12, tzinfo=UTC)
KYIV = {"zone": "Europe/Kyiv", "order": "DMY"}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "known", "at", "precision", "zone", "zone_source", "ambiguous"),
    [
        ("20:50 07.06.2024", KYIV, "2024-06-07T17:50", "minute", "Europe/Kyiv", "profile", True),
        ("20:50 31.05.2024", KYIV, "2024-05-31T17:50", "minute", "Europe/Kyiv", "profile", False),
        ("2024-06-07T20:50:00+03:00", KYIV, "2024-06-07T17:50", "second", "+03:00", "stated", False),
        ("2024-06-07T20:50:00.123456Z", {}, "2024-06-07T20:50", "second", "UTC", "stated", False),
        ("2024-06-07 20:50 +0300", {}, "2024-06-07T17:50", "minute", "+03:00", "stated", False),
        ("20240607T205000Z", {}, "2024-06-07T20:50", "second", "UTC", "stated", False),
        ("Fri, 07 Jun 2024 20:50:00 -0400", {}, "2024-06-08T00:50", "second", "-04:00", "stated", False),
        ("Fri, 07 Jun 2024 20:50:00 GMT", {}, "2024-06-07T20:50", "second", "UTC", "stated", False),
        ("Fri Jun  7 20:50:00 EEST 2024", {}, "2024-06-07T17:50", "second", "+03:00", "stated", False),
        ("June 7, 2024 8:50 p.m. ET", {}, "2024-06-08T00:50", "minute", "America/New_York", "stated", False),
        ("1717782600", {}, "2024-06-07T17:50", "second", "UTC", "stated", False),
        ("1717782600123", {}, "2024-06-07T17:50", "second", "UTC", "stated", False),
    ],
)
def test_stated_and_profiled_times(  # noqa: PLR0913, PLR0917 -- the columns of the table
    raw: str, known: Any, at: str, precision: str, zone: str, zone_source: str, ambiguous: Any
) -> None:
    moment = read_time(raw, observed_at=OBSERVED_AT, **known)

    assert moment
    assert (moment.at, moment.raw) == (utc(at), raw)
    assert (moment.precision, moment.zone, moment.zone_source) == (precision, zone, zone_source)
    assert moment.ambiguous is ambiguous


@pytest.mark.parametrize(
    ("raw", "at", "precision"),
    [
        ("2024-06-07", "2024-06-07T00:00", "day"),
        ("June 7, 2024", "2024-06-07T00:00", "day"),
        ("7. Juni 2024", "2024-06-07T00:00", "day"),
        ("7 de junio de 2024", "2024-06-07T00:00", "day"),
        ("2024. június 7.", "2024-06-07T00:00", "day"),
        ("2024 m. birželio 7 d. 20:50", "2024-06-07T20:50", "minute"),
        ("\u0667 يونيو \u0662\u0660\u0662\u0664", "2024-06-07T00:00", "day"),
        ("2024年6月7日 20:50", "2024-06-07T20:50", "minute"),
        ("7 червня 2024, 20:50", "2024-06-07T20:50", "minute"),
        ("7 июня 2024 года, 20:50", "2024-06-07T20:50", "minute"),
        ("1er juin 2024 à 20h50", "2024-06-01T20:50", "minute"),
        ("Veröffentlicht am Freitag, 7. Juni 2024 um 20.50 Uhr", "2024-06-07T20:50", "minute"),
        ("7 czerwca 2024, 8:50", "2024-06-07T08:50", "minute"),
        ("12:05 am, 7 June 2024", "2024-06-07T00:05", "minute"),
        ("9 pm June 7, 2024", "2024-06-07T21:00", "minute"),
        ("June 2024", "2024-06-01T00:00", "month"),
        ("2024-05", "2024-05-01T00:00", "month"),
        ("31/05/24", "2024-05-31T00:00", "day"),
        ("08:50 IST 7 June 2024", "2024-06-07T08:50", "minute"),
    ],
)
def test_times_without_a_zone_are_assumed_in_utc_with_the_precision_they_have(
    raw: str, at: str, precision: str
) -> None:
    moment = read_time(raw, observed_at=OBSERVED_AT)

    assert moment
    assert (moment.at, moment.precision, moment.zone_source) == (utc(at), precision, "assumed_utc")
    assert not moment.ambiguous


def test_a_day_starts_at_midnight_of_the_publishers_zone() -> None:
    moment = read_time("2024-06-07", observed_at=OBSERVED_AT, zone="Europe/Kyiv")

    assert moment
    assert moment.at == utc("2024-06-06T21:00")
    assert (moment.precision, moment.zone_source) == ("day", "profile")


@pytest.mark.parametrize(
    ("raw", "known", "month", "day"),
    [
        ("03/04/2024", {}, 4, 3),
        ("03/04/2024", {"order": "MDY"}, 3, 4),
        ("03/04/2024", {"language": "en"}, 3, 4),
        ("03/04/2024", {"language": "en-GB"}, 4, 3),
        ("03/04/2024", {"language": "en_GB", "order": "MDY"}, 3, 4),
        ("03/04/2024", {"language": "no such"}, 4, 3),
        ("03.04.2024", {"language": "en-US"}, 4, 3),
    ],
)
def test_what_only_a_convention_decides_is_flagged(raw: str, known: Any, month: int, day: int) -> None:
    moment = read_time(raw, observed_at=OBSERVED_AT, **known)

    assert moment
    assert (moment.at.month, moment.at.day, moment.ambiguous) == (month, day, True)


@pytest.mark.parametrize(("raw", "month", "day"), [("05/31/2024", 5, 31), ("31/05/2024", 5, 31), ("04/04/2024", 4, 4)])
@pytest.mark.parametrize("order", ["DMY", "MDY", None])
def test_a_value_that_can_be_read_one_way_is_not_ambiguous(raw: str, month: int, day: int, order: Any) -> None:
    moment = read_time(raw, observed_at=OBSERVED_AT, order=order)

    assert moment
    assert (moment.at.month, moment.at.day, moment.ambiguous) == (month, day, False)


def test_a_month_whose_name_means_two_is_flagged_unless_the_language_is_known() -> None:
    unknown = read_time("5 listopada 2023", observed_at=OBSERVED_AT)
    croatian = read_time("5 listopada 2023", observed_at=OBSERVED_AT, language="hr")

    assert unknown
    assert croatian
    assert (unknown.at.month, unknown.ambiguous) == (11, True)
    assert (croatian.at.month, croatian.ambiguous) == (10, False)


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ("03:30 31.03.2024", "2024-03-31T01:30"),  # never shown by a clock in Kyiv: read with the offset before the gap
        ("02:59 31.03.2024", "2024-03-31T00:59"),
        ("04:00 31.03.2024", "2024-03-31T01:00"),
        ("03:30 29.10.2023", "2023-10-29T00:30"),  # shown twice: the first
        ("04:00 29.10.2023", "2023-10-29T02:00"),
    ],
)
def test_gap_and_overlap_of_daylight_saving(raw: str, at: str) -> None:
    moment = read_time(raw, observed_at=OBSERVED_AT, **KYIV)  # type: ignore[arg-type]

    assert moment
    assert moment.at == utc(at)


@pytest.mark.parametrize(
    "raw",
    [
        "", " ", "20:50", "yesterday", "07.06", "June 7", "May be", "Mayor 2024",
        "2024-02-30", "2024-13-01", "30.02.2024", "00.00.2024", "31.04.2024 10:00",
        "1989-12-31", "0001-01-01", "0000-00-00", "9999-12-31", "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+14:00",
        "2024-06-07T25:00:00Z", "2024-06-07T20:60:00Z", "2024-06-07T20:50:60Z", "13:00 pm June 7, 2024",
        "2024-06-07T20:50:00+99:99", "2024-06-07T20:50:00+14:01", "2024-06-07T20:50:00-03:75",
        "2024-06-10T12:15:01Z", "June 11, 2024", "0", "1", "9999999999", "9999999999999", "99999999999999999999",
        "0000000000", "\uff11\uff12\uff13", "²²²²-²²-²²", "7 June 2024" + " " * MAX_LENGTH + "x",
    ],
)  # fmt: skip
def test_what_is_no_time_or_not_to_be_believed_is_none(raw: str) -> None:
    assert read_time(raw, observed_at=OBSERVED_AT) is None


def test_a_clock_that_is_a_little_ahead_is_believed() -> None:
    assert read_time("2024-06-10T12:15:00Z", observed_at=OBSERVED_AT)


alphabet = st.text(alphabet="0123456789:./-+ TZUTCapm,June\u041c\u0430\u0439年月日\u0667()\u2212", max_size=60)


@given(st.text(max_size=250) | alphabet, st.sampled_from(["DMY", "MDY", "YMD", None]), st.none() | st.text(max_size=8))
def test_no_string_raises_and_what_is_read_lies_between_1990_and_now(
    raw: str, order: Any, language: str | None
) -> None:
    moment = read_time(raw, observed_at=OBSERVED_AT, order=order, language=language, zone="Europe/Kyiv")

    if moment:
        assert utc("1989-12-31") <= moment.at <= utc("2024-06-10T12:15")
        assert moment.raw == raw


@given(st.datetimes(datetime(1990, 1, 2), datetime(2024, 6, 9), timezones=st.timezones()))  # noqa: DTZ001 -- bounds have no zone
def test_iso_times_are_read_to_the_second(at: datetime) -> None:
    at = at.replace(microsecond=0)
    offset = at.utcoffset()
    if offset is None or offset.seconds % 60:
        return

    moment = read_time(at.isoformat(), observed_at=OBSERVED_AT)

    assert moment
    assert moment.at == at.astimezone(UTC)
    assert moment.zone_source == "stated"
