"""Names of months, halves of days and times ago in many languages. The dates are written by CLDR, through babel."""

from datetime import UTC, date, datetime, timedelta

import pytest
from babel.dates import format_date, format_timedelta

from services.parse.times.reading import Habits, read_claim
from services.parse.times.relative import cut_ago

SEEN = datetime(2026, 11, 25, 12, 34, 56, tzinfo=UTC)
LANGUAGES = (
    "en", "en_GB", "es", "pt", "pt_BR", "fr", "de", "it", "nl", "ru", "uk", "pl", "cs", "sk", "sl", "hr", "sr",
    "sr_Latn", "bg", "mk", "ro", "hu", "el", "tr", "ar", "fa", "ur", "hi", "bn", "ta", "te", "mr", "gu", "id", "ms",
    "vi", "th", "ja", "ko", "zh", "zh_Hant", "sv", "da", "nb", "fi", "et", "lv", "lt", "is", "ca", "gl", "sq", "az",
    "ka", "hy", "kk", "uz", "be", "bs", "sw", "fil",
)  # fmt: skip
AGO = (
    "en", "es", "pt", "fr", "de", "it", "nl", "ru", "uk", "pl", "cs", "sk", "hr", "bg", "ro", "hu", "el", "tr",
    "fa", "hi", "id", "vi", "th", "ja", "ko", "zh", "sv", "da", "nb", "fi", "lv", "et", "ca",
)  # fmt: skip
LACKING = {("hi", 10)}
"""What dateparser's data has no name for: the short form of October in Hindi."""


def tag(locale: str) -> str:
    return locale.replace("_", "-")


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("style", ["medium", "long", "full"])
def test_every_month_is_read_as_the_language_writes_it(locale: str, style: str) -> None:
    for month in range(1, 13):
        if style == "medium" and (locale, month) in LACKING:
            continue
        day = date(2024, month, 17)
        raw = format_date(day, style, locale=locale)

        reading = read_claim(raw, Habits(language=tag(locale)))

        assert reading, raw
        assert (reading.moment.at.date(), reading.moment.precision) == (day, "day"), raw


@pytest.mark.parametrize("locale", AGO)
@pytest.mark.parametrize(("unit", "seconds"), [("minute", 60), ("hour", 3_600), ("day", 86_400)])
@pytest.mark.parametrize("told", [True, False])
def test_times_ago_are_counted_back_from_when_the_page_was_seen(
    locale: str, unit: str, seconds: int, *, told: bool
) -> None:
    for count in (1, 2, 3, 5, 11, 21):
        past = -timedelta(seconds=count * seconds)
        raw = format_timedelta(past, granularity=unit, threshold=10**6, add_direction=True, locale=locale)  # type: ignore[arg-type]

        reading = read_claim(raw, Habits(language=locale if told else None, seen_at=SEEN))

        assert reading, raw
        assert (SEEN - reading.moment.at) // timedelta(seconds=seconds) == count, raw
        assert reading.moment.precision == unit


@pytest.mark.parametrize(
    ("raw", "language", "at", "precision"),
    [
        ("an hour ago", "en", "2026-11-25T11:00", "hour"),
        ("Updated 2 hrs. ago", "en", "2026-11-25T10:00", "hour"),
        ("vor 3 Std.", "de", "2026-11-25T09:00", "hour"),
        ("3시간전", None, "2026-11-25T09:00", "hour"),
        ("il y a une heure", "fr", "2026-11-25T11:00", "hour"),
        ("Yesterday at 4:05 pm", "en", "2026-11-24T16:05", "minute"),
        ("вчера, 20:15", "ru", "2026-11-24T20:15", "minute"),
        ("сьогодні 14:05", None, "2026-11-25T14:05", "minute"),
        ("今天 10:05", "zh", "2026-11-25T10:05", "minute"),
        ("gestern", "de", "2026-11-24T00:00", "day"),
        ("2 weeks ago", "en", "2026-11-11T00:00", "day"),
        ("40 seconds ago", "en", "2026-11-25T12:34", "minute"),
    ],
)
def test_how_pages_say_it(raw: str, language: str | None, at: str, precision: str) -> None:
    reading = read_claim(raw, Habits(language=language, seen_at=SEEN))

    assert reading
    assert reading.moment.at == datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert reading.moment.precision == precision


def test_yesterday_is_a_day_of_the_publishers_zone() -> None:
    late = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)

    reading = read_claim("yesterday", Habits(zone="Europe/Kyiv", language="en", seen_at=late))

    assert reading
    assert reading.moment.at == datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
    assert reading.moment.zone_source == "profile"


@pytest.mark.parametrize(
    "raw", ["2 months ago", "last year", "in 2 hours", "this hour", "2 hours", "ago", "5 m", "x" * 200]
)
def test_what_says_no_day_is_no_time(raw: str) -> None:
    assert read_claim(raw, Habits(language="en", seen_at=SEEN)) is None
    assert cut_ago(raw) is None


def test_without_a_time_seen_nothing_is_counted_back() -> None:
    assert read_claim("2 hours ago", Habits(language="en")) is None


@pytest.mark.parametrize(
    ("raw", "language"),
    [
        ("下午3:05 2024年6月7日", None),
        ("2024년 6월 7일 오후 3:05", None),
        ("7 Ιουνίου 2024, 3:05 μ.μ.", None),
        ("7 juni 2024 3:05 em", "sv"),
        ("7 يونيو 2024 3:05 م", None),
        ("7 June 2024 3:05 PM", "en"),
    ],
)
def test_halves_of_the_day_have_names(raw: str, language: str | None) -> None:
    reading = read_claim(raw, Habits(language=language))

    assert reading
    assert reading.moment.at == datetime(2024, 6, 7, 15, 5, tzinfo=UTC)
    assert reading.rest == ()


def test_a_word_that_means_a_half_in_one_language_means_nothing_in_another() -> None:
    reading = read_claim("7 de junho de 2024 em 3:05", Habits(language="pt"))

    assert reading
    assert reading.moment.at.hour == 3


def test_midnight_sharp_is_taken_for_the_day_alone() -> None:
    sharp = read_claim("2024-06-07T00:00:00+02:00", Habits())
    printed = read_claim("2024-06-07 00:00", Habits())

    assert sharp
    assert printed
    assert (sharp.moment.precision, printed.moment.precision) == ("day", "minute")


@pytest.mark.parametrize(
    ("raw", "note", "ambiguous"),
    [
        ("03:30 31.03.2024", "no clock there showed this time", False),
        ("03:30 29.10.2023", "twice", True),
        ("12:00 31.03.2024", "", False),
    ],
)
def test_what_daylight_saving_decided_is_said(raw: str, note: str, *, ambiguous: bool) -> None:
    reading = read_claim(raw, Habits(zone="Europe/Kyiv", order="DMY"))

    assert reading
    assert note in reading.moment.note
    assert reading.moment.ambiguous is ambiguous
