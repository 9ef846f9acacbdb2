"""Our own models of names: what is made of labels, how a text is divided, and that it ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.names import gazetteer, trained
from services.enrich.names.text import words

LABELS = st.lists(st.sampled_from(["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG"]), max_size=30)


@pytest.mark.parametrize(
    ("labels", "spans"),
    [
        (["B-PER", "I-PER", "O", "B-LOC"], [(0, 2, "PER"), (3, 4, "LOC")]),
        (["B-PER", "B-PER"], [(0, 1, "PER"), (1, 2, "PER")]),
        (["I-ORG", "I-ORG", "I-LOC"], [(0, 2, "ORG"), (2, 3, "LOC")]),
        (["O", "O"], []),
    ],
)
def test_labels_are_read_as_names(labels: list[str], spans: list[tuple[int, int, str]]) -> None:
    assert list(trained.spans(labels)) == spans


@given(LABELS)
def test_every_labelled_word_is_in_one_name(labels: list[str]) -> None:
    inside = [at for start, end, _ in trained.spans(labels) for at in range(start, end)]
    assert inside == [at for at, label in enumerate(labels) if label != "O"]


@given(st.text(alphabet="Ab .!\n…„“1", max_size=400))
def test_sentences_have_all_words_once_but_line_ends(text: str) -> None:
    read = words(text)
    divided = [word for sentence in trained.sentences(read) for word in sentence]
    assert [word for word in divided if word.text[0] != "\n"] == [word for word in read if word.text[0] != "\n"]
    assert all(0 < len(sentence) <= trained.LONGEST + 1 for sentence in trained.sentences(read))


@pytest.mark.parametrize("language", trained.LEAST)
def test_names_have_the_probability_of_the_model_and_stand_in_the_text(language: str) -> None:
    text = (
        "Angela Brandner war in Berlin.\nParis et Lyon, dit Julien Moreau à Marseille.\n"
        "Małgorzata Nowak mieszka w Warszawie."
    )
    found = list(trained.names(words(text), language))
    assert found
    for each in found:
        assert text[each.start : each.end].strip() == text[each.start : each.end]
        assert 0.5 <= each.confidence <= 0.9


def test_a_model_that_is_not_the_signed_one_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gazetteer.hashlib, "file_digest", lambda *_: gazetteer.hashlib.sha256(b"another"))
    with pytest.raises(gazetteer.TamperedError, match="not the file that was signed"):
        gazetteer.verified("names-de.crfsuite")


@pytest.mark.timeout(30)
@pytest.mark.parametrize("text", ["A" * 100_000, "A " * 500_000, "\n" * 100_000, ".!?" * 50_000, "Ä ö. " * 100_000])
def test_no_text_makes_it_run_away(text: str) -> None:
    for language in trained.LEAST:
        assert all(each.end <= trained.READ for each in trained.names(words(text), language))
