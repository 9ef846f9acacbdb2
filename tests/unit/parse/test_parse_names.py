"""Names out of bylines, and people told from desks and agencies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parse.html.names import folded, is_organisation, is_person, names_in


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ann Reed", ["Ann Reed"]),
        ("BY ANN REED and BO LIND", ["ANN REED", "BO LIND"]),
        ("By Ann Reed, Senior Reporter, and Bo Lind (bl)", ["Ann Reed", "Bo Lind"]),
        ("Ann Reed | ann@gazette.example | The Gazette", ["Ann Reed", "The Gazette"]),
        ("Ann Reed @annreed", ["Ann Reed"]),
        ("Author: Ann Reed", ["Ann Reed"]),
        ("Written by: Ann Reed & Bo Lind", ["Ann Reed", "Bo Lind"]),
        ("Von Anna Berg und Jan Holt, dpa", ["Anna Berg", "Jan Holt", "dpa"]),
        ("Par Zoé Lambert et Luc Morel", ["Zoé Lambert", "Luc Morel"]),
        ("Por Lucía Pardo y Iker Sanz", ["Lucía Pardo", "Iker Sanz"]),
        ("Автор: Оксана Гнатюк, кореспондент", ["Оксана Гнатюк"]),
        ("Trine Juhl og Tore Reim", ["Trine Juhl", "Tore Reim"]),
        ("佐藤花子記者", ["佐藤花子"]),
        ("박준석 기자", ["박준석"]),
        ("بقلم: ليلى حداد", ["ليلى حداد"]),
        ("Ludwig van der Berg", ["Ludwig van der Berg"]),
        ("By", []),
        ("Written By:", []),
        ("https://gazette.example/staff/7", []),
        ("12 June 2024", []),
        ("", []),
        ("A sentence that goes on for so long that nobody could ever be called by it, not even in jest", []),
    ],
)
def test_names_of_a_byline(byline: str, names: list[str]) -> None:
    assert names_in(byline) == names


@given(st.text(max_size=300))
def test_names_are_clean_and_reading_them_again_changes_nothing(byline: str) -> None:
    names = names_in(byline)

    assert len(set(names)) == len(names)
    for name in names:
        assert name == name.strip()
        assert "@" not in name
        assert "://" not in name


@given(
    st.lists(st.sampled_from(["Ann Reed", "Bo Lind", "Cy van Roo", "Zoé Lambert"]), min_size=1, max_size=4, unique=True)
)
@pytest.mark.parametrize("between", [", ", " and ", " & ", "; ", " | "])
def test_names_joined_come_apart(between: str, names: list[str]) -> None:
    assert names_in(f"By {between.join(names)}") == names


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Ann Reed", True),
        ("Ludwig van der Berg", True),
        ("José Ortega y Gasset", True),
        ("佐藤花子", True),
        ("ANN REED", True),
        ("Reed", False),
        ("Human in the Loop", False),
        ("Twitter Facebook", False),
        ("The Associated Press", False),
        ("Gazette Staff", False),
        ("News Desk", False),
        ("Senior Writer", False),
        ("Deutsche Presse-Agentur", True),  # its words are those of a name; what says otherwise is the page
        ("Ann Reed 7", False),
    ],
)
def test_people_by_their_words(name: str, *, person: bool) -> None:
    assert is_person(name) is person


@pytest.mark.parametrize(
    "name", ["Harbor Times", "HarborTimes", "harbor-times.example", "Harbor Times Staff", "Reuters", "dpa"]
)
def test_the_site_and_agencies_are_organisations(name: str) -> None:
    assert is_organisation(name, ["Harbor Times", "harbor-times.example"])


def test_a_name_is_compared_without_accents_and_dots() -> None:
    assert folded("José M. Ortega") == folded("jose M Ortega")


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ann Reed, MS, RD", ["Ann Reed"]),
        ("Ann Reed, Ph.D., and Bo Lind, DVM", ["Ann Reed", "Bo Lind"]),
        ("Le Phare, AFP", ["Le Phare", "AFP"]),
        ("Ann Reed, Master Horticulturist & Garden Educator", ["Ann Reed"]),
        ("Ann Reed The Associated Press", ["Ann Reed"]),
        ("The Associated Press", ["The Associated Press"]),
        ("Wheelwright: Ann Reed, Bo Lind", ["Ann Reed", "Bo Lind"]),
        ("by Ann Reed. The book does more than that, as every reader of it knows", []),
    ],
)
def test_degrees_roles_and_agencies_after_a_name_are_no_names(byline: str, names: list[str]) -> None:
    assert names_in(byline) == names
