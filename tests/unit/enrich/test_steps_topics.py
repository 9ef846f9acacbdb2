"""Topics by the words of each language; none rather than a guess. How good they are: `make quality`."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.steps.step import NothingToDo
from services.enrich.steps.topics import LEAST, find, topics
from services.enrich.steps.topics.confidence import CERTAIN, Scaling, scaling
from services.enrich.steps.topics.vocabulary import LANGUAGES, headings, split, vocabulary
from tests.quality.enrichment.calibration import Judged, fitted
from tests.unit.enrich.articles import article

GOLDEN = {
    "en": (
        "Flood warning as storm nears",
        (
            "Heavy rain and strong wind will reach the coast, forecasters said. Snow is "
            "likely and temperatures will fall to five degrees Celsius."
        ),
        "17000000",
    ),
    "uk": (
        "Збірна перемогла у фіналі",
        (
            "Футбольний матч завершився з рахунком 2:1, голи забили нападники. Тренер подякував "
            "вболівальникам на стадіоні."
        ),
        "15000000",
    ),
    "ru": (
        "Суд вынес приговор",
        (
            "Прокурор требовал наказания за мошенничество, адвокат подсудимого подаст апелляцию. "
            "Полиция задержала второго подозреваемого."
        ),
        "02000000",
    ),
    "de": (
        "Koalition streitet vor der Wahl",
        (
            "Der Bundestag stimmt am Freitag ab, die Opposition kritisiert die Regierung. "
            "Die Partei stellt ihren Kandidaten vor."
        ),
        "11000000",
    ),
    "fr": (
        "Un vaccin contre la grippe",
        "L'hôpital soigne les patients, les médecins attendent le traitement contre la maladie et ses symptômes.",
        "07000000",
    ),
    "es": (
        "La bolsa cae",
        (
            "La inflación y los tipos de interés del banco central preocupan a los inversores; las acciones "
            "de la empresa pierden con la recesión."
        ),
        "04000000",
    ),
    "pl": (
        "Strajk nauczycieli",
        "Szkoły zamknięte, uczniowie bez egzaminu, matura odwołana. Nauczyciele i studenci czekają.",
        "05000000",
    ),
}


@pytest.mark.parametrize(("language", "case"), GOLDEN.items())
def test_what_an_article_is_about(language: str, case: tuple[str, str, str]) -> None:
    headline, body, wanted = case
    found = topics(headline, body, language)
    assert found[0].id == f"medtop:{wanted}"
    assert found[0].level == 1
    assert found[0].confidence == max(each.confidence for each in found)


def test_a_second_level_follows_its_top_and_is_no_surer() -> None:
    headline, body, _ = GOLDEN["uk"]
    top, *below = topics(headline, body, "uk")
    text = (
        "The court, the judge and the jury heard the prosecutor; the lawyer of the defendant will appeal the verdict."
    )
    law, second, *_ = topics("Trial opens", text, "en")
    assert (law.name, second.name, second.level) == ("crime, law and justice", "judiciary", 2)
    assert second.confidence <= law.confidence
    assert all(each.confidence <= top.confidence for each in below)


@given(st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_a_larger_share_is_no_less_sure_and_none_is_certain(one: float, other: float) -> None:
    lower, higher = sorted((one, other))
    assert 0 < scaling()(lower) <= scaling()(higher) <= CERTAIN


def test_a_topic_that_is_barely_told_is_far_less_sure_than_one_that_is_all_an_article_has() -> None:
    assert scaling()(LEAST) < 0.6
    assert scaling()(0.6) > 0.9


def test_the_scaling_is_found_that_chances_were_drawn_from() -> None:
    chance, drawn = random.Random(5), Scaling(2.0, 1.0)
    shares = [chance.uniform(0.1, 0.9) for _ in range(4_000)]
    found = fitted([Judged(share, chance.random() < drawn(share)) for share in shares])
    assert found.slope == pytest.approx(drawn.slope, abs=0.2)
    assert found.offset == pytest.approx(drawn.offset, abs=0.2)


def test_two_topics_are_both_told() -> None:
    body = (
        "The parliament votes on the election law, the president and ministers agree. "
        "Schools close, teachers and students wait for their exams, pupils stay home."
    )
    assert {each.id for each in topics("Vote", body, "en")} >= {"medtop:11000000", "medtop:05000000"}


@pytest.mark.parametrize("body", ["", "He went there and came back with a thing or two.", "A film. " * 50])
def test_little_evidence_is_no_topic(body: str) -> None:
    assert topics("So it went", body, "en") == []


def test_a_language_without_words_is_skipped() -> None:
    with pytest.raises(NothingToDo, match="no words of topics in ja"):
        find(article("text", "ja"))
    with pytest.raises(NothingToDo, match="without language"):
        find(article("text", None))


def test_a_region_of_a_language_is_that_language() -> None:
    assert find(article(GOLDEN["en"][1], "en-GB", headline=GOLDEN["en"][0]))["topics"]


def test_every_top_of_iptc_is_there_and_has_words_in_every_language() -> None:
    tops = {each.code for each in headings().values() if each.code == each.top}
    assert tops == {f"{number:02d}000000" for number in range(1, 18)}
    for language in LANGUAGES:
        known = vocabulary(language)
        entries = [entry for table in (known.whole, known.begun) for several in table.values() for entry in several]
        assert {headings()[entry.code].top for entry in entries} == tops, language
        assert len(entries) > 300


def test_words_in_a_row_are_one() -> None:
    words = split("The central bank's interest rates", "en")
    found = {entry.key for place in range(len(words)) for entry in vocabulary("en").at(words, place)}
    assert {"central_bank", "interest_rates"} <= found
    assert "interest_rate" not in found
