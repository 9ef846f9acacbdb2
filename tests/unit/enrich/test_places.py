"""Where an article takes place: which of several namesakes, how sure, in which countries."""

import json
import shutil
from pathlib import Path

import pytest

from services.enrich.names import gazetteer
from tests.unit.enrich.naming import named


def country_of(text: str, name: str, tongue: str = "en", **fields: object) -> str:
    (place,) = [place for place in named(text, tongue, **fields).places if place.name == name]
    return place.country


def test_a_place_has_its_geonames_id_and_coordinates() -> None:
    found = named("У Києві зібралися міністри. У Київ прибули гості.", "uk")
    (kyiv,) = found.places
    assert (kyiv.name, kyiv.geonames_id, kyiv.country, kyiv.kind) == ("Kyiv", 703448, "UA", "city")
    assert (round(kyiv.location.lat), round(kyiv.location.lon)) == (50, 31)
    assert [found.body[span.start : span.end] for span in kyiv.mentions] == ["Києві", "Київ"]


def test_the_larger_namesake_is_meant_without_context() -> None:
    assert country_of("The ministers met in Paris on Friday.", "Paris") == "FR"


def test_a_country_in_the_text_decides_between_namesakes() -> None:
    assert (
        country_of("Russian shells hit Pokrovsk in Ukraine. Officials in Pokrovsk asked Ukraine for help.", "Pokrovsk")
        == "UA"
    )
    assert country_of("The mayor spoke in Cordoba. Spain won, and Spain celebrated.", "Córdoba") == "ES"


def test_the_publishers_country_decides_between_namesakes() -> None:
    text = "The council met in Cambridge on Friday."
    assert country_of(text, "Cambridge", domain="news.example.uk") == "GB"


def test_a_place_by_two_names_is_one_place() -> None:
    found = named("У Києві та в Київ прибули гості. Київ радий.", "uk")
    assert len(found.places) == 1


def test_countries_are_ranked_by_how_often_they_and_their_places_are_named() -> None:
    found = named("Poland met Norway in Warsaw. Poland agreed in Oslo and in Krakow.", "en")
    assert found.countries == ("PL", "NO")


def test_an_article_without_places_has_nothing_to_do() -> None:
    assert named("Nothing happened, the teacher said.", "en").enrichment["places"].status == "skipped"


@pytest.mark.parametrize(
    "name", ["Ukraine", "Україна", "Украина", "Ucrania", "Ukraina", "Vereinigte Staaten", "США", "UK"]
)
def test_countries_are_known_by_their_names_in_many_languages(name: str) -> None:
    assert gazetteer.places(name)[0].kind == "country"


def test_a_data_file_that_was_changed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(gazetteer.DATA / "places.bin", tmp_path)
    (tmp_path / "sha256.json").write_text(json.dumps({"places.bin": "0" * 64}))
    monkeypatch.setattr(gazetteer, "DATA", tmp_path)
    with pytest.raises(gazetteer.TamperedError, match="install the package anew"):
        gazetteer.verified("places.bin")
