"""The saved objects that Dashboards imports, one JSON object a line. Pure.

Ids are ours and stay, so that an import replaces what the one before brought. `migrationVersion` is the newest that
Dashboards knows for each type: it refuses objects of a later one.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from deploy.dashboards.asked import Json, aggregations
from deploy.dashboards.panels import COLOURS, COLUMNS, DASHBOARDS, Chart, Dashboard, Data, Latest, Panel, panels

PANEL_VERSION: Final = "3.8.0"
VERSIONS: Final = {"index-pattern": "7.6.0", "visualization": "7.10.0", "search": "7.9.3", "dashboard": "7.9.3"}
SEARCH_SOURCE: Final = "kibanaSavedObjectMeta.searchSourceJSON.index"
REFRESH_MS: Final = 30_000

_TYPES: Final = {
    "keyword": "string", "text": "string", "match_only_text": "string", "date": "date", "boolean": "boolean",
    "half_float": "number", "float": "number", "integer": "number", "long": "number",
}  # fmt: skip
"""Of a field in OpenSearch to that in Dashboards. What is missing here Dashboards shows and cannot ask for."""
_META: Final = (("_id", "string", True), ("_index", "string", True), ("_score", "number", False),
                ("_source", "_source", False), ("_type", "string", False))  # fmt: skip


def ndjson() -> str:
    """The file to import."""
    return "".join(json.dumps(each, ensure_ascii=False, separators=(",", ":")) + "\n" for each in saved_objects())


def saved_objects() -> list[Json]:
    """Index patterns, panels, dashboards: each after what it refers to."""
    data = {panel.data.name: panel.data for panel in panels()}
    return [
        *(_pattern(each) for each in data.values()),
        *(_visualization(each) if isinstance(each, Chart) else _search(each) for each in panels()),
        *(_dashboard(each) for each in DASHBOARDS),
    ]


def _object(kind: str, name: str, attributes: Json, references: list[Json]) -> Json:
    return {
        "type": kind,
        "id": f"newswire-{name}",
        "attributes": attributes,
        "references": references,
        "migrationVersion": {kind: VERSIONS[kind]},
    }


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _pattern(data: Data) -> Json:
    fields = [_meta_field(*each) for each in _META] + list(fields_of(data.properties))
    attributes = {"title": data.pattern, "timeFieldName": data.time, "fields": _text(fields)}
    return _object("index-pattern", data.name, attributes, [])


def _meta_field(name: str, kind: str, usable: bool) -> Json:  # noqa: FBT001 - a row of the table above
    return _field(name, kind, [] if name in {"_score", "_type"} else [name], searchable=usable, counted=usable) | {
        "readFromDocValues": False
    }


def _field(name: str, kind: str, types: list[str], *, searchable: bool, counted: bool) -> Json:
    found: Json = {"count": 0, "name": name, "type": kind, "scripted": False, "searchable": searchable}
    found |= {"aggregatable": counted, "readFromDocValues": counted}
    return found | ({"esTypes": types} if types else {})


def fields_of(properties: Mapping[str, Mapping[str, Any]], above: str = "") -> Iterator[Json]:
    """The fields of a mapping as an index pattern lists them, those inside of objects and beside texts too."""
    for name, spec in properties.items():
        path, kind = f"{above}{name}", str(spec.get("type", ""))
        if "properties" in spec:
            yield from fields_of(spec["properties"], f"{path}.")
        if kind in _TYPES:
            counted = spec.get("doc_values", True) and kind not in {"text", "match_only_text"}
            yield _field(path, _TYPES[kind], [kind], searchable=spec.get("index", True), counted=counted)
        for each in fields_of(spec.get("fields", {}), f"{path}."):
            yield each | {"subType": {"multi": {"parent": path}}}


def _source(panel: Panel, **more: Any) -> Json:
    query = {"query": f'outcome : "{panel.where}"' if panel.where else "", "language": "kuery"}
    source: Json = {"query": query, "filter": [], "indexRefName": SEARCH_SOURCE, **more}
    return {"kibanaSavedObjectMeta": {"searchSourceJSON": _text(source)}}


def _of_pattern(panel: Panel) -> list[Json]:
    return [{"name": SEARCH_SOURCE, "type": "index-pattern", "id": f"newswire-{panel.data.name}"}]


def _search(panel: Latest) -> Json:
    attributes: Json = {
        "title": panel.title, "description": panel.about, "hits": 0, "version": 1,
        "columns": list(panel.columns), "sort": [[panel.data.time, "desc"]],
        **_source(panel, highlightAll=True, version=True),
    }  # fmt: skip
    return _object("search", panel.name, attributes, _of_pattern(panel))


def _visualization(chart: Chart) -> Json:
    kinds = {"bars": "histogram", "lines": "line", "ranking": "horizontal_bar", "numbers": "metric"}
    state = {"title": chart.title, "type": kinds[chart.kind], "aggs": aggregations(chart), "params": _params(chart)}
    named = chart.split in {"outcome", "stage", "health"} or chart.measures[0].label in COLOURS
    colours = {"vis": {"colors": COLOURS}} if named else {}
    attributes: Json = {
        "title": chart.title, "description": chart.about, "version": 1,
        "visState": _text(state), "uiStateJSON": _text(colours), **_source(chart),
    }  # fmt: skip
    return _object("visualization", chart.name, attributes, _of_pattern(chart))


def _params(chart: Chart) -> Json:
    return _numbers() if chart.kind == "numbers" else _axes(chart)


def _numbers() -> Json:
    style = {"bgFill": "#000", "bgColor": False, "labelColor": False, "subText": "", "fontSize": 36}
    metric = {
        "percentageMode": False, "useRanges": False, "colorSchema": "Green to Red", "metricColorMode": "None",
        "colorsRange": [{"from": 0, "to": 10_000}], "labels": {"show": True}, "invertColors": False, "style": style,
    }  # fmt: skip
    return {"addTooltip": True, "addLegend": False, "type": "metric", "metric": metric}


def _axes(chart: Chart) -> Json:
    flat, line = chart.kind == "ranking", chart.kind == "lines"
    category = {
        "id": "CategoryAxis-1", "type": "category", "position": "left" if flat else "bottom", "show": True,
        "style": {}, "scale": {"type": "linear"}, "title": {},
        "labels": {"show": True, "rotate": 0, "filter": not flat, "truncate": 200 if flat else 100},
    }  # fmt: skip
    value = {
        "id": "ValueAxis-1", "name": "LeftAxis-1", "type": "value", "position": "bottom" if flat else "left",
        "show": True, "style": {}, "scale": {"type": "linear", "mode": "normal"}, "title": {"text": chart.unit},
        "labels": {"show": True, "rotate": 0, "filter": flat, "truncate": 100},
    }  # fmt: skip
    series = [
        {
            "show": True, "type": "line" if line else "histogram", "mode": "normal" if line else "stacked",
            "data": {"label": each.label, "id": str(number)}, "valueAxis": "ValueAxis-1",
            "drawLinesBetweenPoints": True, "lineWidth": 2, "showCircles": True, "interpolate": "linear",
        }
        for number, each in enumerate(chart.measures, 1)
    ]  # fmt: skip
    return {
        "type": "line" if line else "histogram", "grid": {"categoryLines": False},
        "categoryAxes": [category], "valueAxes": [value], "seriesParams": series,
        "addTooltip": True, "addLegend": bool(chart.split) or chart.kind != "ranking", "legendPosition": "right",
        "times": [], "addTimeMarker": False, "labels": {"show": flat},
        "thresholdLine": {"show": False, "value": 10, "width": 1, "style": "full", "color": "#E7664C"},
    }  # fmt: skip


def _dashboard(board: Dashboard) -> Json:
    placed = list(_placed(board))
    shown = [
        {
            "version": PANEL_VERSION, "gridData": {**grid, "i": panel.name}, "panelIndex": panel.name,
            "embeddableConfig": {}, "panelRefName": f"panel_{number}",
        }
        for number, (panel, grid) in enumerate(placed)
    ]  # fmt: skip
    references = [
        {
            "name": f"panel_{number}",
            "type": "visualization" if isinstance(panel, Chart) else "search",
            "id": f"newswire-{panel.name}",
        }
        for number, (panel, _) in enumerate(placed)
    ]
    attributes: Json = {
        "title": board.title, "description": board.about, "hits": 0, "version": 1,
        "panelsJSON": _text(shown), "optionsJSON": _text({"useMargins": True, "hidePanelTitles": False}),
        "timeRestore": True, "timeFrom": board.since, "timeTo": "now",
        "refreshInterval": {"pause": False, "value": REFRESH_MS},
        "kibanaSavedObjectMeta": {
            "searchSourceJSON": _text({"query": {"query": "", "language": "kuery"}, "filter": []})
        },
    }  # fmt: skip
    return _object("dashboard", board.name, attributes, references)


def _placed(board: Dashboard) -> Iterator[tuple[Panel, Json]]:
    top = 0
    for row in board.rows:
        width = COLUMNS // len(row.panels)
        for number, panel in enumerate(row.panels):
            yield panel, {"x": number * width, "y": top, "w": width, "h": row.height}
        top += row.height
