"""Sentences, those that carry the article, keyphrases, and how long reading takes."""

import itertools
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.reading.sentences import sentences
from services.enrich.steps import key_sentences, keyphrases, reading_time
from services.enrich.steps.reading_time import minutes
from services.enrich.steps.step import NothingToDo
from tests.unit.enrich.articles import article

SPLIT = {
    "en": ["Mr. Smith met Dr. Lee at 5 p.m. on Monday.", "“It is done,” he said.", "What now?", "J. Doe knows."],
    "uk": ["Це коштує 5 млн. грн. на рік, тобто багато.", "У 2024 р. було менше!", "Що далі?"],
    "ru": ["Встреча прошла на ул. Ленина в 10 ч. утра.", "Им. Пушкина и т. д. не сказано.", "Конец."],
    "de": ["Am 3. Oktober traf er Dr. Lee bzw. ihre Vertretung.", "„Gut.“", "Das war alles."],
    "fr": ["M. Dupont est venu avec Mme. Martin.", "Il a dit oui !", "Et alors ?"],
    "es": ["El Sr. García llegó.", "¿Qué pasó?", "Nada."],
    "pl": ["To kosztuje 5 tys. zł rocznie, tzn. dużo.", "Prof. Nowak wie.", "Koniec."],
    "zh": ["议会星期二投票。", "市长说：“好！”", "工程将于下周开始。"],
    "ja": ["議会は決めた。", "市長は「よい。」と言った。"],
}


@pytest.mark.parametrize(("language", "wanted"), SPLIT.items())
def test_sentences_end_where_they_end(language: str, wanted: list[str]) -> None:
    text = ("" if language in {"zh", "ja"} else " ").join(wanted)
    found = [text[start:end] for start, end in sentences(text, len(text))]
    if language == "ja":  # a stop within brackets that close is an end too
        assert found[0] == wanted[0]
    else:
        assert found == wanted


@given(st.text(alphabet='Ab .!?。\n«»"1', max_size=200), st.integers(0, 250))
def test_sentences_follow_each_other_and_lose_nothing_but_space(text: str, limit: int) -> None:
    found = list(sentences(text, limit))
    assert all(start < end <= min(limit, len(text)) for start, end in found)
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(found))
    assert "".join("".join(text[start:end].split()) for start, end in found) == "".join(text[:limit].split())


STORY = (
    "The harbour council approved the new lighthouse on Tuesday after a long debate about its cost. "
    "Weather was mild that day in the town. "
    "The lighthouse will cost two million, the council said, and opens in spring. "
    "A dog slept in the corner during the whole session of the evening. "
    "Critics of the lighthouse asked the council to vote again about the cost of the tower. "
    "Tea was served at the end to all of those present in the hall. "
    "Builders will begin work on the lighthouse when the council has signed. "
)


def test_the_sentences_that_carry_an_article_are_verbatim_and_in_its_order() -> None:
    found = key_sentences.find(article(STORY))["key_sentences"]
    assert next(each.text.split()[0] for each in found) == "The"
    assert 1 <= len(found) <= 3
    assert all(STORY[each.start : each.end] == each.text for each in found)
    assert [each.start for each in found] == sorted(each.start for each in found)
    assert not any(word in each.text for each in found for word in ("dog", "Tea", "mild"))


def test_sentences_without_spaces_between_words_are_ranked_too() -> None:
    body = (
        "港口城市的议会星期二投票决定重建旧灯塔。天气很好，人们在街上散步。"
        "议会表示灯塔工程将于下周开始。市长感谢大家的支持。"
    )
    (found,) = key_sentences.find(article(body, "zh"))["key_sentences"]
    assert found.text == "港口城市的议会星期二投票决定重建旧灯塔。"


def test_a_text_without_sentences_has_none_that_carry_it() -> None:
    with pytest.raises(NothingToDo):
        key_sentences.find(article("Yes."))


def test_keyphrases_are_as_the_text_writes_them_and_none_is_within_another() -> None:
    found = keyphrases.find(article(STORY, headline="Harbour council approves lighthouse"))["keyphrases"]
    assert 1 <= len(found) <= 10
    text = f"Harbour council approves lighthouse. {STORY}".casefold()
    assert all(each.casefold() in text for each in found)
    sets = [frozenset(each.casefold().split()) for each in found]
    assert not any(one < other for one in sets for other in sets)
    assert any("lighthouse" in each.casefold() for each in found)


@pytest.mark.parametrize(
    ("phrases", "kept"),
    [
        (("harbour council", "council", "old harbour council", "lighthouse"), ("harbour council", "lighthouse")),
        (("rebuilding lighthouses", "rebuilding lighthouse"), ("rebuilding lighthouses",)),
        (("Boeing 737 MAX order", "Boeing 777 MAX order"), ("Boeing 737 MAX order", "Boeing 777 MAX order")),
        (("ferry levy", "levy doubled"), ("ferry levy", "levy doubled")),
        (("mayor mayor", "...", "'s ferry"), ()),
    ],
)
def test_what_says_the_same_is_one_phrase(phrases: tuple[str, ...], kept: tuple[str, ...]) -> None:
    assert tuple(keyphrases.apart(phrases)) == kept


@pytest.mark.parametrize(
    "scores", [(0.04801448756999074, 0.048014487569990744), (0.048014487569990744, 0.04801448756999074)]
)
def test_the_last_digits_of_a_score_do_not_decide(scores: tuple[float, float], monkeypatch: pytest.MonkeyPatch) -> None:
    """They come and go from process to process, and the same article would be another the next time."""
    text = "Archivist Tomas Kerekes called the vote overdue."
    phrases = ("Tomas Kerekes called", "vote overdue")
    found = sorted(zip(phrases, scores, strict=True), key=lambda each: each[1])
    extractor = SimpleNamespace(get_n_best=lambda *_, **__: found)
    monkeypatch.setattr(keyphrases, "_extractor", lambda _: extractor)

    assert keyphrases.ranked(text, "en") == list(phrases)


@pytest.mark.parametrize("language", sorted(keyphrases.LANGUAGES - keyphrases.UNSPACED))
def test_every_language_of_the_list_has_its_stopwords(language: str) -> None:
    keyphrases.STEP.load()
    assert isinstance(keyphrases.find(article(STORY, language))["keyphrases"], tuple)


@pytest.mark.parametrize("language", ["zh", "xx", "be", None])
def test_a_language_without_stopwords_is_skipped(language: str | None) -> None:
    with pytest.raises(NothingToDo, match="no stopwords"):
        keyphrases.find(article(STORY, language))


def test_no_phrase_goes_from_one_line_to_the_next() -> None:
    assert keyphrases.readable("Budget\nMonths ago!\n\n" + "x" * 100) == "Budget.\nMonths ago!"


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [("word " * 238, "en", 1), ("word " * 1190, "en", 5), ("слово " * 960, "ru", 5), ("слово " * 960, "uk", 5),
     ("word", "en", 1), ("字" * 1331, "zh", 5), ("Wort " * 934, "de", 5)],
)  # fmt: skip
def test_minutes_to_read(text: str, language: str, wanted: int) -> None:
    assert minutes(text, language) == wanted
    assert reading_time.estimate(article(text, language))["estimated_read_minutes"] == wanted


@pytest.mark.parametrize(("body", "language"), [("", "en"), ("ข้อความ", "th")])
def test_what_cannot_be_timed_is_skipped(body: str, language: str) -> None:
    with pytest.raises(NothingToDo):
        reading_time.estimate(article(body, language))
