"""A chart of the dashboards, asked of the real OpenSearch and drawn."""

from datetime import datetime
from typing import Any

import vl_convert
from opensearchpy import AsyncOpenSearch

from deploy.dashboards import asked, vega
from deploy.dashboards.panels import Chart
from shared.opensearch import ask

VEGA_LITE = "5.21"
SCALE = 1.5


async def rows(search: AsyncOpenSearch, chart: Chart, start: datetime, end: datetime) -> list[dict[str, Any]]:
    """What OpenSearch answers to the chart."""
    answer = await ask(search, "POST", f"/{chart.data.pattern}/_search", asked.body(chart, start, end))
    return asked.rows(chart, answer, asked.step(start, end))


def png(chart: Chart, found: list[dict[str, Any]]) -> bytes:
    """The picture of a chart."""
    return vl_convert.vegalite_to_png(vega.spec(chart, found), vl_version=VEGA_LITE, scale=SCALE)


def svg(chart: Chart, found: list[dict[str, Any]]) -> str:
    """The same, to be scaled."""
    return vl_convert.vegalite_to_svg(vega.spec(chart, found), vl_version=VEGA_LITE)
