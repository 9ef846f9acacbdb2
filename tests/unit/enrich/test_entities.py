"""Who an article speaks of, in seven languages. The texts are ours; what is expected was written before they were read."""

import os
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.names import english, russian
from services.enrich.steps import entities
from shared.contracts import EnrichedArticle
from tests.unit.enrich.naming import named, names, on_map
from tests.wire import WITHOUT_MODELS

GOLD = {
    "en": (
        (
            "Energy Minister Mara Quill met Tomas Berg, chief executive of Harbour Shipping Ltd, in Gdansk on Monday. Quill "
            "said Poland and Lithuania would sign the deal at the Baltic Energy Forum in Vilnius."
        ),
        {"Mara Quill", "Tomas Berg"},
        {"Harbour Shipping Ltd"},
        {"Gdansk", "Poland", "Lithuania", "Vilnius"},
        {"Baltic Energy Forum"},
    ),
    "uk": (
        (
            "Міністр енергетики Олена Кравчук заявила у Києві, що Україна підписала угоду з Польщею. «Ми готові», — сказала "
            "Кравчук. Угоду підтримали в НАТО. У Кракові пройшла зустріч. Президент Володимир Зеленський прибув до Харкова. "
            "За словами Зеленського, переговори в Берліні тривають."
        ),
        {"Олена Кравчук", "Володимир Зеленський"},
        {"НАТО"},
        {"Київ", "Україна", "Польща", "Краків", "Харків", "Берлін"},
        set[str](),
    ),
    "ru": (
        (
            "Министр энергетики Ольга Соколова заявила в Москве, что Казахстан подписал соглашение. В Алма-Ате с ней "
            "встретился Дмитрий Орлов. По словам Соколовой, переговоры продолжатся в Париже."
        ),
        {"Ольга Соколова", "Дмитрий Орлов"},
        set[str](),
        {"Москва", "Казахстан", "Алма-Ата", "Париж"},
        set[str](),
    ),
    "de": (
        (
            "Bundeskanzler Friedrich Brandner sprach am Montag in Berlin mit Journalisten. Das Bundesverteidigungsministerium "
            "bestätigte den Termin. In Deutschland stiegen die Preise. Brandner reist danach nach Warschau. Die NATO begrüßte "
            "den Plan."
        ),
        {"Friedrich Brandner"},
        {"Bundesverteidigungsministerium", "NATO"},
        {"Berlin", "Deutschland", "Warschau"},
        set[str](),
    ),
    "fr": (
        (
            "Le ministre Julien Moreau est arrivé mardi à Paris. Selon le ministère de la Défense, la France livrera des "
            "bateaux à la Pologne. Moreau a déclaré que l'accord serait signé à Lyon. L'OTAN participe au Sommet de Varsovie."
        ),
        {"Julien Moreau"},
        {"ministère de la Défense", "OTAN"},
        {"Paris", "France", "Pologne", "Lyon"},
        {"Sommet de Varsovie"},
    ),
    "es": (
        (
            "El presidente Carlos Herrera dijo en Madrid que España firmará el acuerdo con Ucrania. La ministra Lucía Romero "
            "viajó a Varsovia. Herrera señaló que la OTAN y la Universidad de Salamanca apoyan la Cumbre de Lima."
        ),
        {"Carlos Herrera", "Lucía Romero"},
        {"OTAN", "Universidad de Salamanca"},
        {"Madrid", "España", "Ucrania", "Varsovia"},
        {"Cumbre de Lima"},
    ),
    "pl": (
        (
            "Minister Anna Kowalska powiedziała w Krakowie, że Polska podpisze umowę z Ukrainą. Według Kowalskiej rozmowy w "
            "Berlinie trwają. Premier Jan Nowicki spotkał się w Warszawie z przedstawicielami NATO. Ministerstwo Obrony "
            "Narodowej nie odpowiedziało."
        ),
        {"Anna Kowalska", "Jan Nowicki"},
        {"NATO", "Ministerstwo Obrony Narodowej"},
        {"Kraków", "Polska", "Ukraina", "Berlin", "Warszawa"},
        set[str](),
    ),
}
SEED = Path(__file__).parents[4] / "shared" / "data" / "seed" / "article.txt"
needs_models = pytest.mark.skipif(
    set(entities.usable()) != {"en", "ru"}, reason="the group enrich-heavy is not installed"
)


@needs_models
@pytest.mark.parametrize("tongue", GOLD)
def test_names_are_found_and_normalised(tongue: str) -> None:
    text, people, organisations, places, events = GOLD[tongue]
    found = named(text, tongue)
    assert set(found.people) == people
    assert set(found.organisations) >= organisations
    assert names(found, "place") == places
    assert set(found.events) == events


@pytest.mark.parametrize("tongue", ["en", "ru"])
def test_without_models_rules_find_people_and_places(tongue: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entities, "usable", tuple)
    text, people, *_ = GOLD[tongue]
    found = named(text, tongue)
    assert set(found.people) >= people
    assert found.countries
    assert entities.version() == "rules-3+crf-3"


@needs_models
@pytest.mark.skipif(not SEED.exists(), reason="the seed article is not here")
def test_the_seed_article_names_its_people_bodies_and_places() -> None:
    text = SEED.read_text("utf-8").partition("Tags:")[0].partition("min read")[2]
    headline, body = text.strip().split("\n\n", 1)
    found = named(body, headline=headline)
    assert found.people == ("David van Weel",)
    assert found.organisations[0] == "NATO"
    assert set(found.organisations) == {"NATO", "Ukraine-NATO Council"}
    assert found.events == ("NATO-Ukraine Defense Innovators Forum",)
    assert {(place.name, place.country) for place in found.places} == {
        ("Ukraine", "UA"), ("Kraków", "PL"), ("Washington", "US"),
    }  # fmt: skip
    assert found.countries == ("UA", "US", "PL")
    (speaker,) = [entity for entity in found.entities if entity.kind == "person"]
    assert speaker.count >= 4
    assert found.entities[0].name in {"Ukraine", "NATO"}


def test_an_acronym_is_merged_with_what_it_is_short_for() -> None:
    found = named(
        "The North Harbour Organization (NHO) met on Friday. The NHO will meet again, officials of NHO said.", "en"
    )
    (body,) = [entity for entity in found.entities if entity.kind == "organisation"]
    assert (body.name, body.count) == ("North Harbour Organization", 4)


def test_a_surname_is_its_person_only_where_one_person_has_it() -> None:
    one = named("David Harbour spoke. Harbour said no more. According to Harbour, nothing happened.", "en")
    assert (one.people, one.entities[0].count) == (("David Harbour",), 3)
    two = named("Anna Kowalska met David Kowalska. Kowalska said no more.", "en")
    assert set(two.people) >= {"Anna Kowalska", "David Kowalska"}


def test_what_the_headline_and_the_lead_name_is_most_salient() -> None:
    body = (
        "Poland and Sweden agreed on Monday. Poland pays, Poland builds.\n\n"
        + "Nothing else happened. " * 60
        + "Norway may join."
    )
    found = named(body, "en", headline="Poland builds a bridge")
    ranked = [entity.name for entity in found.entities]
    assert ranked[0] == "Poland"
    assert ranked.index("Sweden") < ranked.index("Norway")


def test_an_article_without_text_has_nothing_to_do() -> None:
    assert named(" ", "en").enrichment["entities"].status == "skipped"


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=400),
    st.sampled_from(["en", "uk", "ru", "de", "und", "xx"]),
)
def test_every_mention_is_a_span_of_the_body(noise: str, tongue: str) -> None:
    found = named(f"{noise} President Mara Quill met NATO in Kyiv and Berlin. {noise}", tongue)
    assert found.steps_missed == ()
    for entity in found.entities:
        assert entity.count >= len(entity.mentions) >= 1
        spans = [(span.start, span.end) for span in entity.mentions]
        assert spans == sorted(set(spans))
        assert all(0 <= start < end <= len(found.body) for start, end in spans)


def test_mentions_of_entities_do_not_overlap() -> None:
    found = named(GOLD["en"][0], "en")
    spans = sorted((span.start, span.end) for entity in found.entities for span in entity.mentions)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


HOSTILE = {
    "a megabyte of names": "President Mara Quill met NATO in Kyiv. " * 25_000,
    "one word": "А" * 100_000,
    "one capitalised run": "Mara " * 20_000,
    "capitals with hyphens": "A-" * 50_000,
    "joints": "Bank " + "of the " * 15_000 + "World",
    "digits": "1 " * 50_000,
    "right to left": "ישראל נאט״ו קייב " * 5_000,
    "marks": "\u202e\u200bK\u200dyiv\u2066 " * 5_000,
    "lines": "Kyiv\n" * 20_000,
    "titles": "President Minister " * 5_000,
}


@pytest.mark.parametrize("tongue", ["en", "uk", "ru", "de", "xx"])
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts_take_bounded_time(body: str, tongue: str) -> None:
    start = time.process_time()
    found: EnrichedArticle = named(body, tongue)
    assert found.steps_missed == ()
    assert time.process_time() - start < 10  # a bound of the wrong kind takes minutes here


def test_places_of_hostile_texts_are_on_the_map_too() -> None:
    assert "Kyiv" in on_map(named(HOSTILE["a megabyte of names"], "en"))


@pytest.mark.parametrize(
    ("tongue", "text", "people"),
    [
        ("uk", "Книжку видав краєзнавець М. П. Старицький у Сумах.", {"М. П. Старицький"}),
        ("uk", "Потім до зали зайшла Катерина і сіла.", {"Катерина"}),
        ("uk", "Ворота захищав Тібо Куртуа з Брюгге.", {"Тібо Куртуа"}),
        ("uk", "Туди їздив Пенсійний Фонд і рада.", set[str]()),
        ("uk", "Про це йдеться у звіті Нафтогаз України та «Радіо Свобода».", set[str]()),
        ("es", "Las fiestas de San Isidro Respetuosas empiezan hoy.", set[str]()),
        ("es", "Acudieron los Reyes Felipe y Letizia.", {"Felipe", "Letizia"}),
        ("pl", "Wczoraj prezydent Jarosław Wilk odwiedził szkołę.", {"Jarosław Wilk"}),
    ],
)
def test_people_by_initials_alone_and_not_by_what_is_called_after_them(
    tongue: str, text: str, people: set[str]
) -> None:
    assert names(named(text, tongue), "person") == people


def test_a_genitive_is_the_name_it_is_of() -> None:
    found = named("Liverpool verlor. Die Fans von Liverpool trauern. Liverpools Trainer Jürgen Quill kam.", "de")
    assert "Liverpools" not in {entity.name for entity in found.entities}
    assert "Jürgen Quill" in found.people


@needs_models
@pytest.mark.parametrize(
    ("tongue", "text"),
    [
        ("en", "Acme's CEO said on Monday that the SUV sold well. We've seen it."),
        ("ru", "Об этом в четверг сообщили СМИ и очевидцы ДТП."),
        ("de", "Die Pressekonferenz am Montag war kurz, der Krisengipfel lang."),
    ],
)
def test_days_kinds_of_things_and_meetings_are_no_names(tongue: str, text: str) -> None:
    assert not {entity.name for entity in named(text, tongue).entities} & {
        "CEO", "SUV", "Monday", "We've", "СМИ", "ДТП", "Pressekonferenz", "Krisengipfel", "Montag",
    }  # fmt: skip


@needs_models
def test_spacy_is_loaded_without_its_command_line() -> None:
    told = "import sys; from services.enrich.names import english; english.load(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.split()
    assert "spacy.language" in loaded
    assert not {"spacy.cli", "typer", "weasel"} & set(loaded)


@needs_models
def test_without_the_models_packages_names_are_found_by_rules() -> None:
    told = "from services.enrich.steps import entities; print(entities.usable(), entities.STEP.missed)"
    known = {**os.environ, **WITHOUT_MODELS}
    said = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, env=known).stdout
    assert said == f"() {english.PACKAGES + russian.PACKAGES}\n"
