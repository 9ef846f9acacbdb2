"""Messages for each stage's stream, made from the generated articles by the stages' own code."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from uuid import uuid4

from services.enrich.core import enrich
from services.enrich.steps import STEPS
from services.parse.core import parse_bytes
from shared.contracts import EnrichedArticle, ParsedArticle
from shared.subjects import ENRICHED, PARSED, RAW
from tests.benchmarks.articles import Raw, articles
from tests.benchmarks.world import Message, World

SEED = 20250301
TEXTS = Path(__file__).parents[1] / "fixtures" / "text"
LANGUAGES = ("uk", "ru", "de", "fr", "es", "pl")
DISTINCT = 200
"""Articles that are parsed to fill the later streams; they repeat there, under other ids."""


def raw_message(article: Raw) -> Message:
    """As a publisher sends it who knows its address."""
    return Message(
        RAW.of(article.source), article.body, {"Content-Type": article.content_type, "Newswire-Url": article.url}
    )


def raw(world: World, count: int) -> list[Message]:
    """Raw articles that no round had before."""
    world.sequence += count
    return [raw_message(each) for each in articles(count, SEED, world.sequence - count)]


@cache
def _parsed() -> Sequence[ParsedArticle]:
    now = datetime.now(UTC)
    known = [(each, {"content-type": each.content_type, "newswire-url": each.url}) for each in articles(DISTINCT, SEED)]
    return [parse_bytes(each.body, headers, each.source, now, now=now) for each, headers in known]


@cache
def _enriched() -> Sequence[EnrichedArticle]:
    found = [enrich(each, STEPS, now=each.parsed_at) for each in _parsed()]
    if missed := next((each for each in found if each.steps_missed), None):
        raise RuntimeError(f"steps failed on an article of our own: {missed.enrichment}")
    return found


def parsed_articles(count: int) -> list[ParsedArticle]:
    """Articles as parse publishes them."""
    return list(islice(cycle(_parsed()), count))


def in_other_languages() -> list[ParsedArticle]:
    """The pages as text of the tests, of all languages that enrich finds names in, as parse publishes them."""
    now = datetime.now(UTC)
    texts = [each for language in LANGUAGES for each in sorted(TEXTS.glob(f"{language}_*.txt"))]
    return [parse_bytes(each.read_bytes(), {"content-type": "text/plain"}, each.stem, now, now=now) for each in texts]


def for_enrich(article: ParsedArticle, world: World) -> Message:
    """A parsed article as a message."""
    return _between(PARSED.of(article.source), article, world)


def parsed(world: World, count: int) -> list[Message]:
    """Messages for enrich."""
    return [for_enrich(each, world) for each in islice(cycle(_parsed()), count)]


def enriched_articles(count: int) -> Iterator[EnrichedArticle]:
    """Articles as enrich publishes them; each call gives new identities."""
    for each in islice(cycle(_enriched()), count):
        yield each.model_copy(update={"article_id": str(uuid4())})


def enriched(world: World, count: int) -> list[Message]:
    """Messages for index, all of new articles."""
    return [_between(ENRICHED.of(each.source), each, world) for each in enriched_articles(count)]


def _between(subject: str, article: ParsedArticle, world: World) -> Message:
    """As a stage publishes it, with all that its headers weigh."""
    world.sequence += 1
    origin = f"1:{world.sequence}:0"
    observed = article.observed_at.isoformat()
    headers = {
        "Nats-Msg-Id": f"fill:{origin}",
        "Newswire-Origin": origin,
        "Newswire-Observed-At": observed,
        "traceparent": f"00-{world.sequence:032x}-{world.sequence:016x}-01",
        "ce-specversion": "1.0",
        "ce-id": f"fill:{origin}",
        "ce-type": "news.article.v1",
        "ce-source": "/newswire/benchmarks",
        "ce-time": observed,
        "Content-Type": "application/json",
    }
    return Message(subject, article.model_dump_json(exclude_defaults=True).encode(), headers)
