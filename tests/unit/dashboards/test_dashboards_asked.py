"""What a chart asks, and how its answer is read."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.dashboards.asked import MOST_BARS, STEPS, aggregations, body, rows, step
from deploy.dashboards.panels import ARTICLES, OUTCOMES, Chart, Measure, panels
from deploy.dashboards.vega import spec
from tests.charts import png

START = datetime(2026, 3, 14, 10, 0, tzinfo=UTC)
END = START + timedelta(hours=1)
COUNT = Measure("count", "messages")
CHARTS = [each for each in panels() if isinstance(each, Chart)]


def answer(aggs: dict[str, Any], total: int = 9) -> dict[str, Any]:
    return {"hits": {"total": {"value": total}}, "aggregations": aggs}


def test_series_over_time_are_the_top_ones_of_the_whole_time() -> None:
    chart = Chart("x", "X", OUTCOMES, "bars", (COUNT,), over="ended_at", split="stage", where="dead")
    asked = body(chart, START, END)
    assert asked["query"]["bool"]["filter"] == [
        {"range": {"ended_at": {"gte": START.isoformat(), "lt": END.isoformat()}}},
        {"term": {"outcome": "dead"}},
    ]
    outer = asked["aggs"]["2"]
    assert outer["terms"] == {"field": "stage", "size": 10, "order": {"_count": "desc"}}
    assert outer["aggs"]["3"]["date_histogram"]["fixed_interval"] == "60s"


def test_series_ordered_by_a_sum_have_it_beside_them() -> None:
    chart = Chart("x", "X", OUTCOMES, "bars", (Measure("sum", "retries", "retries"),), over="ended_at", split="stage")
    outer = body(chart, START, END)["aggs"]["2"]
    assert outer["terms"]["order"] == {"1": "desc"}
    assert outer["aggs"]["1"] == outer["aggs"]["3"]["aggs"]["1"] == {"sum": {"field": "retries"}}


def test_a_ranking_is_of_its_values_first() -> None:
    chart = Chart("x", "X", OUTCOMES, "ranking", (COUNT,), over="source", split="outcome")
    assert [(each["schema"], each["params"].get("field")) for each in aggregations(chart)] == [
        ("metric", None), ("segment", "source"), ("group", "outcome"),
    ]  # fmt: skip
    found = answer({"2": {"buckets": [{"key": "a", "3": {"buckets": [{"key": "dead", "doc_count": 2}]}}]}})
    assert rows(chart, found, 60) == [{"series": "dead", "value": 2, "over": "a"}]


def test_numbers_are_over_nothing() -> None:
    chart = Chart("x", "X", ARTICLES, "numbers", (COUNT, Measure("cardinality", "sources", "source")))
    assert body(chart, START, END)["aggs"] == {"2": {"cardinality": {"field": "source"}}}
    assert rows(chart, answer({"2": {"value": 4}}), 60) == [
        {"series": "messages", "value": 9},
        {"series": "sources", "value": 4},
    ]


def test_percentiles_are_a_series_each() -> None:
    chart = Chart("x", "X", OUTCOMES, "lines", (Measure("percentiles", "s", "seconds", (50, 99)),), over="ended_at")
    bucket = {"key": 1_000, "doc_count": 3, "1": {"values": {"50.0": 0.5, "99.0": None}}}
    assert rows(chart, answer({"2": {"buckets": [bucket]}}), 60) == [
        {"series": "50 %", "value": 0.5, "over": 1_000, "until": 61_000},
        {"series": "99 %", "value": None, "over": 1_000, "until": 61_000},
    ]


@given(st.timedeltas(timedelta(seconds=1), timedelta(days=60)))
def test_there_are_never_too_many_bars(length: timedelta) -> None:
    seconds = step(START, START + length)
    assert seconds in STEPS
    assert length.total_seconds() / seconds <= MOST_BARS


@pytest.mark.parametrize("chart", CHARTS, ids=lambda each: each.name)
def test_a_chart_of_nothing_says_so(chart: Chart) -> None:
    assert spec(chart, [])["mark"]["text"] == "Nothing in this time"
    assert png(chart, []).startswith(b"\x89PNG")


def bars(split: str, *names: str, length: int = 60_000) -> dict[str, Any]:
    """The picture of bars, one a series, each greater than the one before."""
    chart = Chart("x", "X", OUTCOMES, "bars", (COUNT,), over="ended_at", split=split)
    return spec(chart, [{"series": name, "value": n, "over": 0, "until": length} for n, name in enumerate(names, 1)])


def test_series_are_piled_up_the_greatest_first_in_the_colours_they_have_everywhere() -> None:
    drawn = bars("outcome", "dead", "skipped", "indexed")
    assert [(row["series"], row["rank"]) for row in drawn["data"]["values"]] == [
        ("dead", 2), ("skipped", 1), ("indexed", 0),
    ]  # fmt: skip
    assert drawn["encoding"]["color"]["scale"] == {
        "domain": ["indexed", "skipped", "dead"], "range": ["#2a9d8f", "#adb5bd", "#d62839"],
    }  # fmt: skip
    assert bars("source", "a", "b")["encoding"]["color"]["scale"] == {"domain": ["b", "a"]}


@pytest.mark.parametrize(("values", "ticks"), [((1,), 1), ((1, 2), 3), ((40, 5), 5), ((0,), 1)])
def test_there_are_no_ticks_between_whole_numbers(values: tuple[int, ...], ticks: int) -> None:
    chart = Chart("x", "X", OUTCOMES, "bars", (COUNT,), over="ended_at", split="source")
    drawn = spec(chart, [{"series": str(n), "value": value, "over": 0, "until": 9} for n, value in enumerate(values)])
    assert drawn["encoding"]["y"]["axis"]["tickCount"] == ticks


@pytest.mark.parametrize(("hours", "clock"), [(0.1, "%H:%M:%S"), (5, "%H:%M"), (60, "%d %b")])
def test_moments_are_written_as_finely_as_the_time_needs(hours: float, clock: str) -> None:
    drawn = bars("stage", "parse", length=int(hours * 3_600_000))
    assert drawn["encoding"]["x"]["axis"]["format"] == clock
