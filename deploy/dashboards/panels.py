"""The dashboards, panel by panel. What Dashboards imports, what each panel asks and its picture are made from this."""

from dataclasses import dataclass
from typing import Final, Literal

from deploy.opensearch.mappings import ARTICLE, OUTCOME, STORED, Properties
from shared.indices import ARTICLES_PATTERN, PIPELINE_PATTERN

COLUMNS: Final = 48
"""The width of a dashboard."""


@dataclass(frozen=True, slots=True)
class Data:
    """Indices, and the field that a dashboard's time range is about."""

    name: str
    pattern: str
    time: str
    properties: Properties


@dataclass(frozen=True, slots=True)
class Measure:
    """A number: how many documents, or something of a field. `percents`: of percentiles."""

    kind: Literal["count", "cardinality", "avg", "sum", "percentiles"]
    label: str
    field: str = ""
    percents: tuple[int, ...] = ()


COUNT: Final = Measure("count", "articles")
EVENTS: Final = Measure("count", "events")
MESSAGES: Final = Measure("count", "messages")


@dataclass(frozen=True, slots=True)
class Chart:
    """`bars` and `lines` go over time, a `ranking` over the `most` values of `over`; `numbers` go over nothing.

    `split`: a series for each value of this field. `where`: only documents with this outcome. `every`: a bar's width;
    Dashboards finds it by itself only where `over` is the field of the time range.
    """

    name: str
    title: str
    data: Data
    kind: Literal["bars", "lines", "ranking", "numbers"]
    measures: tuple[Measure, ...]
    over: str = ""
    split: str = ""
    where: str = ""
    every: Literal["auto", "d"] = "auto"
    most: int = 10
    about: str = ""

    @property
    def unit(self) -> str:
        """What the values are."""
        first = self.measures[0]
        return "seconds" if first.kind in {"avg", "percentiles"} else first.label


@dataclass(frozen=True, slots=True)
class Latest:
    """Documents, the newest first."""

    name: str
    title: str
    data: Data
    columns: tuple[str, ...]
    where: str = ""
    about: str = ""


Panel = Chart | Latest


@dataclass(frozen=True, slots=True)
class Row:
    """Panels side by side, all of one width."""

    height: int
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """`since`: the time range to begin with, back from now."""

    name: str
    title: str
    about: str
    since: str
    rows: tuple[Row, ...]


ARTICLES: Final = Data("articles", ARTICLES_PATTERN, "first_seen_at", ARTICLE | STORED)
OUTCOMES: Final = Data("outcomes", PIPELINE_PATTERN, "ended_at", OUTCOME)

COLOURS: Final = {
    "indexed": "#2a9d8f", "skipped": "#adb5bd", "dead": "#d62839",
    "source.quiet": "#8d99ae", "source.drift": "#f2a541", "source.failing": "#d62839", "source.recovered": "#2a9d8f",
    "fetch": "#8d6a9f", "parse": "#4c78a8", "enrich": "#f2a541", "index": "#59b3a5",
}  # fmt: skip
"""Of series with these names, wherever they are."""


def _top(field: str, title: str) -> Chart:
    return Chart(f"by-{field}", title, ARTICLES, "ranking", (COUNT,), over=field)


NEWS_DESK: Final = Dashboard(
    "news-desk", "Newswire: News desk", "What came in, from where, in which languages.", "now-7d",
    (
        Row(6, (
            Chart("totals", "In this time", ARTICLES, "numbers", (
                COUNT, Measure("cardinality", "sources", "source"), Measure("cardinality", "domains", "domain"),
                Measure("cardinality", "languages", "language"),
            )),
        )),
        Row(14, (
            Chart("first-seen", "Articles by when they came, and source", ARTICLES, "bars", (COUNT,),
                  over="first_seen_at", split="source"),
            Chart("published", "Articles by day of publication, and language", ARTICLES, "bars", (COUNT,),
                  over="published_at", split="language", every="d",
                  about="Of the articles that came in this time; those without a date are missing."),
        )),
        Row(14, (
            _top("source", "Sources"), _top("language", "Languages"),
            _top("domain", "Domains"), _top("section", "Sections"),
        )),
        Row(20, (
            Latest("latest", "Latest articles", ARTICLES,
                   ("published_at", "source", "language", "section", "headline")),
        )),
    ),
)  # fmt: skip

PIPELINE: Final = Dashboard(
    "pipeline", "Newswire: Pipeline", "What became of every message, how long it took, and what went wrong.", "now-24h",
    (
        Row(14, (
            Chart("outcomes-by-time", "Outcomes", OUTCOMES, "bars", (MESSAGES,), over="ended_at", split="outcome"),
            Chart("outcomes-by-source", "Outcomes by source", OUTCOMES, "ranking", (MESSAGES,),
                  over="source", split="outcome"),
        )),
        Row(14, (
            Chart("seconds", "Published to indexed, in seconds", OUTCOMES, "lines",
                  (Measure("percentiles", "seconds", "seconds", (50, 95, 99)),), over="ended_at", where="indexed",
                  about="From the acceptance of the raw message to OpenSearch's answer, without replays;"
                  " a search sees it within a second of that."),
            Chart("stages", "Mean seconds in each stage, waiting included", OUTCOMES, "bars", (
                Measure("avg", "parse", "parse_seconds"), Measure("avg", "enrich", "enrich_seconds"),
                Measure("avg", "index", "index_seconds"),
            ), over="ended_at", where="indexed"),
        )),
        Row(14, (
            Chart("skips", "Why messages were skipped", OUTCOMES, "ranking", (MESSAGES,),
                  over="reason", split="stage", where="skipped"),
            Chart("deaths", "Why messages became dead letters", OUTCOMES, "ranking", (MESSAGES,),
                  over="reason", split="stage", where="dead"),
        )),
        Row(14, (
            Chart("dead-letters", "Dead letters, by stage", OUTCOMES, "bars", (MESSAGES,),
                  over="ended_at", split="stage", where="dead"),
            Chart("retries", "Retries, by what the messages ended as", OUTCOMES, "bars",
                  (Measure("sum", "retries", "retries"),), over="ended_at", split="outcome",
                  about="Deliveries beyond the first, at all stages of a message together."),
        )),
        Row(14, (
            Chart("source-health", "How sources fare: troubles that began or were over", OUTCOMES, "bars", (EVENTS,),
                  over="ended_at", split="health",
                  about="Silence, drift and feeds that cannot be had; `newswire sources --health` tells more of each."),
            Chart("source-troubles", "Troubles by source", OUTCOMES, "ranking", (EVENTS,),
                  over="source", split="health"),
        )),
        Row(16, (
            Latest("latest-dead", "Latest dead letters", OUTCOMES,
                   ("stage", "source", "reason", "detail", "origin"), where="dead"),
        )),
    ),
)  # fmt: skip

DASHBOARDS: Final = (NEWS_DESK, PIPELINE)


def panels() -> tuple[Panel, ...]:
    """All panels of all dashboards."""
    return tuple(panel for board in DASHBOARDS for row in board.rows for panel in row.panels)
