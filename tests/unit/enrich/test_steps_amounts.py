"""Money, percentages, quantities and dates as each language writes them, as numbers and ISO dates."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.steps.amounts import amounts, find
from services.enrich.steps.amounts.numbers import value
from tests.unit.enrich.articles import article

PUBLISHED = date(2025, 9, 1)

NUMBERS = {
    ("en", "$2.5bn"): ("money", 2.5e9, None, "USD"),
    ("en", "US$ 300 million"): ("money", 3e8, None, "USD"),
    ("en", "EUR 20"): ("money", 20, None, "EUR"),
    ("en", "half a million dollars"): ("money", 5e5, None, "USD"),
    ("en", "5-7 million euros"): ("money", 5e6, 7e6, "EUR"),
    ("en", "£1.5m"): ("money", 1.5e6, None, "GBP"),
    ("en", "3.4%"): ("percent", 3.4, None, "%"),
    ("en", "1.2 percentage points"): ("percent", 1.2, None, "pp"),
    ("en", "25 basis points"): ("percent", 25, None, "bp"),
    ("ru", "200 б. п"): ("percent", 200, None, "bp"),
    ("de", "25 Basispunkte"): ("percent", 25, None, "bp"),
    ("fr", "25 points de base"): ("percent", 25, None, "bp"),
    ("es", "25 puntos básicos"): ("percent", 25, None, "bp"),
    ("pl", "25 punktów bazowych"): ("percent", 25, None, "bp"),
    ("uk", "25 базисних пунктів"): ("percent", 25, None, "bp"),
    ("en", "1,234.5 tonnes"): ("quantity", 1234.5, None, "t"),
    ("en", "10-kilometre"): ("quantity", 10, None, "km"),
    ("en", "30 degrees Celsius"): ("quantity", 30, None, "°C"),
    ("en", "two million barrels"): ("quantity", 2e6, None, "bbl"),
    ("en", "120 km/h"): ("quantity", 120, None, "km/h"),
    ("en", "25 m²"): ("quantity", 25, None, "m²"),
    ("en", "₹500 crore"): ("money", 5e9, None, "INR"),
    ("en", "₹1.5 lakh crore"): ("money", 1.5e12, None, "INR"),
    ("en", "5 lakh rupees"): ("money", 5e5, None, "INR"),
    ("en", "-0.4%"): ("percent", -0.4, None, "%"),
    ("en", "3½ hours"): ("quantity", 3.5, None, "h"),
    ("en", "$5 to $6 million"): ("money", 5e6, 6e6, "USD"),
    ("uk", "2,5 тис. грн"): ("money", 2500, None, "UAH"),
    ("uk", "100 тис. дол"): ("money", 1e5, None, "USD"),
    ("uk", "12 млн 500 тис. грн"): ("money", 12.5e6, None, "UAH"),
    ("uk", "мінус 5 градусів"): ("quantity", -5, None, "°C"),
    ("uk", "5-6 %"): ("percent", 5, 6, "%"),
    ("ru", "полмиллиона рублей"): ("money", 5e5, None, "RUB"),
    ("ru", "10 градусов мороза"): ("quantity", -10, None, "°C"),
    ("ru", "200 л. с"): ("quantity", 200, None, "hp"),
    ("de", "1.500,00 Euro"): ("money", 1500, None, "EUR"),
    ("de", "1,5 Mrd. Euro"): ("money", 1.5e9, None, "EUR"),
    ("de", "−3 °C"): ("quantity", -3, None, "°C"),
    ("fr", "247,8 milliards de dollars de Taïwan"): ("money", 247.8e9, None, "TWD"),
    ("es", "3.000 dólares canadienses"): ("money", 3000, None, "CAD"),
    ("es", "$5,000"): ("money", 5000, None, "USD"),
    ("es", "20 grados bajo cero"): ("quantity", -20, None, "°C"),
    ("pl", "2 mln 500 tys. zł"): ("money", 2.5e6, None, "PLN"),
    ("uk", "2,5 млрд грн"): ("money", 2.5e9, None, "UAH"),
    ("uk", "пів мільйона доларів"): ("money", 5e5, None, "USD"),
    ("uk", "Мільйон гривень"): ("money", 1e6, None, "UAH"),
    ("uk", "300 тис. євро"): ("money", 3e5, None, "EUR"),
    ("uk", "2–3 млн грн"): ("money", 2e6, 3e6, "UAH"),
    ("uk", "$1,5 млн"): ("money", 1.5e6, None, "USD"),
    ("uk", "3 відсоткові пункти"): ("percent", 3, None, "pp"),
    ("uk", "1 234,5 км"): ("quantity", 1234.5, None, "km"),
    ("uk", "5 до 10 тонн"): ("quantity", 5, 10, "t"),
    ("ru", "1,5 трлн рублей"): ("money", 1.5e12, None, "RUB"),
    ("ru", "полтора миллиона долларов"): ("money", 1.5e6, None, "USD"),
    ("ru", "100 тыс. руб"): ("money", 1e5, None, "RUB"),
    ("ru", "20 процентов"): ("percent", 20, None, "%"),
    ("ru", "2 до 3 км"): ("quantity", 2, 3, "km"),
    ("de", "1.234,5 Euro"): ("money", 1234.5, None, "EUR"),
    ("de", "2,5 Mrd. Euro"): ("money", 2.5e9, None, "EUR"),
    ("de", "anderthalb Millionen Dollar"): ("money", 1.5e6, None, "USD"),
    ("de", "1.500 Tonnen"): ("quantity", 1500, None, "t"),
    ("de", "10 bis 20 Kilometer"): ("quantity", 10, 20, "km"),
    ("de", "3 Prozentpunkte"): ("percent", 3, None, "pp"),
    ("fr", "1 234,5 euros"): ("money", 1234.5, None, "EUR"),
    ("fr", "2,5 milliards d'euros"): ("money", 2.5e9, None, "EUR"),
    ("fr", "20 M€"): ("money", 2e7, None, "EUR"),
    ("fr", "3 %"): ("percent", 3, None, "%"),
    ("fr", "5 à 10 kilomètres"): ("quantity", 5, 10, "km"),
    ("es", "2.500 millones de euros"): ("money", 2.5e9, None, "EUR"),
    ("es", "3 mil millones de dólares"): ("money", 3e9, None, "USD"),
    ("es", "5 por ciento"): ("percent", 5, None, "%"),
    ("es", "10 kilómetros"): ("quantity", 10, None, "km"),
    ("pl", "1 234,5 zł"): ("money", 1234.5, None, "PLN"),
    ("pl", "2,5 mld złotych"): ("money", 2.5e9, None, "PLN"),
    ("pl", "5 tys. dolarów"): ("money", 5e3, None, "USD"),
    ("pl", "2 pkt proc"): ("percent", 2, None, "pp"),
    ("pl", "5 do 10 km"): ("quantity", 5, 10, "km"),
}

DATES = {
    ("ru", "1 по 15 июля"): "2025-07-01/2025-07-15",
    ("uk", "1 до 15 липня"): "2025-07-01/2025-07-15",
    ("de", "1. bis 15. Juli 2024"): "2024-07-01/2024-07-15",
    ("fr", "1er au 15 juillet 2024"): "2024-07-01/2024-07-15",
    ("es", "1 al 15 de julio de 2024"): "2024-07-01/2024-07-15",
    ("pl", "1 do 15 lipca 2024"): "2024-07-01/2024-07-15",
    ("en", "1 to 15 July 2024"): "2024-07-01/2024-07-15",
    ("en", "24 August 2025"): "2025-08-24",
    ("en", "August 24, 2025"): "2025-08-24",
    ("en", "Sept. 3"): "2025-09-03",
    ("en", "July 9-11"): "2025-07-09/2025-07-11",
    ("uk", "9–11 липня 2024"): "2024-07-09/2024-07-11",
    ("en", "December 30"): "2025-12-30",
    ("en", "March 2024"): "2024-03",
    ("en", "2025-08-24"): "2025-08-24",
    ("en", "25/12/2024"): "2024-12-25",
    ("en", "yesterday"): "2025-08-31",
    ("en", "three days ago"): "2025-08-29",
    ("en", "two weeks ago"): "2025-W34",
    ("en", "9 months ago"): "2024-12",
    ("en", "10 years ago"): "2015",
    ("en", "last year"): "2024",
    ("uk", "24 серпня 2025"): "2025-08-24",
    ("uk", "березні 2024"): "2024-03",
    ("uk", "24.08.2025"): "2025-08-24",
    ("uk", "5 днів тому"): "2025-08-27",
    ("uk", "торік"): "2024",
    ("ru", "5 мая"): "2025-05-05",
    ("ru", "марте 2024"): "2024-03",
    ("ru", "три дня назад"): "2025-08-29",
    ("de", "24. August 2025"): "2025-08-24",
    ("de", "vor drei Tagen"): "2025-08-29",
    ("de", "gestern"): "2025-08-31",
    ("fr", "1er mai 2024"): "2024-05-01",
    ("fr", "il y a trois jours"): "2025-08-29",
    ("es", "24 de agosto de 2025"): "2025-08-24",
    ("es", "hace tres días"): "2025-08-29",
    ("pl", "24 sierpnia 2025"): "2025-08-24",
    ("pl", "trzy dni temu"): "2025-08-29",
}


@pytest.mark.parametrize(("case", "wanted"), NUMBERS.items(), ids=[" ".join(case) for case in NUMBERS])
def test_what_is_counted(case: tuple[str, str], wanted: tuple[str, float, float | None, str]) -> None:
    language, raw = case
    (found,) = amounts(f"xx {raw} zz", language, PUBLISHED)
    assert (found.kind, found.value, found.upper, found.unit) == wanted
    assert found.raw == raw


@pytest.mark.parametrize(("case", "wanted"), DATES.items(), ids=[" ".join(case) for case in DATES])
def test_when(case: tuple[str, str], wanted: str) -> None:
    language, raw = case
    (found,) = amounts(f"Xx {raw} zz", language, PUBLISHED)
    assert (found.kind, found.date, found.raw) == ("date", wanted, raw)


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("en", "It was in 2023.", "2023"),
        ("uk", "У 2023 році", "2023"),
        ("uk", "до кінця 2023-го", "2023"),
        ("de", "seit 2023", "2023"),
        ("pl", "w 2023 roku", "2023"),
        ("ru", "до 1825 года", "1825"),
    ],
)
def test_a_year_by_itself(language: str, text: str, wanted: str) -> None:
    assert [each.date for each in amounts(text, language, PUBLISHED)] == [wanted]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "An F16 and COVID-19, 2,500 people, version 1.2.3, 192.168.0.1."),
        ("en", "They may 5 times march 3 abreast."),
        ("en", "On 04/05/2024 it could be April or May."),
        ("en", "A man and a woman, one by one."),
        ("de", "Am Morgen war es jeden Morgen kalt."),
        ("de", "Er lief 2:25:16 Stunden."),
        ("de", "Nach 1 1/2 Jahren"),
        ("en", "It has a 5G modem."),
        ("pt", "Custa R$ 5 milhões."),
        ("hi", "₹500 करोड़"),
        ("es", "Por la mañana llovió."),
        ("en", "31 February 2024"),
        ("es", "A las 22.30 horas y a las 6 horas."),
        ("fr", "À 6 heures."),
        ("zh", "港口城市的议会"),
    ],
)
def test_what_counts_nothing_and_what_is_not_certain_is_none(language: str, text: str) -> None:
    assert amounts(text, language, PUBLISHED) == []


def test_without_the_day_of_publishing_there_are_no_dates_told_from_it() -> None:
    text = "It opened yesterday, on May 5 and on 24 August 2024, three days ago."
    assert [each.date for each in amounts(text, "en", None) if each.kind == "date"] == ["2024-08-24"]
    assert find(article(text, published_at=None))["amounts"] == tuple(amounts(text, "en", None))


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("1,234", "en", 1234),
        ("1,234", "de", 1.234),
        ("1.234", "de", 1234),
        ("1.234", "uk", 1.234),
        ("1,234.5", "es", 1234.5),
        ("1.234,5", "en", 1234.5),
        ("1'234.5", "de", 1234.5),
        ("1.2.3", "en", None),
        ("1,234,567", "fr", 1234567),
        ("0,125", "en", 0.125),
        ("12 345", "fr", 12345),
        ("1,2,3.4.5", "en", None),
    ],
)
def test_separators(text: str, language: str, wanted: float | None) -> None:
    assert value(text, language) == wanted


@given(
    st.integers(0, 999_999_999), st.sampled_from([(",", "en"), (".", "de"), ("\u00a0", "uk"), (" ", "fr"), (".", "pl")])
)
def test_grouped_integers_are_read_as_they_were_written(number: int, style: tuple[str, str]) -> None:
    mark, language = style
    (found,) = amounts(f"x {number:,} km".replace(",", mark), language, None)
    assert found.value == number


@pytest.mark.parametrize(
    ("language", "text", "raw"),
    [
        ("ru", "До 15 ноября. Потом", "15 ноября"),
        ("en", "On 5 Sept. 2024 it", "5 Sept. 2024"),
        ("fr", "le 22 novembre. Jeudi", "22 novembre"),
        ("ru", "в 2017-м году", "2017"),
    ],
)
def test_a_stop_is_the_sentences_and_an_ending_no_unit(language: str, text: str, raw: str | None) -> None:
    assert [each.raw for each in amounts(text, language, PUBLISHED)] == ([raw] if raw else [])
