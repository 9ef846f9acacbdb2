"""What each chart asks OpenSearch, in Dashboards' own terms, as a search's body, and the rows of an answer. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from deploy.dashboards.panels import Chart, Measure

Json = dict[str, Any]

MOST_BARS: Final = 60
STEPS: Final = (1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 10_800, 43_200, 86_400)
"""Seconds that a bar may stand for."""
DAY_MS: Final = 86_400_000


def aggregations(chart: Chart) -> list[Json]:
    """The `aggs` of a visualization: measures, then what they are taken over, the outermost first."""
    measures = [_metric(str(number), each) for number, each in enumerate(chart.measures, 1)]
    after = len(measures) + 1
    over = _histogram(chart) if chart.kind in {"bars", "lines"} else _terms(chart.over, chart.most)
    split = ("group", *_terms(chart.split, chart.most)) if chart.split else None
    buckets = [("segment", *over)] if chart.over else []
    if split:  # over time the series are the top ones of the whole time
        buckets.insert(len(buckets) if chart.kind == "ranking" else 0, split)
    return measures + [
        {"id": str(after + number), "enabled": True, "type": kind, "schema": schema, "params": params}
        for number, (schema, kind, params) in enumerate(buckets)
    ]


def _metric(number: str, measure: Measure) -> Json:
    params: Json = {"field": measure.field} if measure.field else {}
    if measure.percents:
        params["percents"] = list(measure.percents)
    if not measure.percents:  # their series are named by the percentage already
        params["customLabel"] = measure.label
    return {"id": number, "enabled": True, "type": measure.kind, "schema": "metric", "params": params}


def _terms(field: str, most: int) -> tuple[str, Json]:
    return "terms", {
        "field": field, "orderBy": "1", "order": "desc", "size": most, "otherBucket": False,
        "otherBucketLabel": "Other", "missingBucket": False, "missingBucketLabel": "Missing",
    }  # fmt: skip


def _histogram(chart: Chart) -> tuple[str, Json]:
    return "date_histogram", {
        "field": chart.over, "useNormalizedOpenSearchInterval": True, "scaleMetricValues": False,
        "interval": chart.every, "drop_partials": False, "min_doc_count": 1, "extended_bounds": {},
    }  # fmt: skip


def body(chart: Chart, start: datetime, end: datetime) -> Json:
    """The search that Dashboards sends for the chart, between two moments."""
    made = aggregations(chart)
    measures: Json = {
        each["id"]: {each["type"]: {name: value for name, value in each["params"].items() if name != "customLabel"}}
        for each in made
        if each["schema"] == "metric" and each["type"] != "count"
    }
    inner = measures
    for bucket in reversed([each for each in made if each["schema"] != "metric"]):
        first = measures.get("1")  # what series are ordered by, Dashboards asks for beside them too
        asked = _bucket(bucket, ordered_by="1" if first else "_count", seconds=step(start, end))
        beside = {"1": first} | inner if first and bucket["type"] == "terms" else inner
        inner = {bucket["id"]: asked | ({"aggs": beside} if beside else {})}
    within = {"range": {chart.data.time: {"gte": start.isoformat(), "lt": end.isoformat()}}}
    only = [{"term": {"outcome": chart.where}}] if chart.where else []
    asked = {"size": 0, "track_total_hits": True, "query": {"bool": {"filter": [within, *only]}}}
    return asked | ({"aggs": inner} if inner else {})


def _bucket(bucket: Json, *, ordered_by: str, seconds: int) -> Json:
    params = bucket["params"]
    if bucket["type"] == "terms":
        return {"terms": {"field": params["field"], "size": params["size"], "order": {ordered_by: params["order"]}}}
    width = {"calendar_interval": "1d"} if params["interval"] == "d" else {"fixed_interval": f"{seconds}s"}
    return {"date_histogram": {"field": params["field"], "min_doc_count": params["min_doc_count"], **width}}


def step(start: datetime, end: datetime) -> int:
    """Seconds of a bar, such that there are not too many."""
    whole = (end - start).total_seconds()
    return next((each for each in STEPS if whole / each <= MOST_BARS), STEPS[-1])


def rows(chart: Chart, answer: Mapping[str, Any], seconds: int) -> list[Json]:
    """An answer as rows: `value`, its `series`, and where it stands: `over`, over time from there `until`; ms."""
    buckets = [each for each in aggregations(chart) if each["schema"] != "metric"]
    width = DAY_MS if chart.every == "d" else seconds * 1_000
    total = {"doc_count": answer["hits"]["total"]["value"]}
    return list(_walk(chart, buckets, {**answer.get("aggregations", {}), **total}, {}, width))


def _walk(chart: Chart, buckets: Sequence[Json], found: Mapping[str, Any], at: Json, width: int) -> Iterator[Json]:
    if not buckets:
        yield from _values(chart, found, at)
        return
    first, *rest = buckets
    for each in found[first["id"]]["buckets"]:
        place = {"series": each["key"]} if first["schema"] == "group" else {"over": each["key"]}
        if first["type"] == "date_histogram":
            place["until"] = each["key"] + width
        yield from _walk(chart, rest, each, at | place, width)


def _values(chart: Chart, found: Mapping[str, Any], at: Json) -> Iterator[Json]:
    for number, measure in enumerate(chart.measures, 1):
        if measure.kind == "count":
            yield {"series": measure.label, "value": found["doc_count"]} | at
            continue
        answered = found[str(number)]
        for percent in measure.percents:
            yield {"series": f"{percent} %", "value": answered["values"][f"{percent:.1f}"]} | at
        if not measure.percents:
            yield {"series": measure.label, "value": answered["value"]} | at
