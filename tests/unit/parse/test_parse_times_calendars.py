"""Days of other calendars, clocks in other scripts, and zones that only their page explains."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.parse.times.calendars import gregorian
from services.parse.times.reading import Habits, read_claim


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "language", "at"),
    [
        ("๗ มิถุนายน ๒๕๖๗", "th", "2024-06-07T00:00"),
        ("7 มิ.ย. 2567 เวลา 15:05 น.", None, "2024-06-07T15:05"),
        ("7 มิ.ย. 67", None, "2024-06-07T00:00"),
        ("17/06/2567 15:05", None, "2024-06-17T15:05"),
        ("جمعه ۱۸ خرداد ۱۴۰۳ - ۱۵:۰۵", None, "2024-06-07T15:05"),
        ("۱۸ خرداد ماه ۱۴۰۳", "fa", "2024-06-07T00:00"),
        ("1403/03/18 15:05", "fa", "2024-06-07T15:05"),
        ("30 اسفند 1403", "fa", "2025-03-20T00:00"),
        ("۱ حمل ۱۴۰۳", "fa-AF", "2024-03-20T00:00"),
        ("令和6年6月7日 15時05分", None, "2024-06-07T15:05"),
        ("平成31年4月30日", "ja", "2019-04-30T00:00"),
        ("令和元年5月1日", "ja", "2019-05-01T00:00"),
        ("中華民國113年6月7日", "zh-TW", "2024-06-07T00:00"),
    ],
)
def test_days_of_other_calendars_are_those_of_ours(raw: str, language: str | None, at: str) -> None:
    reading = read_claim(raw, Habits(language=language))

    assert reading
    assert reading.moment.at == utc(at)


@pytest.mark.parametrize(
    ("persian", "ours"),
    [
        ((1369, 1, 1), (1990, 3, 21)), ((1375, 12, 30), (1997, 3, 20)), ((1387, 12, 30), (2009, 3, 20)),
        ((1399, 12, 30), (2021, 3, 20)), ((1400, 1, 1), (2021, 3, 21)), ((1403, 7, 1), (2024, 9, 22)),
        ((1404, 1, 1), (2025, 3, 21)), ((1408, 12, 30), (2030, 3, 20)),
    ],
)  # fmt: skip
def test_persian_years_begin_at_the_equinox(persian: tuple[int, int, int], ours: tuple[int, int, int]) -> None:
    assert gregorian(*persian) == ours


@pytest.mark.parametrize("raw", ["1403/07/31", "1403/13/01", "32 خرداد 1403", "1 ذو الحجة 1445", "1445/12/01"])
def test_what_is_no_day_of_a_calendar_known_is_no_time_of_news(raw: str) -> None:
    reading = read_claim(raw, Habits(language="fa"))

    assert reading is None or reading.moment.at.year < 1990


@pytest.mark.parametrize(
    "raw",
    ["2024年6月7日 15時5分", "2024年6月7日（金）午後3時5分", "2024年6月7日下午3点05分", "2024年6月7日 下午3點05分",
     "２０２４年６月７日 １５：０５", "2024년 6월 7일 오후 3시 5분", "2024年6月7日 晚上3:05", "7 يونيو 2024 3:05 مساء",
     "7 जून 2024 शाम 3:05", "7 июня 2024, 3:05 дня", "1505 GMT June 7 2024", "20240607T1505",
     "20240607150500"],
)  # fmt: skip
def test_clocks_as_they_are_written_elsewhere(raw: str) -> None:
    reading = read_claim(raw, Habits())

    assert reading
    assert reading.moment.at == utc("2024-06-07T15:05")


def test_hours_ago_are_no_hour_of_the_day() -> None:
    reading = read_claim("2024年6月7日 3時間前", Habits(language="ja"))

    assert reading
    assert reading.moment.precision == "day"


@pytest.mark.parametrize(
    ("raw", "habits", "at", "zone"),
    [
        ("7 June 2024 15:05 IST", {"zone": "Asia/Kolkata"}, "2024-06-07T09:35", "Asia/Kolkata"),
        ("7 June 2024 15:05 IST", {"zone": "Europe/Dublin"}, "2024-06-07T14:05", "Europe/Dublin"),
        ("7 June 2024 15:05 PST", {"zone": "Asia/Manila"}, "2024-06-07T07:05", "Asia/Manila"),
        ("7 January 2024 15:05 PST", {"zone": "America/New_York"}, "2024-01-07T23:05", "-08:00"),
        ("Fri Jun 07 15:05:00 CST 2024", {"language": "zh-CN"}, "2024-06-07T07:05", "Asia/Shanghai"),
        ("Fri Jun 07 15:05:00 CST 2024", {"language": "en"}, "2024-06-07T21:05", "-06:00"),
        ("07.06.2024, 15:05 (мск)", {}, "2024-06-07T12:05", "+03:00"),
        ("7 Juni 2024 15:05 WIB", {"language": "id"}, "2024-06-07T08:05", "+07:00"),
    ],
)
def test_an_abbreviation_means_the_zone_of_its_page_where_that_has_it(
    raw: str, habits: dict[str, Any], at: str, zone: str
) -> None:
    reading = read_claim(raw, Habits(**habits))

    assert reading
    assert (reading.moment.at, reading.moment.zone, reading.moment.zone_source) == (utc(at), zone, "stated")


@pytest.mark.parametrize(
    ("raw", "language", "at", "ambiguous"),
    [
        ("24.06.07 15:05", "ko", "2024-06-07T15:05", True),
        ("24/06/07", "ja", "2024-06-07T00:00", True),
        ("07/06/99", "en-GB", "1999-06-07T00:00", True),
        ("31/12/95", "en-GB", "1995-12-31T00:00", False),
        ("31/05/24", None, "2024-05-31T00:00", False),
    ],
)
def test_years_of_two_digits(raw: str, language: str | None, at: str, *, ambiguous: bool) -> None:
    reading = read_claim(raw, Habits(language=language))

    assert reading
    assert (reading.moment.at, reading.moment.ambiguous) == (utc(at), ambiguous)


@pytest.mark.parametrize(
    ("raw", "language", "month"),
    [
        ("7 EKİM 2024", "tr", 10), ("7 KASIM 2024", "tr", 11), ("7 ΙΟΥΝΙΟΥ 2024", "el", 6), ("7 FEVRIER 2024", "fr", 2),
        ("7 حزيران/يونيو 2024", None, 6), ("7 تشرين الثاني 2024", "ar-LB", 11), ("7 اغسطس 2024", "ar", 8),
        ("7. Jänner 2024", "de-AT", 1), ("7-го червня 2024", "uk", 6), ("7 AOUT 2024", None, 8),
    ],
)  # fmt: skip
def test_months_in_capitals_without_accents_and_of_one_country(raw: str, language: str | None, month: int) -> None:
    reading = read_claim(raw, Habits(language=language))

    assert reading, raw
    assert (reading.moment.at.month, reading.moment.at.day, reading.moment.precision) == (month, 7, "day")
