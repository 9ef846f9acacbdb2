"""`newswire search`: find articles."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import click
from rich.console import Console
from rich.text import Text

from services.ctl.output import emit, joined, plain, printable
from services.ctl.settings import load
from shared import opensearch
from shared.errors import DependencyDown
from shared.indices import ARTICLES_ALIAS, SEARCH_FIELDS
from shared.settings import Settings
from shared.subjects import token

LONGEST_QUERY: Final = 1_000
"""Characters."""
MOST: Final = 1_000
SECONDS: Final = 10
"""For OpenSearch to answer."""
SYNTAX: Final = "AND|OR|NOT|PHRASE|PRECEDENCE|WHITESPACE"
"""Of simple_query_string: no prefix, fuzzy, slop or escape, which can cost a node minutes."""
OPENED, CLOSED = "\ue000", "\ue001"
"""Around what matched; characters for private use, so that no text has them."""
SHOWN: Final = (
    "article_id", "headline", "source", "publisher", "url", "language", "byline", "published_at", "published_raw",
    "published_precision", "published_zone", "published_zone_source", "first_seen_at", "read_minutes", "keywords",
    "summary", "origin", "trace_id",
)  # fmt: skip


def request(query: str, source: str | None, limit: int) -> dict[str, Any]:
    """The search as OpenSearch takes it. Every word must be there, in any of the fields."""
    words = {
        "query": query,
        "fields": list(SEARCH_FIELDS),
        "default_operator": "and",
        "flags": SYNTAX,
        "analyze_wildcard": False,
        "lenient": True,
    }
    only: list[dict[str, Any]] = [{"term": {"source": token(source)}}] if source else []
    snippet = {"fragment_size": 160, "number_of_fragments": 1, "pre_tags": [OPENED], "post_tags": [CLOSED]}
    return {
        "query": {"bool": {"must": [{"simple_query_string": words}], "filter": only}},
        "_source": list(SHOWN),
        "size": limit,
        "sort": ["_score", {"published_at": {"order": "desc", "unmapped_type": "date"}}],
        "track_scores": True,
        "track_total_hits": True,
        "timeout": f"{SECONDS}s",
        "highlight": {
            **snippet,
            "max_analyzer_offset": 500_000,
            "fields": {"body_in.*": {}, "body": {}, "summary": {}},
        },
    }


def found(hit: Mapping[str, Any]) -> dict[str, Any]:
    """One article, flat: what is stored of it, how well it matches, and where."""
    fragments = [text for texts in hit.get("highlight", {}).values() for text in texts]
    return {
        **hit["_source"],
        "score": hit.get("_score"),
        "index": hit["_index"],
        "snippet": next(iter(fragments), None),
    }


def published(article: Mapping[str, Any]) -> str:
    """The published time, its zone, and where the zone is from."""
    if not article.get("published_at"):
        return "no published time"
    zone = plain(str(article.get("published_zone") or ""))
    origin = str(article.get("published_zone_source") or "").replace("_", " ")
    known = ", ".join(part for part in (zone, origin) if part)
    return f"{article['published_at']}" + (f" ({known})" if known else "")


def lines(article: Mapping[str, Any]) -> Text:
    """The article for a person, with what matched in bold."""
    text = Text(plain(str(article.get("headline", ""))), style="bold")
    known = [article.get("source"), published(article), article.get("language"), f"score {article['score']:.2f}"]
    text.append(f"\n  {joined(known)}", style="not bold")
    if article.get("url"):
        text.append(f"\n  {plain(article['url'], 500)}", style="not bold cyan")
    if article.get("snippet"):
        text.append("\n  ").append_text(matched(article["snippet"]))
    return text.append(f"\n  {article.get('article_id')}\n", style="not bold dim")


def matched(snippet: str) -> Text:
    """The snippet with what matched underlined."""
    text = Text(style="not bold")
    for part in snippet.split(OPENED):
        inside, closed, after = part.partition(CLOSED)
        text.append(printable(inside), style="underline" if closed else "").append(printable(after))
    return text


async def ask(settings: Settings, body: dict[str, Any]) -> dict[str, Any]:
    """OpenSearch's answer.

    Raises:
        DependencyDown: it is away, or was never provisioned.
    """
    client = opensearch.connect_as(settings, seconds=SECONDS + 5)
    try:
        answer: dict[str, Any] | None = await opensearch.ask(client, "POST", f"/{ARTICLES_ALIAS}/_search", body)
    finally:
        await client.close()
    if answer is None:
        raise DependencyDown("dependency_down", f"OpenSearch has no {ARTICLES_ALIAS}; run `newswire provision`")
    return answer


@click.command()
@click.argument("query")
@click.option("--source", help="Only articles of this source.")
@click.option("--limit", type=click.IntRange(1, MOST), default=10, show_default=True, help="Articles to show.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def search(query: str, source: str | None, limit: int, *, as_json: bool) -> None:
    """Find articles in which all words of QUERY stand: headline, body, summary, keywords, byline; any language.

    "a phrase" in quotes, `|` for or, `-word` for not, (brackets) to group.
    """
    if not query.strip() or len(query) > LONGEST_QUERY:
        raise click.BadParameter(f"give 1 to {LONGEST_QUERY:,} characters", param_hint="QUERY")
    answer = asyncio.run(ask(load(Settings), request(query, source, limit)))
    _print(answer, as_json=as_json)


def _print(answer: dict[str, Any], *, as_json: bool) -> None:
    articles = [found(hit) for hit in answer["hits"]["hits"]]
    if as_json:
        for article in articles:
            plainly = (article["snippet"] or "").replace(OPENED, "").replace(CLOSED, "")
            emit({**article, "snippet": plainly or None})
    else:
        console = Console(highlight=False, soft_wrap=True)
        for article in articles:
            console.print(lines(article))
        total = answer["hits"]["total"]["value"]
        shown = f", the best {len(articles)} shown" if total > len(articles) else ""
        console.print(f"{total:,} found{shown}" if total else "nothing found")
    if answer.get("timed_out") or answer["_shards"]["failed"]:
        click.echo("newswire: part of the index did not answer; there may be more", err=True)
