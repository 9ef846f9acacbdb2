"""A chart with the rows of an answer as a Vega-Lite 5 specification, to be looked at without Dashboards. Pure."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from deploy.dashboards.asked import Json
from deploy.dashboards.panels import COLOURS, Chart

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v5.json"
WIDTH, HEIGHT = 520, 220
_CONFIG: Final[Json] = {
    "font": "DejaVu Sans, Arial, sans-serif",
    "view": {"stroke": None},
    "axis": {"gridColor": "#e9ecef", "domainColor": "#adb5bd", "tickColor": "#adb5bd", "labelLimit": 180},
    "title": {"anchor": "start", "fontSize": 14, "offset": 12},
}
_CLOCKS: Final = ((600_000, "%H:%M:%S"), (172_800_000, "%H:%M"))
"""Up to so many milliseconds, how a moment is written; above, by its day."""


def spec(chart: Chart, rows: Sequence[Json]) -> Json:
    """The whole specification, with its data."""
    made: Json = {
        "$schema": SCHEMA, "title": {"text": chart.title}, "background": "white", "padding": 12,
        "width": WIDTH, "height": HEIGHT, "config": _CONFIG,
    }  # fmt: skip
    if not rows:
        return made | {"data": {"values": [{}]}, "mark": {"type": "text", "text": "Nothing in this time"}}
    ranks = {name: rank for rank, name in enumerate(_series(chart, rows))}
    ranked = {"data": {"values": [{**row, "rank": ranks[row["series"]]} for row in rows]}}
    return made | ranked | _DRAWN[chart.kind](chart, rows)


def _numbers(chart: Chart, _rows: Sequence[Json]) -> Json:
    order = [each.label for each in chart.measures]
    place: Json = {"field": "series", "type": "nominal", "sort": order, "axis": None}
    big = {"mark": {"type": "text", "fontSize": 36, "dy": -10}, "encoding": {"text": {"field": "value", "format": ","}}}
    small = {"mark": {"type": "text", "fontSize": 13, "dy": 24}, "encoding": {"text": {"field": "series"}}}
    return {"height": 90, "encoding": {"x": place}, "layer": [big, small]}


def _over_time(chart: Chart, rows: Sequence[Json], y: Json) -> Json:
    length = max(row["until"] for row in rows) - min(row["over"] for row in rows)
    clock = next((each for most, each in _CLOCKS if length <= most and chart.every == "auto"), "%d %b")
    axis: Json = {"format": clock, "labelOverlap": True, "tickCount": 6}
    x: Json = {"field": "over", "type": "temporal", "title": None, "scale": {"type": "utc"}, "axis": axis}
    y |= {"type": "quantitative", "title": chart.unit, "axis": _ticks(chart, rows)}
    named = bool(chart.split) or len({row["series"] for row in rows}) > 1
    return {"encoding": {"x": x, "y": y, **(_colour(chart, rows) if named else {})}}


def _bars(chart: Chart, rows: Sequence[Json]) -> Json:
    made = _over_time(chart, rows, {"field": "low"})
    made["encoding"] |= {"x2": {"field": "until"}, "y2": {"field": "high"}}
    piled = {"stack": "value", "groupby": ["over"], "sort": [{"field": "rank"}], "as": ["low", "high"]}
    mark = {"type": "bar", "stroke": "white", "strokeWidth": 0.5}
    return {"mark": mark, "transform": [piled], **made}


def _lines(chart: Chart, rows: Sequence[Json]) -> Json:
    return {"mark": {"type": "line", "point": True}, **_over_time(chart, rows, {"field": "value"})}


def _ranking(chart: Chart, rows: Sequence[Json]) -> Json:
    by_sum = {"field": "value", "op": "sum", "order": "descending"}
    y: Json = {"field": "over", "type": "nominal", "title": None, "sort": by_sum}
    x = {"field": "value", "type": "quantitative", "title": chart.unit, "axis": _ticks(chart, rows)}
    colour = _colour(chart, rows) if chart.split else {}
    return {"mark": "bar", "height": {"step": 26}, "encoding": {"y": y, "x": x, "order": {"field": "rank"}, **colour}}


def _ticks(chart: Chart, rows: Sequence[Json]) -> Json:
    """A few; and no half articles."""
    if chart.measures[0].kind not in {"count", "sum"}:
        return {"tickCount": 5}
    piles: dict[Any, float] = {}
    for row in rows:
        piles[row["over"]] = piles.get(row["over"], 0) + row["value"]
    return {"format": ",d", "tickMinStep": 1, "tickCount": max(1, min(5, int(max(piles.values()))))}


def _series(chart: Chart, rows: Sequence[Json]) -> list[str]:
    """Names of series: those of a split by how much they are, the others as they are described."""
    totals: dict[str, float] = {}
    for row in rows:
        totals[row["series"]] = totals.get(row["series"], 0) + (row["value"] or 0)
    return sorted(totals, key=lambda name: -totals[name]) if chart.split else list(totals)


def _colour(chart: Chart, rows: Sequence[Json]) -> Json:
    order = _series(chart, rows)
    scale: Json = {"domain": order}
    if COLOURS.keys() >= set(order):
        scale["range"] = [COLOURS[name] for name in order]
    return {"color": {"field": "series", "type": "nominal", "title": None, "sort": order, "scale": scale}}


_DRAWN: Final[dict[str, Callable[[Chart, Sequence[Json]], Json]]] = {
    "bars": _bars,
    "lines": _lines,
    "ranking": _ranking,
    "numbers": _numbers,
}
