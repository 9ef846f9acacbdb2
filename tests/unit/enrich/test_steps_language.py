"""Languages of body and headline: letters overrule the model, short and mixed texts are said to be neither."""

import pytest

from services.enrich.steps import language
from services.enrich.steps.language import detect, of_body, of_headline
from services.enrich.steps.step import NothingToDo
from tests.unit.enrich.articles import article

TEXTS = {
    "be": "Савет прыняў закон аб бюджэце на наступны год, галасавалі ўсе фракцыі без выключэння.",
    "bg": "Съветът прие закона за бюджета за следващата година, гласуваха всички фракции без изключение.",
    "ca": "El govern va presentar el pressupost de l'any vinent i tots els partits hi van votar a favor.",
    "cs": "Vláda předložila rozpočet na příští rok a všechny strany hlasovaly pro návrh bez výjimky.",
    "da": "Regeringen fremlagde finansloven for næste år, og alle partierne stemte for forslaget uden undtagelse.",
    "de": "Der Rat der Hafenstadt stimmte am Dienstag dafür, den alten Leuchtturm vor dem Winter aufzubauen.",
    "en": "The council of the harbour town voted on Tuesday to rebuild the old lighthouse before winter comes.",
    "es": "El consejo de la ciudad votó el martes a favor de reconstruir el viejo faro antes del invierno.",
    "fr": "Le conseil de la ville a voté mardi la reconstruction du vieux phare avant l'arrivée de l'hiver.",
    "ja": "港町の議会は火曜日、冬が来る前に古い灯台を再建することを決めた。",
    "ko": "항구 도시 의회는 화요일 겨울이 오기 전에 오래된 등대를 다시 짓기로 결정했다.",
    "mk": "Собранието го усвои законот за буџетот за следната година, гласаа сите пратеници.",
    "no": "Regjeringen la fram statsbudsjettet for neste år, og alle partiene stemte for forslaget uten unntak.",
    "pl": "Rada miasta portowego zagłosowała we wtorek za odbudową starej latarni morskiej przed zimą.",
    "pt": "O conselho da cidade votou na terça-feira a favor da reconstrução do velho farol antes do inverno.",
    "ru": "Городской совет во вторник проголосовал за восстановление старого маяка до наступления зимы.",
    "sr": "Скупштина је усвојила закон о буџету за наредну годину, гласали су сви посланици ћутке.",
    "sv": "Regeringen lade fram budgeten för nästa år och alla partier röstade för förslaget utan undantag.",
    "uk": "Міська рада у вівторок проголосувала за відбудову старого маяка ще до настання зими.",
    "zh": "港口城市的议会星期二投票决定在冬天到来之前重建旧灯塔，市长表示工程将于下周开始。",
}


@pytest.mark.parametrize(("wanted", "text"), TEXTS.items())
def test_a_sentence_tells_its_language(wanted: str, text: str) -> None:
    assert of_body(text)[0] == wanted


@pytest.mark.parametrize(("first", "second"), [("uk", "ru"), ("en", "fr"), ("de", "pl")])
def test_a_body_in_two_languages_is_in_neither(first: str, second: str) -> None:
    body = f"{TEXTS[first]} " * 12 + f"{TEXTS[second]} " * 12
    assert of_body(body)[0] == "und"


def test_names_and_a_quotation_do_not_change_a_bodys_language() -> None:
    body = f"{TEXTS['uk']} " * 20 + "Об этом пишет газета «Объявление»: " + f"{TEXTS['uk']} " * 5
    assert of_body(body)[0] == "uk"


def test_a_headline_is_told_with_its_bodys_language() -> None:
    assert of_headline("Nato", "uk")[0] in {"uk", "und"}
    assert of_headline("A brief intro to git", "en") > of_headline("A brief intro to git", "und")
    assert of_headline(TEXTS["fr"], "en")[0] == "fr"
    assert of_headline("Київ", "en") == ("uk", 0.99)
    assert of_headline("12:30", "en") == ("und", 0.0)


def test_body_and_headline_are_told_apart() -> None:
    found = detect(article(TEXTS["de"] * 3, headline=TEXTS["en"]))
    assert (found["language"], found["headline_language"]) == ("de", "en")
    assert 0.5 < found["language_confidence"] <= 1


def test_a_short_body_is_read_with_its_headline() -> None:
    assert detect(article("Так.", headline=TEXTS["uk"]))["language"] == "uk"


@pytest.mark.parametrize("body", ["", "12 34 56 %", "ok"])
def test_too_little_text_has_no_language(body: str) -> None:
    with pytest.raises(NothingToDo, match=r"letters"):
        detect(article(body, headline="12:30"))


def test_words_of_no_language_are_told_as_none() -> None:
    assert of_body("Zq xv. " * 30)[0] == "und"


def test_the_model_is_there_before_the_first_article() -> None:
    language.STEP.load()
    assert language.STEP.run(article(TEXTS["en"]))["language"] == "en"
