"""Entities as spaCy's own loop finds them."""

from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from services.enrich.names import english
from services.enrich.names.decoding import Decoder
from services.enrich.names.vectors import Vectors

pytestmark = pytest.mark.skipif(bool(english.missing()), reason="needs the group enrich-heavy")
FIXTURES = Path("tests/fixtures")
SIGNS = (" ", "\n", "\n\n ", "\t", "—", "(", "“", ".", ",", "'s", "\u00a0", "ё")
WORDS = ("John", "Dr. Ada Quay", "Bank of", "England", "the", "U.S.", "Tuesday", "New", "York", "NATO", "said", "first")
NUMBERS = ("$5 million", "42%", "7 June 2024")


def entities(text: str) -> tuple[list[tuple[int, int, str]], list[tuple[int, int, str]]]:
    """As spaCy's own loop finds them, and as ours does."""
    pipeline, decoder = english.model()
    doc: Any = pipeline(text)
    return [(each.start, each.end, each.label_) for each in doc.ents], list(decoder.entities(pipeline.make_doc(text)))


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("text/**/*.txt")), ids=lambda path: path.stem)
def test_a_text_has_the_entities_that_the_library_finds(path: Path) -> None:
    text = path.read_text("utf-8", errors="replace")[:20_000]

    theirs, ours = entities(english.spaced(text))

    assert ours == theirs


TEXTS = st.lists(st.sampled_from(SIGNS + WORDS + NUMBERS), max_size=40).map(" ".join)


@settings(max_examples=50)
@given(TEXTS)
def test_any_text_has_the_entities_that_the_library_finds(text: str) -> None:
    theirs, ours = entities(text)

    assert ours == theirs


@settings(max_examples=50)
@given(TEXTS.filter(bool))
def test_any_text_has_the_vectors_that_the_library_computes(text: str) -> None:
    pipeline, _ = english.model()
    layers, doc = pipeline.get_pipe("ner").model.get_ref("tok2vec"), pipeline.make_doc(text)

    ours = Vectors(layers).of(doc)

    # equal to the last bit where both multiply by the same routine, which is up to the processor
    assert_allclose(ours, layers.predict([doc]), rtol=1e-4, atol=1e-4)


def test_layers_of_another_make_are_refused() -> None:
    model = MagicMock()
    model.name = "linear>>linear"

    with pytest.raises(ValueError, match="another make"):
        Vectors(model)


def test_a_model_of_another_make_is_refused() -> None:
    model = MagicMock(attrs={"unseen_classes": set[int]()})
    model.get_ref.return_value.get_dim.return_value = 6  # features of a state, as the library has for entities, too

    with pytest.raises(ValueError, match="another make"):
        Decoder(MagicMock(model=model, moves=MagicMock(n_moves=0)))
