"""Agencies that a text credits, and fingerprints that credits and boilerplate do not change."""

import pytest

from services.enrich.steps.credit_lines import credits_of, find
from services.enrich.steps.fingerprint import fingerprint
from tests.unit.enrich.articles import article

GOLDEN: dict[str, list[tuple[str, str]]] = {
    "KYIV, Aug 24 (Reuters) - The council met.": [("Reuters", "beginning")],
    "BERLIN (dpa) - Der Rat tagte.": [("dpa", "beginning")],
    "AFP – Le conseil a siégé.": [("Agence France-Presse", "beginning")],
    "Рада зібралася. За матеріалами Інтерфакс-Україна.": [("Interfax-Ukraine", "source")],
    "Рада зібралася, повідомляє Укрінформ.": [("Ukrinform", "named")],
    "Рада зібралася, — пише УНІАН із посиланням на Reuters.": [("UNIAN", "named"), ("Reuters", "named")],
    "Совет собрался, по данным ТАСС. Об этом сообщает Интерфакс.": [("TASS", "named"), ("Interfax", "named")],
    "Le conseil a siégé, selon l'AFP.": [("Agence France-Presse", "named")],
    "El consejo se reunió, informa EFE.": [("EFE", "named")],
    "Rada zebrała się, jak podaje PAP.": [("PAP", "named")],
    "Rada zebrała się.\n\nŹródło: PAP": [("PAP", "source")],
    "Der Rat tagte.\n\ndpa/AFP": [("dpa", "end"), ("Agence France-Presse", "end")],
    "Der Rat tagte, meldet die dpa.": [("dpa", "named")],
    "The council met, the minister told Reuters.": [("Reuters", "named")],
    "The council met.\n\n© Associated Press": [("Associated Press", "end")],
    "Рада зібралася. Джерело: Європейська Правда. Далі.": [("Європейська Правда", "source")],
    "The council met. (AP)": [("Associated Press", "beginning")],
}


@pytest.mark.parametrize(("body", "wanted"), GOLDEN.items())
def test_credits(body: str, wanted: list[tuple[str, str]]) -> None:
    found = credits_of(body, None, None)
    assert [(each.agency, each.rule) for each in found] == wanted
    assert all(body[each.start : each.end] == each.raw for each in found)


@pytest.mark.parametrize(
    "body",
    [
        "Reuters cut a hundred jobs, and AP photos were shown.",
        "The AAP of doctors met Ms Lusa.",
        "",
        "MAP and PAPER (a test)",
        "He dpa'd.",
        "A Bloomberg terminal costs much.",
    ],
)
def test_who_is_only_spoken_of_is_not_credited(body: str) -> None:
    assert credits_of(body, None, None) == []


def test_a_byline_and_a_dateline_credit_without_a_place_in_the_body() -> None:
    told = article("The council met.", byline="Jean Martin avec AFP", dateline="KYIV, Interfax-Ukraine")
    found = find(told)["credits"]
    assert [(each.agency, each.start, each.rule) for each in found] == [
        ("Agence France-Presse", None, "byline"),
        ("Interfax-Ukraine", None, "dateline"),
    ]


TEXT = " ".join(f"The council of town {n} met on day {n * 7} and spoke of lighthouse {n * 3}." for n in range(12))


@pytest.mark.parametrize("before", ["", "KYIV, Aug 24 (Reuters) - ", "ЛЬВІВ. 24 серпня. Інтерфакс-Україна - "])
@pytest.mark.parametrize(
    "after",
    [
        "\n\nReporting by Ann Lee; editing by John Smith",
        "\n\nSubscribe to our newsletter and read the news every morning.",
        "\n\nПідписуйтесь на наш канал, щоб не пропустити головне.",
        "\n\n© 2025 The Harbour Herald. All rights reserved.",
    ],
)
def test_a_reprint_with_credits_and_boilerplate_meets_its_original(before: str, after: str) -> None:
    original = set(fingerprint(article(TEXT))["minhash"])
    reprint = set(fingerprint(article(before + TEXT + after))["minhash"])
    assert original & reprint


def test_a_long_text_without_spaces_is_fingerprinted_by_its_beginning() -> None:
    beginning = "".join(chr(0x4E00 + n % 5_000) for n in range(100_000))
    one, other = (fingerprint(article(beginning + end))["minhash"] for end in ("一" * 50, "二" * 900))
    assert one == other
