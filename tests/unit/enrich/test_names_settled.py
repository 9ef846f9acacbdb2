"""Finds of several readers become one reading."""

import pytest

from services.enrich.names.reading import Reading
from services.enrich.names.settle import settle
from services.enrich.names.text import Found, words


@pytest.mark.parametrize(
    ("language", "text", "short", "long", "name"),
    [
        ("fr", "Hier parlait Ann de la Croix au conseil.", "Ann", "Ann de la Croix", "Ann de la Croix"),
        ("de", "Im Juli kam Leo zur Welt und alle freuten sich.", "Leo", "Leo zur Welt", "Leo"),
        ("de", "Zuletzt betrat Ann Lee den Mond am Abend.", "Ann Lee", "Ann Lee den Mond", "Ann Lee"),
    ],
)
def test_a_person_goes_on_over_a_particle_and_not_over_an_article(
    language: str, text: str, short: str, long: str, name: str
) -> None:
    start = text.index(short)
    found = [
        Found(start, start + len(short), "person", 0.9, "crf"),
        Found(start, start + len(long), "person", 0.6, "given name"),
    ]

    settled = settle(text, Reading.of(words(text), language), found)

    assert [text[each.start : each.end] for each in settled] == [name]
