"""Titles without what their sites put around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parse.html.titles import belongs, is_site, likeness, without_kicker, without_site, words

SITES = ("The Daily", "thedaily.example")


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Rates rise again as banks hesitate | The Daily", "Rates rise again as banks hesitate"),
        ("Rates rise again as banks hesitate - The Daily", "Rates rise again as banks hesitate"),
        ("Rates rise again as banks hesitate | Money | The Daily", "Rates rise again as banks hesitate"),
        ("The Daily - Rates rise again as banks hesitate", "Rates rise again as banks hesitate"),
        ("Opinion | Rates rise again | Editorial", "Rates rise again"),
        ("Rates rise again · The Daily", "Rates rise again"),
        ("灯台に新しい灯がともる｜The Daily", "灯台に新しい灯がともる"),
        ("Rates rise - and nobody knows why they do", "Rates rise - and nobody knows why they do"),
        ("Rates rise again", "Rates rise again"),
        ("The Daily", "The Daily"),
        ("", ""),
    ],
)
def test_title_without_its_site(title: str, headline: str) -> None:
    assert without_site(title, SITES) == headline


@given(st.text(max_size=200))
def test_a_title_is_only_shortened(title: str) -> None:
    found = without_site(title, SITES)

    assert found in " ".join(title.split())
    assert without_site(found, SITES) in found


@pytest.mark.parametrize(
    ("printed", "declared", "headline"),
    [
        ("Opinion | Rates rise again", ["Rates rise again"], "Rates rise again"),
        ("Opinion Rates rise again", ["Rates rise again"], "Rates rise again"),
        ("Opinion “Rates rise” again", ["“Rates rise” again"], "“Rates rise” again"),
        ("Rates rise again | Opinion", ["Rates rise again"], "Rates rise again"),
        ("Money: Rates rise again", ["Rates rise again", "Money: Rates rise again"], "Money: Rates rise again"),
        ("Rates rise again in spring", ["Rates rise again"], "Rates rise again in spring"),
        ("One two three four five Rates rise again", ["Rates rise again"], "One two three four five Rates rise again"),
        ("Rates rise again", ["Other words than these"], "Rates rise again"),
        ("Rates rise again", [], "Rates rise again"),
    ],
)
def test_headline_without_its_kicker(printed: str, declared: list[str], headline: str) -> None:
    assert without_kicker(printed, declared) == headline


@given(st.text(max_size=100), st.lists(st.text(max_size=50), max_size=3))
def test_a_kicker_is_cut_and_nothing_added(printed: str, declared: list[str]) -> None:
    assert without_kicker(printed, declared) in printed


def test_titles_without_spaces_are_compared_by_pairs_of_letters() -> None:
    assert likeness("港町の灯台に新しい灯がともる", "港町の灯台に灯がともる") > 0.5
    assert likeness("港町の灯台に新しい灯がともる", "市が夏祭りの日程を発表した") < 0.2


def test_a_headline_is_about_what_its_address_names() -> None:
    assert belongs("How the Harbour Got its Ferry", ["harbour-ferry-strike"])
    assert not belongs("Subscribe to our newsletter", ["harbour-ferry-strike"])
    assert not belongs("Ferry", ["harbour-ferry-strike"])


def test_what_a_site_is_called() -> None:
    assert is_site("The Daily", SITES)
    assert not is_site("Rates rise", SITES)
    assert words("Rates, rise!") == ["rates", "rise"]
