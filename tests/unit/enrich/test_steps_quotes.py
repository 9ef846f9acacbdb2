"""Who says what: verbatim, with the verb, and nobody where the text names nobody."""

import pytest

from services.enrich.steps.quotes import find, quotes
from shared.contracts.enriched import Entity, Span
from tests.unit.enrich.articles import article

Said = tuple[str, str | None, str | None]

GOLDEN: dict[str, tuple[str, str, list[Said]]] = {
    "en, speaker after": (
        "en",
        "“We will rebuild the bridge,” Ann Lee said on Monday.",
        [("We will rebuild the bridge", "Ann Lee", "said")],
    ),
    "en, verb first": (
        "en",
        '"It takes a year," said Dr. Peter O’Neill, who leads the works.',
        [("It takes a year", "Peter O’Neill", "said")],
    ),
    "en, speaker before": (
        "en",
        "John Smith, the engineer, told reporters: “The steel is fine and nobody was hurt.”",
        [("The steel is fine and nobody was hurt.", "John Smith", "told")],
    ),
    "en, goes on": (
        "en",
        '"We will rebuild it," Ann Lee said on Monday. "It takes a year."',
        [("We will rebuild it", "Ann Lee", "said"), ("It takes a year.", "Ann Lee", "said")],
    ),
    "en, single marks": (
        "en",
        "‘It isn’t over,’ said Ann Lee. The town’s people’s vote is due.",
        [("It isn’t over", "Ann Lee", "said")],
    ),
    "en, a pronoun is nobody": (
        "en",
        '"It was just kind of a fight," he said.',
        [("It was just kind of a fight", None, "said")],
    ),
    "en, a fragment": (
        "en",
        "Critics saw “a gift to the rich and to nobody else” in the plan.",
        [("a gift to the rich and to nobody else", None, None)],
    ),
    "uk": (
        "uk",
        "«Ми відбудуємо міст», — сказав мер Іван Петренко. «Це забере рік».",
        [("Ми відбудуємо міст", "Іван Петренко", "сказав"), ("Це забере рік", "Іван Петренко", "сказав")],
    ),
    "fr, by whom": (
        "fr",
        "D’après Michel Barnier, « il faut soixante milliards », et vite.",
        [("il faut soixante milliards", "Michel Barnier", "D’après")],
    ),
    "uk, dialogue": (
        "uk",
        "— Я не знаю, — відповів Олег. — Спитайте в інших.",
        [("Я не знаю", "Олег", "відповів"), ("Спитайте в інших.", "Олег", "відповів")],
    ),
    "ru, before": (
        "ru",
        "Мэр Иван Петров заявил: «Мы восстановим мост за год».",
        [("Мы восстановим мост за год", "Мэр Иван Петров", "заявил")],
    ),
    "ru, a pronoun": ("ru", "«Это дорого», — добавила она.", [("Это дорого", None, "добавила")]),
    "de": (
        "de",
        "„Wir bauen die Brücke wieder auf“, sagte Bürgermeisterin Anna Schmidt am Montag.",
        [("Wir bauen die Brücke wieder auf", "Bürgermeisterin Anna Schmidt", "sagte")],
    ),
    "de, so": ("de", "„Es reicht jetzt endgültig“, so der Trainer.", [("Es reicht jetzt endgültig", None, "so")]),
    "de, so is an adverb": (
        "de",
        "So lange es „einigermaßen kühl und trocken bleibt“, laufen sie.",
        [],
    ),
    "es, a source elsewhere": (
        "es",
        "Empezó como un “fuego de cuneta muy pequeño y débil” y que, según las investigaciones, creció.",
        [("fuego de cuneta muy pequeño y débil", None, None)],
    ),
    "fr, a source": (
        "fr",
        "« Le pont sera rebâti avant l’été », selon Anne Petit.",
        [("Le pont sera rebâti avant l’été", "Anne Petit", "selon")],
    ),
    "de, a noun is no name": ("de", "»Es reicht jetzt«, sagte der Minister.", [("Es reicht jetzt", None, "sagte")]),
    "fr": (
        "fr",
        "« Nous allons reconstruire le pont », a déclaré la maire Anne Dupont.",
        [("Nous allons reconstruire le pont", "Anne Dupont", "déclaré")],
    ),
    "fr, according to": (
        "fr",
        "Selon Jean Martin, « cela prendra un an ».",
        [("cela prendra un an", "Jean Martin", "Selon")],
    ),
    "es": (
        "es",
        "«Reconstruiremos el puente», dijo la alcaldesa Ana García.",
        [("Reconstruiremos el puente", "Ana García", "dijo")],
    ),
    "es, dialogue": (
        "es",
        "—No lo sé —respondió Juan Pérez—. Pregunten a otros.",
        [("No lo sé", "Juan Pérez", "respondió"), ("Pregunten a otros.", "Juan Pérez", "respondió")],
    ),
    "pl": (
        "pl",
        "„Odbudujemy most” – powiedziała burmistrz Anna Kowalska.",
        [("Odbudujemy most", "Anna Kowalska", "powiedziała")],
    ),
    "pl, dialogue": (
        "pl",
        "– Nie wiem – odpowiedział Piotr Zieliński. – Proszę pytać innych.",
        [("Nie wiem", "Piotr Zieliński", "odpowiedział"), ("Proszę pytać innych.", "Piotr Zieliński", "odpowiedział")],
    ),
}


@pytest.mark.parametrize(("language", "text", "wanted"), GOLDEN.values(), ids=GOLDEN.keys())
def test_quotations(language: str, text: str, wanted: list[Said]) -> None:
    assert [(each.text, each.speaker, each.verb) for each in quotes(text, language)] == wanted


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "She called it a “win” for all. The film “Gone with the Wind” was shown."),
        ("en", 'It measures 12" by 15" and costs less.'),
        ("en", "The so-called “experts” of the “Big Five” met."),
        ("uk", "ТОВ «Міст-Буд Україна» виграло торги. Роман «Тигролови» перевидано."),
        ("ru", "Роман «Война и мир» переиздан, ООО «Рога и копыта» закрыто."),
        ("de", "Das „Wunder“ bleibt aus. Der „Spiegel“ erscheint."),
        ("es", 'El llamado "milagro" no llegó.'),
        ("pl", "„Gazeta Wyborcza” ukaże się jutro."),
        ("uk", "— перший пункт\n— другий пункт\n— третій пункт"),
        ("en", "“never closed, said Ann Lee."),
    ],
)
def test_titles_and_words_used_with_reserve_are_none(language: str, text: str) -> None:
    assert quotes(text, language) == []


def test_a_quotation_of_two_paragraphs_is_two() -> None:
    text = "Ann Lee said: “We begin in spring.\n\n“We end in autumn.”"
    assert [each.text for each in quotes(text, "en")] == ["We begin in spring."]


def test_marks_within_marks_belong_to_the_outer_ones() -> None:
    text = "Ann Lee said: “We read ‘the plan’ and “the map” twice.”"
    assert [each.text for each in quotes(text, "en")] == ["We read ‘the plan’ and “the map” twice."]


def test_where_the_people_are_known_a_speaker_is_one_of_them() -> None:
    body = '"We begin in spring," said Harbour Board chief Ann Lee.'
    start = body.index("Ann Lee")
    person = Entity(
        kind="person",
        name="Ann Lee",
        mentions=(Span(start=start, end=start + 7),),
        count=1,
        salience=1,
        confidence=1,
        rule="test",
    )
    (known,) = find(article(body, entities=(person,)))["quotes"]
    (unknown,) = find(article(body))["quotes"]
    assert (known.speaker, unknown.speaker) == ("Ann Lee", "Harbour Board")
    assert known.speaker_span == Span(start=start, end=start + 7)


def test_doubled_marks_are_one() -> None:
    text = 'Ann Lee said: ""We begin in spring."" She told ""The Herald"" so.'
    assert [(each.text, each.speaker) for each in quotes(text, "en")] == [("We begin in spring.", "Ann Lee")]


def test_of_whom_is_not_who() -> None:
    (said,) = quotes("«Nous commençons», a affirmé le ministre de la Défense, Jean Martin.", "fr")
    assert said.speaker == "Jean Martin"


def test_of_several_people_beside_the_verb_the_last_one_speaks() -> None:
    body = "„Das war nicht gut genug heute“, sagte Liverpools Trainer Jürgen Quill."
    people = ((body.index("Liverpools"), body.index(" Trainer")), (body.index("Jürgen"), len(body) - 1))
    (quote,) = quotes(body, "de", people)
    assert quote.speaker == "Jürgen Quill"


def test_a_person_before_a_colon_speaks() -> None:
    body = "Präsidentin Ada Quill: „Das reicht noch nicht.“"
    people = ((body.index("Ada"), body.index(":")),)
    (quote,) = quotes(body, "de", people)
    assert (quote.text, quote.speaker, quote.verb) == ("Das reicht noch nicht.", "Ada Quill", None)
    assert quotes(body, "de") == []
