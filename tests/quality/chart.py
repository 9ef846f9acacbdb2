"""The scoreboard as a picture: every measure with its interval, and CPU."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import vl_convert

from tests.quality.readers import OURS, YARDSTICK
from tests.quality.scores import MEASURES, Row

OURS_COLOUR: Final = "#c2410c"
PEER_COLOUR: Final = "#64748b"
_TITLES: Final = {
    "body": "Body, 4-gram F1",
    "title": "Title, same words",
    "date": "Day of publication",
    "instant": "Instant, within a minute",
    "authors": "Authors, as a set",
}
_NAME: Final = {"field": "parser", "type": "nominal", "sort": None, "title": None}
_COLOUR: Final = {
    "condition": {"test": f"datum.parser === '{OURS}'", "value": OURS_COLOUR},
    "value": PEER_COLOUR,
}


def draw(rows: Sequence[Row], pages: int, folder: Path) -> None:
    """Write quality.svg and quality.png: `rows` are the parsers' means over all sets."""
    picture = spec(rows, pages)
    (folder / "quality.svg").write_text(vl_convert.vegalite_to_svg(picture), encoding="utf-8")
    (folder / "quality.png").write_bytes(vl_convert.vegalite_to_png(picture, scale=2))


def spec(rows: Sequence[Row], pages: int) -> dict[str, Any]:
    """The chart in Vega-Lite: a panel for each measure, best at the top."""
    panels = [_measure(rows, name) for name in MEASURES if any(row.means[name] for row in rows)]
    return {
        "title": {
            "text": f"Article parsers on {pages} labelled pages",
            "anchor": "start",
            "fontSize": 16,
            "offset": 12,
        },
        "config": {"view": {"stroke": None}, "axis": {"labelFontSize": 11, "titleFontSize": 11}},
        "columns": 2,
        "spacing": {"row": 28, "column": 36},
        "concat": [*panels, _cpu(rows)],
    }


def _measure(rows: Sequence[Row], name: str) -> dict[str, Any]:
    known = [(row.reader, mean) for row in rows if (mean := row.means[name])]
    ranked = sorted(known, key=lambda each: -each[1].value)
    values = [
        {"parser": reader, "mean": mean.value, "low": mean.low, "high": mean.high, "label": f"{mean.value:.3f}"}
        for reader, mean in ranked
    ]
    across = {"field": "mean", "type": "quantitative", "title": None, "scale": {"zero": False, "nice": True}}
    return {
        **_panel(f"{_TITLES[name]} ({ranked[0][1].pages} pages)", values),
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 2},
                "encoding": {"x": {**across, "field": "low"}, "x2": {"field": "high"}},
            },
            {"mark": {"type": "point", "filled": True, "size": 70, "opacity": 1}, "encoding": {"x": across}},
            {"mark": {"type": "text", "dy": -9, "fontSize": 10}, "encoding": {"x": across, "text": {"field": "label"}}},
        ],
    }


def _cpu(rows: Sequence[Row]) -> dict[str, Any]:
    ranked = sorted(rows, key=lambda each: each.times)
    values = [{"parser": row.reader, "times": row.times, "label": f"{row.times:.2f}"} for row in ranked]
    across = {"field": "times", "type": "quantitative", "title": f"times {YARDSTICK}"}
    return {
        **_panel("CPU of a page", values),
        "layer": [
            {"mark": {"type": "bar", "height": {"band": 0.6}}, "encoding": {"x": across}},
            {
                "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 10},
                "encoding": {"x": across, "text": {"field": "label"}},
            },
        ],
    }


def _panel(title: str, values: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "title": {"text": title, "anchor": "start", "fontSize": 12},
        "width": 320,
        "height": {"step": 26},
        "data": {"values": values},
        "encoding": {"y": _NAME, "color": _COLOUR},
    }
