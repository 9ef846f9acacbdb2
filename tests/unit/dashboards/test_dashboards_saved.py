"""What Dashboards would refuse or show empty, found without it."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from deploy.dashboards.__main__ import FILE
from deploy.dashboards.panels import COLUMNS, DASHBOARDS, Chart, Data, Latest, panels
from deploy.dashboards.saved import SEARCH_SOURCE, fields_of, ndjson

CEILINGS: Final = {"index-pattern": (7, 6, 0), "visualization": (7, 10, 0), "search": (7, 9, 3), "dashboard": (7, 9, 3)}
"""The newest migrations of Dashboards 3.8.0; it refuses what is newer."""
NESTED: Final = {"visState", "uiStateJSON", "panelsJSON", "optionsJSON", "fields", "searchSourceJSON"}
NUMBERS: Final = {"integer", "long", "float", "half_float"}

Json = dict[str, Any]


def objects() -> list[Json]:
    return [json.loads(line) for line in ndjson().splitlines()]


def nested(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every string that holds JSON, read."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from nested(each, key)
    elif isinstance(value, str) and name in NESTED:
        yield name, json.loads(value)


def of(kind: str) -> list[Json]:
    return [each for each in objects() if each["type"] == kind]


def part(found: Json, name: str) -> Any:
    return dict(nested(found["attributes"]))[name]


def spec(data: Data, path: str) -> Json:
    """A field in the mapping, by its path."""
    *above, last = path.split(".")
    properties: Any = data.properties
    for name in above:
        properties = properties[name].get("properties") or properties[name]["fields"]
    found: Json = properties[last]
    return found


CHARTS = [each for each in panels() if isinstance(each, Chart)]
LISTS = [each for each in panels() if isinstance(each, Latest)]


def test_the_committed_file_is_what_the_description_gives() -> None:
    assert FILE.read_text() == ndjson()


def test_every_nested_text_is_json() -> None:
    names = {name for each in objects() for name, _ in nested(each["attributes"])}
    assert names == NESTED


def test_ids_are_there_once_and_references_lead_to_what_stands_before() -> None:
    known: set[tuple[str, str]] = set()
    for each in objects():
        assert {(reference["type"], reference["id"]) for reference in each["references"]} <= known, each["id"]
        assert (each["type"], each["id"]) not in known
        known.add((each["type"], each["id"]))
    assert len({identity for _, identity in known}) == len(known)


def test_no_object_is_of_a_later_version_than_dashboards_knows() -> None:
    for each in objects():
        assert each["migrationVersion"].keys() == {each["type"]}
        version = tuple(map(int, each["migrationVersion"][each["type"]].split(".")))
        assert version <= CEILINGS[each["type"]]
        assert not {"version", "updated_at"} & each.keys()


def test_names_of_references_are_those_that_are_referred_to() -> None:
    for each in of("visualization") + of("search"):
        assert part(each, "searchSourceJSON")["indexRefName"] == SEARCH_SOURCE
        assert [reference["name"] for reference in each["references"]] == [SEARCH_SOURCE]
    for each in of("dashboard"):
        assert [panel["panelRefName"] for panel in part(each, "panelsJSON")] == [
            reference["name"] for reference in each["references"]
        ]


@pytest.mark.parametrize("board", of("dashboard"), ids=lambda each: each["id"])
def test_panels_fill_their_rows_and_overlap_nowhere(board: Json) -> None:
    taken: dict[tuple[int, int], str] = {}
    for panel in part(board, "panelsJSON"):
        grid = panel["gridData"]
        assert grid["i"] == panel["panelIndex"]
        assert grid["x"] + grid["w"] <= COLUMNS
        for x in range(grid["x"], grid["x"] + grid["w"]):
            for y in range(grid["y"], grid["y"] + grid["h"]):
                assert taken.setdefault((x, y), grid["i"]) == grid["i"]
    heights = {y for _, y in taken}
    assert len(taken) == COLUMNS * len(heights), "there is a hole"
    assert heights == set(range(len(heights)))


@pytest.mark.parametrize("chart", CHARTS, ids=lambda each: each.name)
def test_what_a_chart_counts_can_be_counted(chart: Chart) -> None:
    for field in filter(None, (chart.over, chart.split, *(each.field for each in chart.measures))):
        assert spec(chart.data, field).get("doc_values", True), field
        assert spec(chart.data, field)["type"] in {"keyword", "date", "boolean", *NUMBERS}, field
    for measure in chart.measures:
        assert bool(measure.field) == (measure.kind != "count")
        assert measure.kind == "cardinality" or not measure.field or spec(chart.data, measure.field)["type"] in NUMBERS
    if chart.kind in {"bars", "lines"}:
        assert spec(chart.data, chart.over)["type"] == "date"
        assert chart.every != "auto" or chart.over == chart.data.time, "Dashboards cannot tell the width of its bars"


@pytest.mark.parametrize("listed", LISTS, ids=lambda each: each.name)
def test_every_column_is_a_field(listed: Latest) -> None:
    assert all(spec(listed.data, name) for name in (*listed.columns, listed.data.time))


def test_where_is_asked_only_of_what_has_outcomes() -> None:
    assert {each.data.name for each in panels() if each.where} == {"outcomes"}


def test_an_index_pattern_lists_the_fields_of_the_mapping() -> None:
    for each in of("index-pattern"):
        (data,) = {panel.data.pattern: panel.data for panel in panels()
                   if panel.data.pattern == each["attributes"]["title"]}.values()  # fmt: skip
        fields = {field["name"]: field for field in part(each, "fields")}
        assert fields[each["attributes"]["timeFieldName"]]["type"] == "date"
        for name, field in fields.items():
            if not name.startswith("_"):
                assert field["esTypes"] == [spec(data, name)["type"]]
            assert {"searchable", "aggregatable", "readFromDocValues"} <= field.keys()


def test_fields_inside_of_others_and_beside_texts_are_listed() -> None:
    keyword, text = {"type": "keyword"}, {"type": "text", "fields": {"raw": {"type": "keyword"}}}
    kept = {"type": "keyword", "index": False, "doc_values": False}
    listed = list(fields_of({"a": {"properties": {"b": keyword}}, "c": text, "d": {"type": "flat_object"}, "e": kept}))
    assert [each["name"] for each in listed] == ["a.b", "c", "c.raw", "e"]
    assert [each["aggregatable"] for each in listed] == [True, False, True, False]
    assert listed[2]["subType"] == {"multi": {"parent": "c"}}
    assert not listed[3]["searchable"]


def test_each_panel_stands_on_one_dashboard() -> None:
    names = [each.name for each in panels()]
    assert len(set(names)) == len(names)
    assert [each.title for each in DASHBOARDS] == ["Newswire: News desk", "Newswire: Pipeline"]
