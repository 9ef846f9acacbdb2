"""Names in sentences of our own that are written to be misread, with one thing each that has to come out right."""

import pytest

from tests.unit.enrich.naming import named, names

NAMED = [
    ("es", "Pedro Sánchez habló en La Haya ante la prensa.", "place", "La Haya"),
    ("es", "El barco de Gareth Bale salió hacia Los Ángeles anoche.", "place", "Los Ángeles"),
    ("es", "Lo rechazó el Tribunal Supremo y el Ayuntamiento de Toledo.", "organisation", "Tribunal Supremo"),
    ("es", "Lo rechazó el Tribunal Supremo y el Ayuntamiento de Toledo.", "organisation", "Ayuntamiento de Toledo"),
    ("es", "Lo firmó el Ministerio de Agricultura y Pesca ayer.", "organisation", "Ministerio de Agricultura y Pesca"),
    ("fr", "Hier, Jean-Pierre de la Fontaine a perdu son procès.", "person", "Jean-Pierre de la Fontaine"),
    ("pl", "Wczoraj w Nowym Sączu padał śnieg.", "place", "Nowy Sącz"),
    ("pl", "Pociąg z Zielonej Góry spóźnił się o godzinę.", "place", "Zielona Góra"),
    ("pl", "Pół miliona osób wyjechało do Niemiec i do Włoch.", "place", "Niemcy"),
    ("uk", "Учора в Білій Церкві пошкоджено три школи.", "place", "Біла Церква"),
    ("uk", "Снаряди закупить Міністерство оборони України.", "organisation", "Міністерство оборони України"),
    ("uk", "Про це пише Служба безпеки України.", "organisation", "Служба безпеки України"),
    ("uk", "Суд зобов'язав Петра Порошенка сплатити штраф.", "person", "Петро Порошенко"),
    ("uk", "Премію отримала Ольга Орлова.", "person", "Ольга Орлова"),
    ("uk", "Премію вручили Дмитру Орлову.", "person", "Дмитро Орлов"),
    ("ru", "На сцене снова Любовь Орлова.", "person", "Любовь Орлова"),
    ("ru", "Поезд прибыл из Великого Новгорода.", "place", "Великий Новгород"),
]  # fmt: skip
NOT_NAMED = [
    ("en", "The minister told MPs that there was no money.", "person", "MPs"),
    ("en", "Van der Quillen said the bloc would pay.", "place", "Quillen"),
]


@pytest.mark.parametrize(("tongue", "text", "kind", "name"), NAMED)
def test_a_sentence_names(tongue: str, text: str, kind: str, name: str) -> None:
    assert name in names(named(text, tongue), kind), named(text, tongue).entities


@pytest.mark.parametrize(("tongue", "text", "kind", "name"), NOT_NAMED)
def test_a_sentence_does_not_name(tongue: str, text: str, kind: str, name: str) -> None:
    assert name not in names(named(text, tongue), kind), named(text, tongue).entities


@pytest.mark.parametrize(
    ("tongue", "text", "place", "country"),
    [
        ("en", "She was born in Paris, Texas, and lives there.", "Paris", "US"),
        ("en", "The storm reached Moscow, Idaho, at noon.", "Moscow", "US"),
        ("en", "He works in Cambridge (England) now.", "Cambridge", "GB"),
        ("es", "Hubo 25 muertos en Valencia (Venezuela) por la lluvia.", "Valencia", "VE"),
        ("es", "Hubo 25 muertos en Valencia, España, por la lluvia.", "Valencia", "ES"),
        ("fr", "Le navire arrive à Tripoli, Liban, ce soir.", "Tripoli", "LB"),
    ],
)
def test_a_place_lies_where_the_text_says_right_after_it(tongue: str, text: str, place: str, country: str) -> None:
    found = {each.country for each in named(text, tongue).places if place in each.name}
    assert found == {country}, named(text, tongue).places


def test_a_state_that_is_called_like_a_country_is_the_state_after_its_city() -> None:
    found = {each.name: each.country for each in named("The trial opens in Atlanta, Georgia, today.", "en").places}
    assert found == {"Atlanta": "US", "Georgia": "US"}


def test_a_bodys_country_is_a_country_of_the_article() -> None:
    assert named("Снаряди закупить Міністерство оборони України.", "uk").countries == ("UA",)
