"""Distinct articles of our own making, the same for the same seed: half HTML pages, half pages as text. Pure."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

SOURCES: Final = ("harbour-herald", "arnau-dispatch", "lorvia-gazette", "tamsel-post")
SECTIONS: Final = ("Transport", "Science", "Business", "Politics", "Culture", "Weather")
PLACES: Final = (
    "Velmar", "Ostby", "Arnau", "Port Sallow", "Kestrel Pass", "Lorvia", "Tamsel", "Greyfjord", "Bergen", "Old Quay",
)  # fmt: skip
PEOPLE: Final = (
    "Ingrid Halloran", "Mirela Toscan", "Leonie Brandauer", "Ada Quay", "Tomas Virtanen", "Noor Castell", "Piet Aldous",
)  # fmt: skip
ACTORS: Final = (
    "the harbour board", "the city council", "the ministry of transport", "the observatory", "a group of growers",
    "the ferry operator", "the central bank", "the railway union", "the museum", "the weather service",
)  # fmt: skip
VERBS: Final = (
    "approved", "postponed", "presented", "rejected", "reopened", "extended", "bought", "repaired", "tested", "closed",
)  # fmt: skip
THINGS: Final = (
    "a battery ferry line", "the northern bridge", "a plan for flood walls", "the winter timetable",
    "a new reading room",
    "the orchard support fund", "a cable car to the valley", "the old signal tower", "a school for pilots",
    "the night train", "a survey of the sea bed", "the market hall",
)  # fmt: skip
REASONS: Final = (
    "after two years of talks", "because costs had risen by a fifth", "despite doubts about the timetable",
    "following a storm in spring", "as the first of three steps", "with money from the regional fund",
    "while repairs to the quay go on", "at the request of residents",
)  # fmt: skip
FOLLOWS: Final = (
    "Work is to begin in {month} and should take {number} weeks, {person} said.",
    "About {number} people followed the session in the town hall of {place}, more than on any evening this year.",
    "According to {person}, {number} of the {bigger} applications came from {place}.",
    "The cost is put at {number} million, {small} million less than was planned a year ago.",
    "Critics in {place} had asked for a vote, which {actor} turned down in {month}.",
    "{person} called the decision a beginning and said that {actor} would report again in {month}.",
    "Until then lorries take the road by way of {place}, which adds {small} kilometres to the journey.",
)
MONTHS: Final = ("February", "April", "June", "September", "November")
FIRST: Final = datetime(2025, 3, 1, 6, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Raw:
    """A raw article as it is published. `url` is also its canonical address."""

    source: str
    url: str
    headline: str
    body: bytes
    content_type: str


def articles(count: int, seed: int, first: int = 0) -> Iterator[Raw]:
    """`count` articles from number `first` on; no two numbers have the same address, headline or text."""
    for number in range(first, first + count):
        yield _article(number, random.Random(f"{seed}:{number}"))


@dataclass(frozen=True, slots=True)
class _Story:
    number: int
    source: str
    url: str
    headline: str
    byline: str
    section: str
    published: datetime
    paragraphs: tuple[str, ...]
    related: tuple[str, ...]


def _article(number: int, chance: random.Random) -> Raw:
    source = chance.choice(SOURCES)
    headline = _headline(chance)
    story = _Story(
        number=number,
        source=source,
        url=f"https://www.{source}.example/{number}/{headline.lower().replace(' ', '-')[:60]}",
        headline=f"{headline}, report {number + 1:,}",
        byline=chance.choice(PEOPLE),
        section=chance.choice(SECTIONS),
        published=FIRST + timedelta(minutes=number),
        paragraphs=tuple(_paragraph(chance) for _ in range(chance.randint(7, 16))),
        related=tuple(_headline(chance) for _ in range(9)),
    )
    body, kind = (
        (_html(story), "text/html; charset=utf-8") if number % 2 else (_text(story), "text/plain; charset=utf-8")
    )
    return Raw(source, story.url, story.headline, body.encode(), kind)


def _headline(chance: random.Random) -> str:
    actor, verb, thing = chance.choice(ACTORS), chance.choice(VERBS), chance.choice(THINGS)
    return f"{chance.choice(PLACES)}: {actor} {verb} {thing} {chance.choice(REASONS)}"


def _paragraph(chance: random.Random) -> str:
    first = f"In {chance.choice(PLACES)} {chance.choice(ACTORS)} {chance.choice(VERBS)} {chance.choice(THINGS)} "
    sentences = [f"{first}{chance.choice(REASONS)}."]
    for pattern in chance.sample(FOLLOWS, chance.randint(2, 4)):
        facts = {"month": MONTHS, "person": PEOPLE, "place": PLACES, "actor": ACTORS}
        chosen = {name: chance.choice(values) for name, values in facts.items()}
        numbers = {"small": chance.randint(2, 9), "number": chance.randint(10, 99), "bigger": chance.randint(100, 999)}
        sentences.append(pattern.format(**chosen, **numbers))
    return " ".join(sentences)


def _text(story: _Story) -> str:
    when = f"{story.published:%d %B %Y, %H:%M} UTC"
    related = "\n\n".join(f"{story.published - timedelta(hours=n):%d %B %Y, %H:%M}\n{title}"
                          for n, title in enumerate(story.related[:3], 1))  # fmt: skip
    parts = (
        f"{story.source.replace('-', ' ').title()}\n{story.section}", story.headline,
        f"{when}\nBy {story.byline}\n{len(story.paragraphs) // 3} min read\nShare", *story.paragraphs,
        f"Tags: #{story.section.lower()} #region #report", "AD", "MORE ABOUT", related, "AD", "HOT NEWS",
        "\n\n".join(story.related[3:6]), "LATEST", "\n\n".join(story.related[6:]), "AD",
    )  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _html(story: _Story) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "datePublished": story.published.isoformat(),
        "author": {"@type": "Person", "name": story.byline},
        "articleSection": story.section,
        "mainEntityOfPage": story.url,
    }
    sections = "".join(f'<li class="menu-item"><a href="/{name.lower()}">{name}</a></li>' for name in SECTIONS)
    body = "\n".join(f'<p class="article-text">{text}</p>' for text in story.paragraphs)
    related = "\n".join(
        f'<li class="teaser"><a href="/{story.number}/{n}"><img src="/{n}.jpg" alt=""><span>{title}</span></a></li>'
        for n, title in enumerate(story.related)
    )
    filler = "\n".join(f'<div class="slot slot-{n}" data-ad="unit-{n}"><span></span></div>' for n in range(40))
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{story.headline} | {story.source}</title>
<link rel="canonical" href="{story.url}"><meta property="og:type" content="article">
<meta property="og:title" content="{story.headline}"><meta property="og:url" content="{story.url}">
<meta name="description" content="{story.paragraphs[0][:150]}">
<script type="application/ld+json">{json.dumps(data)}</script>
<style>{"".join(f".c{n}{{margin:{n}px;color:#3{n % 10}4}}" for n in range(60))}</style></head>
<body><header><a href="/">Front page</a><nav><ul>{sections}</ul></nav></header>
<main><article><h1>{story.headline}</h1>
<p class="byline">By <a rel="author" href="/staff">{story.byline}</a></p>
<time datetime="{story.published.isoformat()}">{story.published:%d %B %Y, %H:%M}</time>
{body}
</article><aside><h2>More</h2><ul>{related}</ul></aside></main>
{filler}
<footer><ul>{sections}</ul><p>All rights reserved.</p></footer></body></html>
"""
