"""A page as runs of text, and which of them are its article's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parse.html.asides import is_aside
from services.parse.html.blocks import Run, runs_of
from services.parse.html.body import AGREEING, DIFFERING, Passage, joined, kind_of, settled
from services.parse.html.chosen import choose, expected, without_repeated
from services.parse.html.features import OWN, Readings, beside, features, share, shingled, tokens
from services.parse.html.hints import HINTS, hints_of
from services.parse.html.model import STACKED, Sight, probability, stacked, trained
from services.parse.html.vote import agreement, central
from services.parse.tree import page_tree

NOTHING = Readings("", "", "")
words = st.lists(st.sampled_from(["the", "mill", "gave", "grey", "flour", "on", "Monday", "again"]), max_size=30).map(
    " ".join
)


def runs(markup: str) -> list[Run]:
    return runs_of(page_tree(f"<html><body>{markup}</body></html>"))


def named(class_name: str) -> set[str]:
    return {name for number, name in enumerate(HINTS) if hints_of(class_name, "") >> number & 1}


def test_a_run_is_what_stands_between_the_edges_of_blocks() -> None:
    found = runs("<div>One <b>bold</b> word<p>A paragraph</p>and after</div><ul><li>First</li><li>Second</li></ul>")
    assert [run.text for run in found] == ["One bold word", "A paragraph", "and after", "First", "Second"]
    assert [run.around.tag for run in found] == ["div", "p", "div", "li", "li"]


def test_scripts_and_forms_say_nothing_and_breaks_are_lines() -> None:
    found = runs("<p>One<br>two<script>three()</script><textarea>four</textarea></p>")
    assert [run.text for run in found] == ["One\ntwo"]


def test_a_button_that_was_never_closed_hides_nothing() -> None:
    found = runs("<header><button>Menu<div><p>The article is in the button.</p></div></header>")
    assert [run.text for run in found] == ["Menu", "The article is in the button."]


def test_links_are_counted() -> None:
    (run,) = runs('<p>See <a href="/one">this</a> and <a href="/two">that one</a>.</p>')
    assert (run.links, run.linked) == (2, len("this") + len("that one"))


def test_what_is_hidden_and_what_is_declared_holds_for_everything_inside() -> None:
    hidden, styled, declared, plain = runs(
        '<div hidden><p>One</p></div><div style="Display: None"><p>Two</p></div>'.replace(
            "Display: None", "display: none"
        )
        + '<div itemprop="articleBody"><p>Three</p></div><p>Four</p>'
    )
    assert [each.around.hidden for each in (hidden, styled, declared, plain)] == [True, True, False, False]
    assert [each.around.declared for each in (hidden, styled, declared, plain)] == [False, False, True, False]


@pytest.mark.parametrize(
    ("name", "hints"),
    [
        ("article-body", {"text", "body"}),
        ("articleBody", {"text", "body"}),
        ("newsletter-signup", {"offer"}),
        ("related-stories", {"related"}),
        ("ad", {"advertisement"}),
        ("col-md-9", set()),
        ("", set()),
    ],
)
def test_names_of_elements_hint_at_their_content(name: str, hints: set[str]) -> None:
    assert named(name) == hints


def test_every_run_has_every_number() -> None:
    found = runs("<h1>Grey flour</h1><p>The mill gave grey flour on Monday, and bakers stopped.</p><p>©</p>")
    seen, told = features(found, Readings("Grey flour", "bakers", ""))
    rows = beside(seen, told, "The mill gave grey flour")
    assert {len(row) for row in rows} == {len(OWN)}
    heading = dict(zip(OWN, rows[0], strict=True))
    assert [heading[name] for name in ("is headline", "says headline", "tag h1", "prose")] == [1, 1, 1, 0]
    assert dict(zip(OWN, rows[1], strict=True))["in extract"] == pytest.approx(3 / 8)


def test_a_page_without_text_has_no_rows() -> None:
    assert features([], NOTHING) == ([], [])
    assert trained("alone").probabilities([], []) == []


def test_scripts_without_spaces_are_read_by_character() -> None:
    assert tokens("面粉 grey") == ["面", "粉", "grey"]
    assert share(tokens("面粉又灰了"), shingled(tokens("磨坊的面粉又灰了"))) == 1
    assert share(["two", "words"], set()) is None


@pytest.mark.parametrize("sight", ["alone", "beside"])
def test_the_model_tells_prose_from_links(sight: Sight) -> None:
    sentence = (
        "The mill by the river gave grey flour again on Monday, and so the bakers of the old town stopped their ovens."
    )
    prose = "".join(f"<p>{sentence} It was day {number} of it.</p>" for number in range(6))
    links = "".join(f'<li><a href="/{number}">Section {number}</a></li>' for number in range(12))
    found = runs(f"<nav><ul>{links}</ul></nav><article><h1>Grey flour</h1>{prose}</article><footer>© The Mill</footer>")
    extract = "\n".join(f"{sentence} It was day {number} of it." for number in range(6))
    rows, told = features(found, Readings("Grey flour", "", ""))
    if sight == "beside":
        rows = beside(rows, told, extract)
    likely = trained(sight).probabilities(rows, [len(each) for each in told])
    chosen = [run.around.tag for run in choose(found, rows, told, likely, trained(sight).threshold).runs]
    assert chosen.count("p") == 6
    assert "li" not in chosen


@given(st.lists(st.floats(0, 1), max_size=12))
def test_the_second_step_sees_each_run_of_the_first(first: list[float]) -> None:
    rows = stacked(first, [3] * len(first))
    assert [len(row) for row in rows] == [STACKED] * len(first)


@given(st.floats(allow_nan=False))
def test_a_probability_is_one(logit: float) -> None:
    assert 0 <= probability(logit) <= 1


@given(words, words)
def test_agreement_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    assert 0 <= agreement(one, other) == agreement(other, one) <= 1
    assert agreement(one, one) == (1 if one else 0)


def test_the_reading_that_the_others_speak_for_is_taken() -> None:
    assert central(["grey flour on Monday", "cookies and partners", "the grey flour on Monday"]) == 0
    assert central(["cookies", "grey flour on Monday", "grey flour"]) == 1


def test_items_of_a_list_are_one_passage_and_kinds_are_told_by_elements() -> None:
    found = runs(
        "<p>Before</p><ul><li>First</li><li><p>Second</p></li></ul><ul><li>Other</li></ul>"
        "<blockquote><p>Said</p></blockquote><h2>Then</h2><figure><figcaption>Seen</figcaption></figure>"
    )
    assert [(passage.kind, passage.text) for passage in joined(found)] == [
        ("paragraph", "Before"),
        ("list", "First\nSecond"),
        ("list", "Other"),
        ("quote", "Said"),
        ("heading", "Then"),
        ("caption", "Seen"),
    ]
    assert kind_of(found[0].around) == "paragraph"


def test_a_page_is_read_alike_however_many_were_read_before() -> None:
    prose = "The mill on the hill gave its last grey flour on Monday, and nobody in the valley knew why it had to end."
    markup = f"<h1>The mill</h1><p>{prose}</p><div><div><p>{prose}</p><p>{prose}</p></div></div>"
    first = features(runs(markup), NOTHING)
    assert [features(runs(markup), NOTHING) for _ in range(20)] == [first] * 20


def test_what_a_page_shows_twice_is_taken_once() -> None:
    sentence = tokens("The mill by the river gave grey flour again on Monday and the bakers stopped their ovens")
    short = tokens("Grey flour")
    assert without_repeated([sentence, short, sentence, short], [0.9] * 4, 0.5) == [0.9, 0.9, 0.0, 0.9]
    assert without_repeated([sentence, sentence], [0.4, 0.9], 0.5) == [0.4, 0.9]


def test_a_choice_expects_what_its_likelihoods_say() -> None:
    assert expected([["a"] * 10, ["b"] * 10], [1.0, 0.0], 0.5) == 1
    assert expected([["a"] * 10, ["b"] * 10], [0.6, 0.4], 0.5) == pytest.approx(0.6)
    assert expected([["a"]], [0.1], 0.5) == 0


@given(st.lists(st.tuples(words, st.floats(0, 1)), max_size=12), st.floats(0, 1))
def test_an_expectation_is_a_share(runs_likely: list[tuple[str, float]], threshold: float) -> None:
    told = [tokens(text) for text, _ in runs_likely]
    assert 0 <= expected(told, [each for _, each in runs_likely], threshold) <= 1


def passage(text: str) -> list[Passage]:
    return [Passage("paragraph", text, "test")]


def test_a_second_reading_that_agrees_is_enough() -> None:
    def never() -> list[Passage]:
        raise AssertionError("the thorough reading was asked for")

    found = settled(passage("cookies"), passage("grey flour on Monday"), passage("grey flour on Monday"), never)
    assert (found.passages, found.confidence, found.rule) == (passage("grey flour on Monday"), 1, AGREEING)


def test_of_readings_that_differ_the_most_central_is_taken_and_named() -> None:
    flour, more = passage("grey flour on Monday"), passage("the grey flour on Monday")
    found = settled(flour, passage("cookies and partners"), passage("more of this"), lambda: more)
    assert found.passages == flour
    assert found.rule == f"{DIFFERING}: the model's"
    assert found.confidence < 0.5


def test_a_run_that_repeats_many_is_known_in_spite_of_its_seams() -> None:
    parts = [[f"{name}{number}" for number in range(60)] for name in HINTS[:6]]
    heads = [[name.capitalize()] for name in HINTS[:6]]
    told = [each for pair in zip(heads, parts, strict=True) for each in pair]
    whole = [word for each in told for word in each]

    assert without_repeated([*told, whole], [0.9] * 13, 0.5) == [*[0.9] * 12, 0.0]
    assert without_repeated([*told[:8], whole], [0.9] * 9, 0.5)[-1] == 0.9


@pytest.mark.parametrize(
    ("markup", "aside"),
    [
        ("<p>The mill, seen from the weir on Monday. (AP Photo/Ida Holm)</p>", True),
        ("<p>Die Mühle am Montag (Foto: Ida Holm)</p>", True),
        ("<p>Млин у понеділок (Фото: Іда Холм)</p>", True),
        ("<p>The mill. (Ida Holm / AFP / Getty Images)</p>", True),
        ("<p>The mill will turn again, its keeper told reporters on Monday. (Reuters)</p>", False),
        ("<p>They took it away (a photo, by now, of nothing but the weir)</p>", False),
        ("<p>It works (in Photo mode)</p>", False),
        ("<p>(Photo: Ida Holm) The mill stands still.</p>", False),
        ('<p>READ MORE: <a href="/m">The mill of Aldmoor turns again</a></p>', True),
        ('<p>Читайте також: <a href="/m">Млин знову крутиться</a></p>', True),
        ('<p>Read more: the <a href="/m">keeper</a> has written a book about the mill and its wheels.</p>', False),
        ('<p>Aldmoor: <a href="/m">The mill of Aldmoor turns again</a></p>', False),
    ],
)
def test_captions_and_pointers_say_what_they_are(markup: str, *, aside: bool) -> None:
    (run,) = runs(markup)
    assert is_aside(run) is aside
