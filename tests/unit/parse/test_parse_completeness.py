"""Whether an article's text is all of it: marks at its end in many languages, counts, parts kept back."""

import json
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts import ParsedArticle
from shared.cut import cut_mark

Parsed = Callable[..., ParsedArticle]
HTML = {"content-type": "text/html"}
TEXT = {"content-type": "text/plain"}
SENTENCE = "The {} wheel of the mill at Aldmoor has turned since Monday, and its keeper says that it will go on. "
PROSE = [SENTENCE.format(name) for name in ("upper", "lower", "spare", "old", "new", "third", "fourth", "last")]


def page(*paragraphs: str, linked: Mapping[str, object] | None = None, markup: str = "<p>{}</p>") -> bytes:
    data = {"@type": "NewsArticle", "headline": "The mill at Aldmoor turns again", **(linked or {})}
    text = "".join(markup.format(each) for each in paragraphs)
    return (
        f'<html lang="en"><head><script type="application/ld+json">{json.dumps(data)}</script></head>'
        f"<body><article><h1>The mill at Aldmoor turns again</h1>{text}</article></body></html>"
    ).encode()


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("The wheel has turned since […]", "[…]"),
        ("The wheel has turned since [...]", "[...]"),
        ("The wheel has turned since… [+2314 chars]", "[+2314 chars]"),
        ("The wheel has turned. Continue reading →", ". Continue reading →"),
        ("The wheel has… Continue reading The mill turns again", "… Continue reading The mill turns again"),
        ("The wheel has turned\nRead the full story", "Read the full story"),
        ("Das Rad dreht sich ... weiterlesen", "... weiterlesen"),
        ("La roue tourne… Lire la suite »", "… Lire la suite »"),
        ("La rueda gira... Seguir leyendo", "... Seguir leyendo"),
        ("A roda gira. Continue lendo", ". Continue lendo"),
        ("La ruota gira… Leggi tutto", "… Leggi tutto"),
        ("Het rad draait… Lees verder", "… Lees verder"),
        ("Koło się kręci... czytaj dalej", "... czytaj dalej"),
        ("Колесо крутиться… Читати далі", "… Читати далі"),
        ("Колесо крутится… Читать далее", "… Читать далее"),
        ("Kolo se točí… Číst dál", "… Číst dál"),
        ("Hjulet snurrar... Läs mer", "... Läs mer"),
        ("Çark dönüyor... Devamını oku", "... Devamını oku"),
        ("Ο τροχός γυρίζει… Διαβάστε περισσότερα", "… Διαβάστε περισσότερα"),
        ("العجلة تدور... اقرأ المزيد", "... اقرأ المزيد"),
        ("הגלגל מסתובב... המשך קריאה", "... המשך קריאה"),
        ("चक्की घूम रही है... और पढ़ें", "... और पढ़ें"),
        ("水车又转了……阅读全文", "……阅读全文"),
        ("水車が回る…続きを読む", "…続きを読む"),
        ("물레방아가 돈다... 더 보기", "... 더 보기"),
    ],
)
def test_what_ends_so_is_cut(text: str, mark: str) -> None:
    found = cut_mark(text)

    assert found is not None
    assert (found.raw.strip(), found.sure) == (mark, True)


@pytest.mark.parametrize(
    "text",
    [
        "And the wheel? It waits...",
        "And the wheel waits…",
        "The wheel turns. Read more",
        "He said he would keep reading.",
    ],
)
def test_what_may_end_so_in_a_whole_text_is_not_sure(text: str) -> None:
    found = cut_mark(text)

    assert found is not None
    assert not found.sure


@pytest.mark.parametrize(
    "text", ["", "The wheel turns.", "He reads more.", "The wheel... it turns.", "It waited (more or less)"]
)
def test_a_text_without_a_mark_is_not_cut(text: str) -> None:
    assert cut_mark(text) is None


@given(st.text())
def test_a_mark_is_the_end_of_its_text(text: str) -> None:
    for each in (text, f"{text}…", f"{text} [...]"):
        found = cut_mark(each)
        assert found is None or found.raw in each[-300:]
    assert cut_mark(f"{text} […]") is not None


def test_a_page_that_ends_in_a_link_to_its_rest_is_partial(parsed: Parsed) -> None:
    article = parsed(page(*PROSE, "But on Thursday… Continue reading"), HTML)

    assert article.completeness == "partial"
    evidence = article.evidence["completeness"]
    assert (evidence.source, evidence.rule, evidence.raw) == ("html", "ends as a cut text does", "… Continue reading")


def test_an_ellipsis_ends_a_teaser_and_not_a_long_article(parsed: Parsed) -> None:
    teaser, long = page(*PROSE[:3], "And the owner…"), page(*PROSE, *PROSE, "And the owner…")

    assert parsed(teaser, HTML).completeness == "partial"
    assert parsed(long, HTML).completeness is None


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        (170, "full"),
        ("165", "full"),
        (180, "full"),
        (260, None),
        (600, "partial"),
        (40, None),
        ("many", None),
        (None, None),
    ],
)
def test_a_text_is_compared_with_the_words_that_its_publisher_counts(
    counted: object, said: str, parsed: Parsed
) -> None:
    article = parsed(page(*PROSE, linked={"wordCount": counted}), HTML)

    assert article.word_count == 168
    assert article.completeness == said


def test_of_two_that_disagree_the_end_of_the_text_is_believed(parsed: Parsed) -> None:
    article = parsed(page(*PROSE, "But on Thursday […]", linked={"wordCount": 170}), HTML)

    assert article.completeness == "partial"
    assert [each.rule for each in article.evidence["completeness"].runners_up] == ["as long as wordCount"]


def test_few_words_of_a_page_that_is_not_for_free_are_a_teaser(parsed: Parsed) -> None:
    locked = {"isAccessibleForFree": False, "hasPart": {"isAccessibleForFree": False, "cssSelector": ".locked"}}
    free = {"isAccessibleForFree": True}

    assert parsed(page(*PROSE[:3], linked=locked), HTML).completeness == "partial"
    assert parsed(page(*PROSE[:3], linked=free), HTML).completeness is None
    assert parsed(page(*PROSE, linked=locked), HTML).completeness is None


def test_a_part_that_is_not_for_free_and_in_the_page_is_kept_back_by_nobody(parsed: Parsed) -> None:
    locked = {"isAccessibleForFree": False, "hasPart": [{"isAccessibleForFree": "False", "cssSelector": ".locked"}]}
    given = page(*PROSE[:3], linked=locked, markup='<p class="locked">{}</p>')

    assert parsed(given, HTML).completeness is None


def test_a_declared_body_behind_a_wall_is_not_said_to_be_cut(parsed: Parsed) -> None:
    given = page("Subscribe to read on.", linked={"isAccessibleForFree": False, "articleBody": "".join(PROSE[:3])})

    assert parsed(given, HTML).completeness is None


@pytest.mark.parametrize(
    ("end", "said", "rule"),
    [
        ("(more)", "partial", "more follows"), ("-0-", "full", "end of the story"), ("###", "full", "end of the story"),
        ("(складено далі буде)", None, None), ("(далі буде)", "partial", "more follows"), ("More", None, None),
    ],
)  # fmt: skip
def test_an_agency_says_at_the_end_whether_more_follows(end: str, said: str, rule: str, parsed: Parsed) -> None:
    text = "\n\n".join(["The mill at Aldmoor turns again", *PROSE, end])

    article = parsed(text.encode(), TEXT)

    assert article.completeness == said
    assert rule is None or article.evidence["completeness"].rule == rule


@pytest.mark.parametrize(
    ("end", "said"), [("[&#8230;]", "partial"), ("and then &hellip;", "partial"), ("Read more", "partial"), ("", None)]
)
def test_an_entry_of_a_feed_ends_as_a_cut_text_may(end: str, said: str, parsed: Parsed) -> None:
    given = f"<item><title>The mill turns</title><description>{PROSE[0]}{PROSE[1]}{end}</description></item>"

    assert parsed(given.replace("&", "&amp;").encode(), {"content-type": "application/xml"}).completeness == said
