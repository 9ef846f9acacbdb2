"""What enrichment found, as it is shown: the body in pieces, lists of findings, places on a map."""

import io
import subprocess
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from services.ctl.__main__ import cli
from services.ctl.explain.chart import chart, land
from services.ctl.explain.findings import LISTED, findings, pieces, steps
from services.ctl.explain.page import page_of
from services.ctl.explain.terminal import show
from services.enrich.core import enrich
from services.enrich.steps import STEPS
from shared.contracts import EnrichedArticle, Explained
from tests.fakes.enriched import article
from tests.unit.ctl.test_ctl_explain import FIXTURES, NOW, explained

TEXT = (
    "Ada Quill of the Harbour Office said in Kraków on Monday: “The pier cost 2.5 million euros, and Kyiv paid a third "
    "of it.” About 30 percent of the 500 tonnes went on to Lima, the office said."
)


@cache
def both() -> tuple[Explained, EnrichedArticle]:
    """An article with its page, and enriched by the real steps."""
    given_ = explained(FIXTURES / "html" / "full.html")
    longer = given_.article.model_copy(update={"body": TEXT})
    return given_, enrich(longer, STEPS, now=NOW)


def test_the_pieces_are_the_body_and_say_what_each_is() -> None:
    cut = pieces(both()[1])
    assert "".join(piece.text for piece in cut) == TEXT
    marked = {piece.text: piece.mark.kind for piece in cut if piece.mark}
    assert marked["Ada Quill"] == "person"
    assert marked["Kraków"] == "place"
    assert marked["2.5 million euros"] == "money"
    assert marked["30 percent"] == "percent"
    quoted = "".join(piece.text for piece in cut if piece.quote is not None)
    assert quoted == "The pier cost 2.5 million euros, and Kyiv paid a third of it."


SPAN = st.tuples(st.integers(0, 60), st.integers(0, 60))


@given(st.text(max_size=50), st.lists(SPAN, max_size=8), st.lists(SPAN, max_size=8), st.lists(SPAN, max_size=4))
def test_whatever_the_spans_no_character_is_lost_or_told_twice(
    body: str, mentions: list[tuple[int, int]], amounts: list[tuple[int, int]], quotes: list[tuple[int, int]]
) -> None:
    found = article(
        body=body,
        entities=[_entity(mentions)] if mentions else [],
        amounts=[{"kind": "money", "raw": "x", "start": a, "end": b, "rule": "r"} for a, b in amounts],
        quotes=[{"text": "x", "start": a, "end": b, "confidence": 1, "rule": "r"} for a, b in quotes],
    )
    assert "".join(piece.text for piece in pieces(found)) == body


def _entity(mentions: list[tuple[int, int]]) -> dict[str, object]:
    spans = [{"start": start, "end": end} for start, end in mentions]
    return {"kind": "person", "name": "Ada", "mentions": spans, "count": len(spans), "salience": 0, "confidence": 1,
            "rule": "r"}  # fmt: skip


def test_findings_are_listed_by_kind_with_what_is_known_of_them() -> None:
    found = dict(findings(both()[1]))
    assert "Ada Quill" in [each.text for each in found["people"]]
    assert [each.about for each in found["amounts"] if each.text == "2.5 million euros"] == ["2,500,000 EUR"]
    [krakow] = [each for each in found["on the map"] if each.text == "Kraków"]
    assert krakow.about.startswith("PL · city · GeoNames 3094802 · ")
    assert dict(steps(both()[1]))["language"].startswith("done · lid.176")
    assert findings(article().model_copy(update={"language": None})) == []


def test_a_long_list_says_how_much_more_there_is() -> None:
    many = article(amounts=[{"kind": "money", "raw": f"{number}", "start": number, "end": number + 1, "rule": "r"}
                            for number in range(50)])  # fmt: skip
    found = dict(findings(many))["amounts"]
    assert len(found) == LISTED + 1
    assert found[-1].text == "and 20 more"


PLACE = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(st.lists(PLACE, min_size=1, max_size=12))
def test_every_place_is_on_the_map(where: list[tuple[float, float]]) -> None:
    places = article(places=[_place(number, *place) for number, place in enumerate(where)]).places
    drawn = chart(places)
    assert drawn is not None
    left, top, width, height = drawn.box
    assert len(drawn.dots) == len(where)
    for dot in drawn.dots:
        assert left - 0.02 <= dot.x <= left + width + 0.02
        assert top - 0.02 <= dot.y <= top + height + 0.02


def _place(number: int, lat: float, lon: float) -> dict[str, object]:
    return {"name": f"Town {number}", "kind": "city", "geonames_id": number, "country": "GB", "mentions": [],
            "location": {"lat": lat, "lon": lon}, "confidence": 1, "rule": "r"}  # fmt: skip


def test_names_on_the_map_do_not_cover_each_other_and_no_places_make_no_map() -> None:
    close = [_place(number, 50 + number / 100, 20) for number in range(9)]
    drawn = chart(article(places=close).places)
    assert drawn is not None
    lines = sorted(dot.base for dot in drawn.dots if dot.base is not None)
    assert 0 < len(lines) < 9
    assert all(lower - upper >= 4 * drawn.unit for upper, lower in pairwise(lines))
    assert chart(()) is None


def test_the_outline_of_land_is_a_path_and_small() -> None:
    assert set(land()) <= set("Mlz -0123456789")
    assert len(land()) < 30_000


def test_the_terminal_names_kinds_where_there_is_no_colour() -> None:
    out = io.StringIO()
    show(Console(file=out, width=100, highlight=False, markup=False), *both())
    text = out.getvalue()
    for said in ("[Ada Quill|person]", "[2.5 million euros|money]", "found in the text", "2,500,000 EUR", "lid.176"):
        assert said in text
    assert "\x1b" not in text


def test_the_page_says_nothing_of_enrichment_that_was_not_asked_for() -> None:
    assert "Found in the text" not in page_of(both()[0])
    assert "Found in the text" in page_of(*both())


def test_the_command_enriches_in_a_process_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "pier.txt"
    file.write_text(f"The pier is open again\n\n3 March 2026\n\n{TEXT} {TEXT}", "utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "services.ctl", "parse", str(file), "--enrich", "--html", str(tmp_path / "page.html")],
        capture_output=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert "Found in the text" in (tmp_path / "page.html").read_text("utf-8")
    plain = subprocess.run(
        [sys.executable, "-m", "services.ctl", "parse", str(file), "--enrich"], capture_output=True, check=False
    )
    assert "Ada Quill" in EnrichedArticle.model_validate_json(plain.stdout).people


def test_what_is_no_article_is_said_in_a_sentence() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "services.enrich.once"], input=b'{"headline": 5}', capture_output=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (1, b"")
    assert ended.stderr.startswith(b"newswire enrich: not a parsed article")
    assert b"Traceback" not in ended.stderr


def test_what_parse_refuses_is_not_enriched() -> None:
    ended = CliRunner().invoke(cli, ["parse", "/nowhere", "--enrich"])
    assert ended.exit_code == 2


def test_hostile_findings_are_shown_as_text() -> None:
    given_, found = both()
    evil = found.entities[0].model_copy(update={"name": '"><script>alert(1)</script>\u202e'})
    page = page_of(given_, found.model_copy(update={"entities": (evil,)}))
    assert "<script>" not in page
    assert "\u202e" not in page
