"""Datelines that agencies begin their paragraphs with."""

import pytest

from services.parse.text.dateline import find_dateline


@pytest.mark.parametrize(
    ("paragraph", "dateline"),
    [
        ("WASHINGTON (AP) \u2014 The council met.", "WASHINGTON (AP)"),
        ("KYIV. June 7 (Northern Wire) \u2013 The council met.", "KYIV. June 7 (Northern Wire)"),
        ("PARIS, June 7 (Wire) - The council met.", "PARIS, June 7 (Wire)"),
        ("Paris, le 7 juin - Le conseil s'est réuni.", "Paris, le 7 juin"),
        ("NEW YORK -- The council met.", "NEW YORK"),
        ("Київ. 7 червня. Північне агентство \u2013 Рада зібралася.", "Київ. 7 червня. Північне агентство"),
        ("The council \u2014 all nine of it \u2014 met.", None),
        ("Maria Voss \u2014 the mayor \u2014 met the council.", None),
        ("The long and winding road to Lorn (and back) \u2014 a story.", None),
        ("He said so - on 7 May.", None),
        ("\u2014 Where is it?", None),
        ("The council met.", None),
        ("", None),
    ],
)
def test_a_dateline_is_told_from_a_sentence_with_a_dash(paragraph: str, dateline: str | None) -> None:
    assert find_dateline(paragraph) == dateline
